"""zen predict: rows in, rows out, in the same order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated

from zen_cli.cli import options
from zen_cli.cli.arguments import option
from zen_cli.cli.evaluate import WhichSeed
from zen_cli.errors import Place, ZenError
from zen_cli.suggest import did_you_mean

if TYPE_CHECKING:
    from zen_cli.cli.rows_output import Lines
    from zen_cli.data.block import Block
    from zen_cli.runs.model import Model

Input = Annotated[
    str, option("--input", "-i", metavar="FILE", help="Rows or pictures to predict from; `-`: standard input.")
]
Output = Annotated[str, option("--output", "-o", metavar="FILE", help="For predictions; `-`: standard output.")]
Proba = Annotated[bool, option("--proba", help="Also the probability of each class.")]
Keep = Annotated[
    list[str] | None, option("--keep", metavar="COLUMN", help="Pass a column through; `all`: every one (repeatable).")
]
AsLines = Annotated[bool, option("--jsonl", help="One JSON object a row instead of CSV.")]


def predict(
    run: options.Run, input: Input = "-", output: Output = "-", proba: Proba = False, keep: Keep = None,
    jsonl: AsLines = False, seed: WhichSeed = None, quiet: options.Quiet = False, threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Predict the target of new rows.

    Columns are found by name, in any order; there is one prediction a row, in the order of the rows, as soon as the
    row is there.
    """
    options.use_threads(threads)
    from zen_cli.cli.rows_output import Csv, JsonLines, write
    from zen_cli.runs.model import open_model

    model = open_model(run, seed)
    options.warn(model.warnings, quiet)
    model.require_rows()
    if model.experiment.target.steps:
        what = "this model says which character comes next, and predicts nothing of a row"
        raise ZenError(what, Place(run), f"to have it write: zen sample {run} --prompt TEXT")
    if proba:
        _require_probabilities(model)
    write(output, _predicted(model, input, JsonLines() if jsonl else Csv(), keep or [], proba))
    return 0


def _require_probabilities(model: Model) -> None:
    if model.schema.classes is None and not model.experiment.several_answers:
        raise ZenError("this model predicts numbers, there are no classes", Place("--proba"))
    if not model.experiment.gives_probabilities:
        what = f"this network gives scores, and {model.experiment.loss.name} makes no probabilities of them"
        raise ZenError(what, Place("--proba"), "end the model with softmax, or train with loss: cross_entropy")


def _predicted(model: Model, source: str, lines: Lines, keep: list[str], proba: bool) -> Iterator[bytes]:
    """Pieces of output as the rows come. The header goes with the first: where nothing can be read, nothing is said."""
    import numpy as np

    from zen_cli.training.answers import Answers

    evaluation, answers = model.evaluation(), Answers(model.experiment, proba, lines.text, lines.nothing)
    kept, header = None, ""
    for found in model.rows(source, options.standard_input()):
        if kept is None:
            kept = _kept([*found.kept, *keep], found.block)
            header = lines.header(names := [*kept, *_apart(answers.names, kept)])
        with np.errstate(all="ignore"):  # what is too large for the model's type
            columns = [*map(lines.numbers, answers(evaluation.predict(model.inputs(found.features))))]
        columns[:0] = [lines.texts(found.block.column(position)) for position in kept.values()] if found.block else []
        yield (header + lines.rows(names, columns)).encode("utf-8", "surrogateescape")
        header = ""


def _kept(keep: list[str], block: Block | None) -> dict[str, int]:
    """The positions of the columns that are passed through; `all`: of every one there is."""
    names = block.names if block else ()
    wanted = dict.fromkeys(name for asked in keep for name in (names if asked == "all" else (asked,)))
    for name in wanted:
        if name not in names:
            hint = f"columns: {', '.join(names)}" if names else "arrays have no columns"
            raise ZenError(f"there is no column '{name}'{did_you_mean(name, names)}", Place("--keep"), hint)
    return {name: names.index(name) for name in wanted}


def _apart(names: list[str], kept: Collection[str]) -> list[str]:
    """The names of predictions; one that a kept column has too is `predicted_<name>`."""
    return [f"predicted_{name}" if name in kept else name for name in names]
