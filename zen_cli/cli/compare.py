"""zen compare: optimizers against each other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from zen_cli.cli import options
from zen_cli.cli.arguments import Argument, option
from zen_cli.cli.compare_others import without_racing
from zen_cli.cli.compare_output import Writing, check_alike, write_one, write_several
from zen_cli.cli.comparison import Asked, Kept, Shown, compared, frozen, prepared
from zen_cli.cli.demands import code, demand
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.compare.protocol import Protocol

FORMATS = ("table", "json", "csv", "tsv", "md")
Sources = Annotated[list[str] | None, Argument(metavar="CONFIG...", help="Configs, or run directories.")]
Over = Annotated[
    list[str] | None,
    option("--over", metavar="KEY=A,B", help="Compare values of an option (repeatable)."),
]
Verify = Annotated[str | None, option("--verify", metavar="DIR", help="Derive a report anew from its rows.")]
Check = Annotated[str | None, option("--check", metavar="deepobs", help="Train what was published, and compare.")]
Tune = Annotated[str | None, option("--tune", metavar="lr|none", help="none: at the rates that are stated.")]
Names = Annotated[str | None, option("-o", "--optimizers", metavar="A,B,...", help="Who takes part.")]
Seeds = Annotated[int | None, option("--seeds", min=2, help="Fresh paired seeds that judge (10; tiny nets 50).")]
TuneSeeds = Annotated[int | None, option("--tune-seeds", min=1, help="Seeds that each rate is tried with (3).")]
Track = Annotated[str | None, option("--track", metavar="both|defaults|tuned", help="At which rates (both).")]
Trials = Annotated[int | None, option("--trials", min=1, help="Rates tried for each optimizer (9).")]
Length = Annotated[str | None, option("--budget", metavar="20ep|5000st", help="How long each net is trained.")]
Metric = Annotated[str | None, option("--metric", metavar="NAME", help="What judges: validation.loss, accuracy.")]
Baseline = Annotated[str | None, option("--baseline", metavar="LABEL", help="Whom the others are compared with.")]
Alpha = Annotated[str | None, option("--alpha", metavar="SHARE", help="Chance of a false verdict (0.05).")]
Rope = Annotated[str | None, option("--rope", metavar="SHARE", help="Differences that do not matter (2%).")]
Jobs = Annotated[int | None, option("--jobs", min=1, help="Processes; results do not depend on them.")]
Timed = Annotated[bool, option("--time/--no-time", help="Measure what a step costs.")]
Format = Annotated[str, option("--format", metavar="|".join(FORMATS), help="How the result is printed.")]
Out = Annotated[str | None, option("--out", metavar="DIR", help="Also write report.html, runs.csv and the like.")]
Cache = Annotated[str, option("--cache", metavar="DIR", help="Where runs are kept: asking again is fast.")]
Fresh = Annotated[bool, option("--fresh/--resume", help="Run everything anew, or only what is new.")]
DryRun = Annotated[bool, option("--dry-run", help="Print the protocol and the number of runs; run nothing.")]
Winner = Annotated[bool, option("--winner", help="Print one line: adam, or tie:adam,momentum.")]
Assert = Annotated[str | None, option("--assert", metavar="COND", help="Exit 6 unless 'adam<=sgd*0.95' holds.")]
Decide = Annotated[bool, option("--require-decision", help="Exit 6 unless one optimizer wins.")]


def compare(
    configs: Sources = None, over: Over = None, tune: Tune = None, optimizers: Names = None, seeds: Seeds = None,
    tune_seeds: TuneSeeds = None, track: Track = None, trials: Trials = None, budget: Length = None,
    metric: Metric = None, baseline: Baseline = None, verify: Verify = None, check: Check = None,
    alpha: Alpha = None, rope: Rope = None, jobs: Jobs = None, timed: Timed = True, format: Format = "table",
    out: Out = None, cache: Cache = "runs/.compare", fresh: Fresh = False, dry_run: DryRun = False,
    winner: Winner = False, condition: Assert = None, require_decision: Decide = False, sets: options.Sets = None,
    unsets: options.Unsets = None, quiet: options.Quiet = False, json: options.Json = False,
    progress: options.Progress = "auto", no_color: options.NoColor = False, threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Compare optimizers: each is tuned with the same budget, then judged by fresh paired seeds."""
    options.use_threads(threads)
    from zen_cli.compare.settings import Flags

    form = _format("json" if json else format)
    done = without_racing(configs or [], verify, check, form, no_color)
    if done is not None:
        return done
    flags = Flags(optimizers, seeds, tune_seeds, trials, budget, metric, baseline, alpha, rope, tune, track)
    asked = Asked(flags, sets or [], unsets or [], over or [])
    protocols = [frozen(config, asked) for config in configs or []]
    check_alike(protocols)
    wanted = [demand(condition, [it.label for it in protocol.entries]) if condition else None for protocol in protocols]
    shown, kept = Shown(quiet, progress, no_color), Kept(Path(cache), fresh, threads)
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
    if name not in FORMATS:
        raise ZenError(f"expected one of {', '.join(FORMATS)}, found '{name}'", Place("--format"))
    return name


def _dry_run(protocol: Protocol, kept: Kept, jobs: int | None, shown: Shown) -> int:
    """The card, and how many nets would be trained at first; how long that takes goes to standard error."""
    from zen_cli.runs.strict_json import strict_json

    tuning = len(protocol.entries) * protocol.trials * len(protocol.tune_seeds)
    judging = len(protocol.entries) * len(protocol.seeds)
    untuned = judging if protocol.track == "both" else 0
    runs = {"tune": tuning, "evaluate": judging, "defaults": untuned, "steps_each": protocol.budget.steps}
    prepared(protocol, kept, jobs, shown)
    sys.stdout.write(strict_json({"protocol_hash": protocol.hash(), **protocol.card(), "runs": runs}, indent=2) + "\n")
    return int(Exit.DONE)
