"""zen runs: the runs that there are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any

from zen_cli.cli import options
from zen_cli.cli.arguments import Argument, option
from zen_cli.errors import Exit, Place, ZenError

Folders = Annotated[list[str] | None, Argument(metavar="[DIR...]", help="Where to look (runs): runs/NAME, a run.")]
Name = Annotated[str | None, option("--name", metavar="PATTERN", help="Only runs of this name; with * a pattern.")]
Status = Annotated[
    str | None,
    option("--status", metavar="STATUS,...", help="Completed, stopped_early, interrupted, diverged, killed, running."),
]
Where = Annotated[
    list[str] | None,
    option("--where", metavar="COND", help="Only where 'validation.loss<0.1' or optimizer.type=adam (repeatable)."),
]
Metrics = Annotated[list[str] | None, option("--metric", metavar="METRIC", help="A column of its own (repeatable).")]
Sort = Annotated[str | None, option("--sort", metavar="METRIC", help="By this, ascending; default: when they began.")]
Last = Annotated[int | None, option("--last", "-n", min=1, help="Only that many, the last of them.")]
By = Annotated[str | None, option("--metric", metavar="METRIC", help="validation.loss, else train.loss.")]
Named = Annotated[list[str], Argument(metavar="RUN...", help="Run directories; runs/NAME where it has but one run.")]
Yes = Annotated[bool, option("--yes", "-y", help="Do not ask.")]


def ls(
    folders: Folders = None, name: Name = None, status: Status = None, where: Where = None, metrics: Metrics = None,
    sort: Sort = None, last: Last = None, json: options.Json = False, no_color: options.NoColor = False,
) -> int:  # fmt: skip
    """List runs: how they ended, what they reached, when, and what they take on disk."""
    found = _found(folders, name, status, where)
    if sort:
        from zen_cli.runs.listing import value

        found.sort(key=lambda run: _place(value(run, sort)))
    found = found[-last:] if last else found
    if json:
        _json(found)
    else:
        _table(found, metrics or _usual(found), no_color)
    return int(Exit.DONE)


def _found(
    folders: list[str] | None, name: str | None, status: str | None, where: list[str] | None
) -> list[dict[str, Any]]:
    """The runs that are wanted, the one that began first first."""
    import os
    from fnmatch import fnmatchcase

    from zen_cli.runs import filters
    from zen_cli.runs.listing import listed

    conditions = [filters.where(text) for text in where or []]
    states = [word.strip() for word in status.split(",")] if status else []
    for folder in folders or ():
        if not os.path.isdir(folder):
            raise ZenError("no such folder", Place(folder), "zen runs lists those below ./runs", Exit.FILES)
    runs = [run.as_dict() for folder in folders or ["runs"] for run in listed(folder)]
    kept = [
        run for run in runs
        if (not name or fnmatchcase(run["name"], name)) and (not states or run["status"] in states)
        and all(condition.holds(run) for condition in conditions)
    ]  # fmt: skip
    return sorted(kept, key=lambda run: (str(run["started"] or ""), run["run"]))


def _place(value: Any) -> tuple[bool, Any]:
    """Where a value stands in an order: numbers, then texts, then what is not there."""
    number = isinstance(value, (int, float))
    return (not number, value if number else str(value or "\uffff"))


def _usual(found: list[dict[str, Any]]) -> list[str]:
    """The loss and two metrics, of the validation rows where there are any."""
    for split in ("validation", "train"):
        names = list(dict.fromkeys(name for run in found for name in run[split]))
        if names:
            return [f"{split}.{name}" for name in names[:3]]
    return []


def _table(found: list[dict[str, Any]], metrics: list[str], no_color: bool) -> None:
    from zen_cli.data.sizes import bytes_text
    from zen_cli.display.numbers import duration
    from zen_cli.display.table import table
    from zen_cli.runs.listing import value

    columns = ["run", "status", "epochs", *metrics, "time", "began", "size"]
    rows = [
        [run["run"], run["status"], run["epochs"], *(value(run, name) for name in metrics),
         _shown(run["seconds"], duration), (run["started"] or "-")[:16].replace("T", " "), bytes_text(run["size"])]
        for run in found
    ]  # fmt: skip
    table(columns, rows, stream=sys.stdout, environ=options.environment(no_color))


def _shown(value: Any, say: Callable[[float], str]) -> str:
    return say(value) if isinstance(value, (int, float)) else "-"


def show(run: options.Run, json: options.Json = False, no_color: options.NoColor = False) -> int:
    """Show all that is recorded of a run."""
    from pathlib import Path

    from zen_cli.runs.listing import read
    from zen_cli.runs.opening import open_run

    opened = open_run(Path(run))
    options.warn(opened.warnings)
    found = read(str(opened.directory.path))
    facts = {**found.receipt, **found.as_dict()}
    if json:
        _json(facts)
        return int(Exit.DONE)
    from zen_cli.config.node import flat
    from zen_cli.display.table import table

    rows = [[key, _cell(value)] for key, value in flat(facts) if value is not None]
    table(["", ""], rows, stream=sys.stdout, environ=options.environment(no_color))
    return int(Exit.DONE)


def _cell(value: Any) -> str | int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def best(
    folders: Folders = None, metric: By = None, name: Name = None, status: Status = None, where: Where = None,
    json: options.Json = False,
) -> int:  # fmt: skip
    """Print the run that did best at its end: the lowest loss or error, the largest accuracy."""
    from zen_cli.runs.listing import value

    found = _found(folders, name, status, where)
    by = metric or next((key for key in ("validation.loss", "train.loss") if any(value(run, key) for run in found)), "")
    ranked = [(value(run, by), run) for run in found if run["status"] != "diverged"]
    numbers = [(number, run) for number, run in ranked if isinstance(number, (int, float))]
    if not numbers:
        told = ", ".join(dict.fromkeys(f"{split}.{key}" for run in found for split in ("train", "validation", "test")
                                       for key in run[split]))  # fmt: skip
        what = f"no run has {by}" if found and by else "there is no run"
        raise ZenError(what, Place("--metric") if metric else None, f"measured: {told}" if told else None, Exit.FILES)
    choose = max if _larger_is_better(by) else min
    _, chosen = choose(numbers, key=lambda pair: pair[0])
    if json:
        _json(chosen)
    else:
        sys.stdout.write(f"{chosen['run']}\n")
    return int(Exit.DONE)


def _larger_is_better(metric: str) -> bool:
    if metric.rpartition(".")[2] in ("loss", "seconds", "size", "epochs", "steps"):
        return False
    from zen_cli.metrics import larger_is_better

    return larger_is_better(metric)


def rm(runs: Named, yes: Yes = False, quiet: options.Quiet = False) -> int:
    """Remove runs, and nothing but what is named; one that is running is refused."""
    from zen_cli.data.sizes import bytes_text
    from zen_cli.runs.listing import read
    from zen_cli.runs.removal import remove, to_remove

    paths = to_remove(runs)
    size = bytes_text(sum(read(str(path)).size for path in paths))
    if not yes and not _agreed(f"remove {len(paths)} run{'s' * (len(paths) > 1)} ({size})?"):
        return int(Exit.DONE)
    for path in paths:
        remove(path)
        if not quiet:
            sys.stderr.write(f"removed {path}\n")
    return int(Exit.DONE)


def _agreed(question: str) -> bool:
    """What the user says; where nobody can be asked, --yes has to be said."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise ZenError("nobody can be asked: standard input is no terminal", hint="say --yes")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _json(value: Any) -> None:
    from zen_cli.runs.strict_json import strict_json

    sys.stdout.write(strict_json(value) + "\n")
