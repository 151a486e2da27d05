"""zen predict: rows in, rows out, in the same order."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from zen_cli.cli import options
from zen_cli.cli.arguments import option
from zen_cli.cli.evaluate import WhichSeed
from zen_cli.errors import Place, ZenError

if TYPE_CHECKING:
    from zen_cli.runs.model import Model

Input = Annotated[str, option("--input", "-i", metavar="FILE", help="Rows to predict from; `-`: standard input.")]
Output = Annotated[str, option("--output", "-o", metavar="FILE", help="For predictions; `-`: standard output.")]
Proba = Annotated[bool, option("--proba", help="Also the probability of each class.")]
AsLines = Annotated[bool, option("--jsonl", help="One JSON object a row instead of CSV.")]


def predict(
    run: options.Run, input: Input = "-", output: Output = "-", proba: Proba = False, jsonl: AsLines = False,
    seed: WhichSeed = None, quiet: options.Quiet = False, threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Predict the target of new rows.

    Columns are found by name, in any order; there is one prediction a row, in the order of the rows.
    """
    options.use_threads(threads)
    from zen_cli.runs.model import open_model

    model = open_model(run, seed)
    options.warn(model.warnings, quiet)
    model.require_rows()
    if proba:
        _require_probabilities(model)
    names, chunks = _names(model, proba), _predictions(model, input, proba)
    _write(output, _json_lines(names, chunks) if jsonl else _csv(names, chunks))
    return 0


def _require_probabilities(model: Model) -> None:
    if model.schema.classes is None:
        raise ZenError("this model predicts numbers, there are no classes", Place("--proba"))
    if not model.experiment.gives_probabilities:
        what = f"this network gives scores, and {model.experiment.loss.name} makes no probabilities of them"
        raise ZenError(what, Place("--proba"), "end the model with softmax, or train with loss: cross_entropy")


def _names(model: Model, proba: bool) -> list[str]:
    schema = model.schema
    classes = [f"proba_{name}" for name in schema.classes or ()] if proba else []
    return [*(schema.target or ("prediction",)), *classes]


def _predictions(model: Model, source: str, proba: bool) -> Iterator[list[list[Any]]]:
    """Chunks of rows, as they arrive: the label or the numbers, then the probabilities if they are wanted."""
    from zen_cli.data.rows import read_rows

    evaluation = model.evaluation()
    for found in read_rows(source, model.schema, stdin=options.standard_input()):
        yield list(_rows(model, evaluation.predict(model.inputs(found.features)), proba))


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


def _csv(names: list[str], chunks: Iterator[list[list[Any]]]) -> Iterator[bytes]:
    """The header goes with the first rows: where nothing can be read, nothing is written."""
    import csv
    import io

    header = [names]
    for rows in chunks:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([*header, *rows])
        header = []
        yield text.getvalue().encode()


def _json_lines(names: list[str], chunks: Iterator[list[list[Any]]]) -> Iterator[bytes]:
    from zen_cli.runs.strict_json import strict_json

    for rows in chunks:
        lines = (strict_json(dict(zip(names, row, strict=True))) for row in rows)
        yield "".join(f"{line}\n" for line in lines).encode()


def _write(output: str, pieces: Iterator[bytes]) -> None:
    """To standard output as the pieces come; a file is replaced once all of them are there."""
    if output == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    elif os.path.exists(output) and not os.path.isfile(output):  # a pipe or a device
        with open(output, "wb") as file:
            file.writelines(pieces)
    else:
        from zen_cli.runs.files import write_atomically

        write_atomically(Path(output), pieces)
