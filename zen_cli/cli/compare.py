"""zen compare: optimizers against each other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from zen_cli.cli import compare_options as of
from zen_cli.cli import options
from zen_cli.cli.compare_others import without_racing
from zen_cli.cli.compare_output import Writing, check_alike, write_one, write_several
from zen_cli.cli.comparison import Asked, Kept, Shown, compared, frozen, prepared
from zen_cli.cli.demands import code, demand
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.compare.protocol import Protocol


def compare(
    configs: of.Sources = None, optimizers: of.Names = None, over: of.Over = None, tune: of.Tune = None,
    tuner: of.Tuner = None, trials: of.Trials = None, tune_seeds: of.TuneSeeds = None, seeds: of.Seeds = None,
    max_seeds: of.MaxSeeds = None, track: of.Track = None, budget: of.Length = None, metric: of.Metric = None,
    target: of.Target = None, baseline: of.Baseline = None, alpha: of.Alpha = None, rope: of.Rope = None,
    jobs: of.Jobs = None, timed: of.Timed = True, format: of.Format = "table", out: of.Out = None,
    cache: of.Cache = "runs/.compare", fresh: of.Fresh = False, dry_run: of.DryRun = False, winner: of.Winner = False,
    condition: of.Assert = None, require_decision: of.Decide = False, allow_unequal: of.Unequal = False,
    verify: of.Verify = None, check: of.Check = None, sets: options.Sets = None, unsets: options.Unsets = None,
    quiet: options.Quiet = False, json: options.Json = False, progress: options.Progress = "auto",
    no_color: options.NoColor = False, threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Compare optimizers: each is tuned with the same budget, then judged by fresh paired seeds."""
    options.use_threads(threads)
    from zen_cli.compare.flags import Flags

    form = _format("json" if json else format)
    done = without_racing(configs or [], verify, check, form, no_color)
    if done is not None:
        return done
    flags = Flags(
        optimizers, seeds, tune_seeds, trials, budget, metric, baseline, alpha, rope, tune, track, tuner, allow_unequal,
        max_seeds, tuple(target or ()),
    )
    asked = Asked(flags, sets or [], unsets or [], over or [])
    kept = Kept(Path(cache), fresh, threads)
    protocols = [frozen(config, asked, kept) for config in configs or []]
    check_alike(protocols)
    wanted = [demand(condition, [it.label for it in protocol.entries]) if condition else None for protocol in protocols]
    shown = Shown(quiet, progress, no_color)
    if dry_run:
        return max(_dry_run(protocol, kept, jobs, shown) for protocol in protocols)
    found = [compared(protocol, kept, jobs, shown, timed) for protocol in protocols]
    writing = Writing(form, Path(out) if out else None, winner, no_color)
    if len(found) == 1:
        write_one(found[0], writing)
    else:
        write_several(found, writing, baseline)
    pairs = zip(found, wanted, strict=True)
    return max(code(it.summary, bool(it.judged.lost), each, require_decision) for it, each in pairs)


def _format(name: str) -> str:
    if name not in of.FORMATS:
        raise ZenError(f"expected one of {', '.join(of.FORMATS)}, found '{name}'", Place("--format"))
    return name


def _dry_run(protocol: Protocol, kept: Kept, jobs: int | None, shown: Shown) -> int:
    """The card, and how many nets would be trained at first; how long that takes goes to standard error."""
    from zen_cli.runs.strict_json import strict_json

    tuning = sum(len(entry.settings) for entry in protocol.entries) * len(protocol.tune_seeds)
    judging = len(protocol.entries) * len(protocol.seeds)
    untuned = judging if protocol.track == "both" else 0
    runs = {"tune": tuning, "evaluate": judging, "defaults": untuned, "steps_each": protocol.budget.steps}
    prepared(protocol, kept, jobs, shown)
    sys.stdout.write(strict_json({"protocol_hash": protocol.hash(), **protocol.card(), "runs": runs}, indent=2) + "\n")
    return int(Exit.DONE)
