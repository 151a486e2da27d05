"""What `zen evaluate` writes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from zen_cli.cli import options
from zen_cli.errors import Place, ZenError
from zen_cli.runs.measured_rows import MeasuredRows
from zen_cli.training.evaluation import Evaluation
from zen_cli.training.report import report
from zen_cli.training.worst import WrongRow, worst

FORMS = ("table", "json", "csv")
Measured = Mapping[str, Mapping[str, Any]]


def form(name: str) -> str:
    if name not in FORMS:
        raise ZenError(f"expected one of {', '.join(FORMS)}, found '{name}'", Place("--format"))
    return name


def write(evaluation: Evaluation, rows: MeasuredRows, measured: Measured, form: str, no_color: bool) -> None:
    """The numbers of each part. As JSON with a report on each, as a table with one on the last."""
    names = ["split", *next(iter(measured.values()))]
    cells = [[split, *found.values()] for split, found in measured.items()]
    if form == "csv":
        _csv(names, cells)
    elif form == "json":
        _json({split: {**found, **_report(evaluation, rows, split)} for split, found in measured.items()})
    else:
        _table(names, cells, no_color)
        *_, last = measured
        _say_more(last, _report(evaluation, rows, last), no_color)


def _report(evaluation: Evaluation, rows: MeasuredRows, split: str) -> dict[str, Any]:
    if evaluation.experiment.problem is not None or evaluation.experiment.target.steps:
        return {}
    part = rows.parts[split]
    return report(evaluation.experiment, evaluation.predict(part.x), part.targets)


def _say_more(split: str, found: Mapping[str, Any], no_color: bool) -> None:
    from zen_cli.display.report import report_lines
    from zen_cli.display.terminal import encodable, terminal

    lines = report_lines(split, found, terminal(sys.stdout, options.environment(no_color)))
    sys.stdout.write(encodable("".join(f"{line}\n" for line in lines), sys.stdout))


def write_worst(evaluation: Evaluation, rows: MeasuredRows, count: int, form: str, no_color: bool) -> None:
    """The rows of the last part that it is most wrong about; rows count from 1, without a header."""
    *_, split = rows.parts
    part = rows.parts[split]
    found = worst(evaluation.experiment, evaluation.judge(part), part.targets, count)
    numbers = [int(rows.numbers[split][one.number]) for one in found]
    cells = [list(rows.cells(number)) for number in numbers]
    if form == "json":
        every = zip(numbers, found, cells, strict=True)
        columns = (dict(zip(rows.names, row, strict=True)) for row in cells)
        _json([
            {"row": number + 1, "loss": one.loss, **_told(one), "columns": next(columns)} for number, one, _ in every
        ])  # fmt: skip
        return
    flat = [{"row": number + 1, "loss": one.loss, **_flat(one)} for number, one in zip(numbers, found, strict=True)]
    lines = [[*head.values(), *row] for head, row in zip(flat, cells, strict=True)]
    (_csv if form == "csv" else partial(_table, no_color=no_color))([*flat[0], *rows.names], lines)


def _told(one: WrongRow) -> dict[str, Any]:
    """`target` and `prediction`: objects where there are several targets."""
    pairs = {"target": one.target, "prediction": one.prediction}
    return pairs if len(one.target) > 1 else {kind: next(iter(found.values())) for kind, found in pairs.items()}


def _flat(one: WrongRow) -> dict[str, Any]:
    """The same with a name for each number: `target.mpg`."""
    told = _told(one).items()
    return {
        f"{kind}.{name}" if name else kind: value
        for kind, found in told
        for name, value in (found.items() if isinstance(found, dict) else [("", found)])
    }


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]], no_color: bool) -> None:
    from zen_cli.display.table import table

    table(names, rows, stream=sys.stdout, environ=options.environment(no_color))


def _json(value: Any) -> None:
    from zen_cli.runs.strict_json import strict_json

    sys.stdout.write(strict_json(value) + "\n")


def _csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from zen_cli.compare.report.csv_rows import cell, quoted

    lines = [names, *(map(cell, row) for row in rows)]
    sys.stdout.write("".join(",".join(map(quoted, line)) + "\n" for line in lines))
