"""zen compare: optimizers against each other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zen_cli.cli import compare_options as of
from zen_cli.cli import options
from zen_cli.cli.compare_others import without_racing
from zen_cli.cli.compare_output import Writing, check_alike, write_one, write_several
from zen_cli.cli.comparison import Asked, Kept, Running, Shown, compared, frozen, prepared
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
    html: of.Html = None, cache: of.Cache = "runs/.compare", fresh: of.Fresh = False, dry_run: of.DryRun = False,
    winner: of.Winner = False, condition: of.Assert = None, require_decision: of.Decide = False,
    allow_unequal: of.Unequal = False, verify: of.Verify = None, check: of.Check = None, sets: options.Sets = None,
    unsets: options.Unsets = None, quiet: options.Quiet = False, json: options.Json = False,
    progress: options.Progress = "auto", no_color: options.NoColor = False, threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Compare optimizers: each is tuned with the same budget, then judged by fresh paired seeds."""
    options.use_threads(threads)
    form = _format("json" if json else format)
    done = without_racing(configs or [], verify, check, form, no_color)
    if done is not None:
        return done
    from zen_cli.compare.flags import Flags

    flags = Flags(
        optimizers, seeds, tune_seeds, trials, budget, metric, baseline, alpha, rope, tune, track, tuner, allow_unequal,
        max_seeds, tuple(target or ()),
    )
    running = Running(Kept(Path(cache), fresh, threads), jobs, Shown(quiet, progress, no_color), timed)
    asked = Asked(flags, sets or [], unsets or [], over or [])
    protocols = [frozen(each, asked, running.kept) for each in configs or []]
    writing = Writing(form, _path(out), _path(html), winner, no_color)
    check_alike(protocols, writing)
    if dry_run:
        return max(_dry_run(protocol, running) for protocol in protocols)
    return _run(protocols, running, writing, condition, require_decision)


def _run(
    protocols: Sequence[Protocol], running: Running, writing: Writing, condition: str | None, decide: bool
) -> int:
    """Compares on every config and writes the result; the exit code is the worst of all."""
    wanted = [demand(condition, [it.label for it in protocol.entries]) if condition else None for protocol in protocols]
    found = [compared(protocol, running) for protocol in protocols]
    if len(found) == 1:
        write_one(found[0], writing)
    else:
        write_several(found, writing, protocols[0].baseline)
    pairs = zip(found, wanted, strict=True)
    return max(code(it.summary, bool(it.judged.lost), each, decide) for it, each in pairs)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _format(name: str) -> str:
    if name not in of.FORMATS:
        raise ZenError(f"expected one of {', '.join(of.FORMATS)}, found '{name}'", Place("--format"))
    return name


def _dry_run(protocol: Protocol, running: Running) -> int:
    """The card, and how many nets would be trained at first; how long that takes goes to standard error."""
    from zen_cli.runs.strict_json import strict_json

    tuning = sum(len(entry.settings) for entry in protocol.entries) * len(protocol.tune_seeds)
    judging = len(protocol.entries) * len(protocol.seeds)
    untuned = judging if protocol.track == "both" else 0
    runs = {"tune": tuning, "evaluate": judging, "defaults": untuned, "steps_each": protocol.budget.steps}
    prepared(protocol, running)
    sys.stdout.write(strict_json({"protocol_hash": protocol.hash(), **protocol.card(), "runs": runs}, indent=2) + "\n")
    return int(Exit.DONE)
