"""zen predict: rows in, rows out, in the same order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from zen_cli.cli import options
from zen_cli.cli.evaluate import WhichSeed

if TYPE_CHECKING:
    from zen_cli.runs.model import Model

Input = Annotated[str, typer.Option("--input", "-i", metavar="FILE", help="Rows to predict from; `-`: standard input.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="For predictions; `-`: standard output.")]
Proba = Annotated[bool, typer.Option("--proba", help="Also the probability of each class.")]
AsLines = Annotated[bool, typer.Option("--jsonl", help="One JSON object a row instead of CSV.")]


def predict(
    run: options.Run, input: Input = "-", output: Output = "-", proba: Proba = False, jsonl: AsLines = False,
    seed: WhichSeed = None, quiet: options.Quiet = False, threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Predict the target of new rows; columns are found by name, in any order."""
    options.use_threads(threads)
    from zen_cli.runs.model import open_model

    model = open_model(run, seed)
    options.warn(model.warnings, quiet)
    rows = _predictions(model, input, proba)
    write = _write_json if jsonl else _write_csv
    if output == "-":
        write(_names(model, proba), rows, sys.stdout)
    else:
        with open(output, "w", newline="", encoding="utf-8") as file:
            write(_names(model, proba), rows, file)
    return 0


def _names(model: Model, proba: bool) -> list[str]:
    schema = model.schema
    classes = [f"proba_{name}" for name in schema.classes or ()] if proba else []
    return [*(schema.target or ("prediction",)), *classes]


def _predictions(model: Model, source: str, proba: bool) -> Iterator[list[Any]]:
    """A list a row: the label or the numbers, then the probabilities if they are wanted."""
    from zen_cli.data.rows import read_rows

    evaluation = model.evaluation()
    for chunk in read_rows(source, model.schema, stdin=options.standard_input(source)):
        yield from _rows(model, evaluation.predict(model.scaled(chunk.features)), proba)


def _rows(model: Model, prediction: Any, proba: bool) -> Iterator[list[Any]]:
    import numpy as np

    classes = model.schema.classes
    numbers = prediction.astype(model.state.dtype)
    if classes is None:
        yield from ([_shortest(value) for value in row] for row in numbers)
        return
    if numbers.shape[1] == 1:
        numbers = np.concatenate([1 - numbers, numbers], axis=1)
    for row, label in zip(numbers, numbers.argmax(axis=1).tolist(), strict=True):
        yield [classes[label], *([_shortest(value) for value in row] if proba else [])]


def _shortest(value: Any) -> float:
    """The fewest digits that give the same number back in the model's type."""
    return float(str(value))


def _write_csv(names: list[str], rows: Iterator[list[Any]], stream: TextIO) -> None:
    import csv

    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)


def _write_json(names: list[str], rows: Iterator[list[Any]], stream: TextIO) -> None:
    from zen_cli.runs.strict_json import strict_json

    for row in rows:
        stream.write(strict_json(dict(zip(names, row, strict=True))) + "\n")
