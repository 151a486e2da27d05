"""The options of `zen compare`."""

from __future__ import annotations

from typing import Annotated

from zen_cli.cli.arguments import Argument, option

FORMATS = ("table", "json", "csv", "tsv", "md")
Sources = Annotated[list[str] | None, Argument(metavar="CONFIG...", help="Configs, or run directories.")]
Over = Annotated[
    list[str] | None,
    option("--over", metavar="KEY=A,B", help="Compare values of an option (repeatable)."),
]
Verify = Annotated[str | None, option("--verify", metavar="DIR", help="Derive a report anew from its rows.")]
Check = Annotated[str | None, option("--check", metavar="deepobs", help="Train what was published, and compare.")]
Tune = Annotated[str | None, option("--tune", metavar="lr|all|none", help="all: betas, momentum, decay too.")]
Tuner = Annotated[str | None, option("--tuner", metavar="grid|random|halton", help="How trials are laid out.")]
Names = Annotated[str | None, option("-o", "--optimizers", metavar="A,B,...|FILE", help="Who takes part.")]
Seeds = Annotated[int | None, option("--seeds", min=2, help="Fresh paired seeds that judge (10; tiny nets 50).")]
MaxSeeds = Annotated[int | None, option("--max-seeds", min=3, help="Seeds of a second look, if one is needed.")]
TuneSeeds = Annotated[int | None, option("--tune-seeds", min=1, help="Seeds that each rate is tried with (3).")]
Track = Annotated[str | None, option("--track", metavar="both|defaults|tuned", help="At which rates (both).")]
Trials = Annotated[int | None, option("--trials", min=1, help="Settings tried of each optimizer (9).")]
Length = Annotated[str | None, option("--budget", metavar="20ep|5000st|60s|5000ge", help="How long each net trains.")]
Metric = Annotated[str | None, option("--metric", metavar="METRIC", help="What judges: validation.loss, accuracy.")]
Target = Annotated[list[str] | None, option("--target", metavar="NAME=X|auto", help="What to get to (repeatable).")]
Baseline = Annotated[str | None, option("--baseline", metavar="LABEL", help="Whom the others are compared with.")]
Alpha = Annotated[str | None, option("--alpha", metavar="SHARE", help="Chance of a false verdict (0.05).")]
Rope = Annotated[str | None, option("--rope", metavar="SHARE", help="Differences that do not matter (2%).")]
Jobs = Annotated[int | None, option("--jobs", min=1, help="Processes; results do not depend on them.")]
Timed = Annotated[bool, option("--time/--no-time", help="Measure what a step costs.")]
Format = Annotated[str, option("--format", metavar="|".join(FORMATS), help="How the result is printed.")]
Out = Annotated[str | None, option("--out", metavar="DIR", help="Also write report.html, runs.csv and the like.")]
Html = Annotated[str | None, option("--html", metavar="FILE", help="Write the report as one HTML file.")]
Cache = Annotated[str, option("--cache", metavar="DIR", help="Where runs are kept: asking again is fast.")]
Fresh = Annotated[bool, option("--fresh/--resume", help="Run everything anew, or only what is new.")]
DryRun = Annotated[bool, option("--dry-run", help="Print the protocol and the number of runs; run nothing.")]
Winner = Annotated[bool, option("--winner", help="Print one line: adam, or tie:adam,momentum.")]
Assert = Annotated[str | None, option("--assert", metavar="COND", help="Exit 6 unless 'adam<=sgd*0.95' holds.")]
Unequal = Annotated[bool, option("--allow-unequal", help="Compare although some are given more to tune.")]
Decide = Annotated[bool, option("--require-decision", help="Exit 6 unless one optimizer wins.")]
