"""The program of an experiment as a script to read: `zen explain`."""

from __future__ import annotations

from zen_cli.compiler.readable.script import readable
from zen_cli.data.batches import batch_size
from zen_cli.experiment import Experiment
from zen_cli.nn.programs import TrainingStep
from zen_cli.training.training import Training


def explanation(experiment: Experiment, *, forward: bool = False, raw: bool = False) -> str:
    """Python source: the training step, or inference only; `raw`: the exact text that runs, else its readable form."""
    training = Training(experiment)
    rows = training.rows[0].parts["train"].rows
    size, _ = batch_size(experiment.trainer.batch_size, rows)
    step = training.evaluation.program(size, with_loss=False) if forward else training.feed.segments[0].step
    if raw:
        return step.program.source
    title = _title(experiment, size, forward, alone=not isinstance(step, TrainingStep))
    return readable(
        step.program, title=title, rule=_rule(experiment), name="predict" if forward else "step",
        inputs=("x",) if forward else ("x", "y"), returns=("prediction",) if forward else ("loss",),
    )  # fmt: skip


def _title(experiment: Experiment, rows: int, forward: bool, alone: bool) -> str:
    """`alone`: without what becomes of the gradients."""
    widths = "-".join(str(shape[-1]) for shape in _shapes(experiment))
    trained = f"{experiment.loss.name}, {'gradients for ' if alone else ''}{experiment.optimizer.name}"
    what = "inference" if forward else trained
    return f"{experiment.config.name}: {widths}, {what}, {rows} rows at a time"


def _shapes(experiment: Experiment) -> list[tuple[int, ...]]:
    changing = [layer.shape for layer in experiment.trace.shapes if layer.parameters]
    return [experiment.network.input_shape, *changing]


def _rule(experiment: Experiment) -> str:
    doc = type(experiment.optimizer).__doc__ or ""
    return f"{experiment.optimizer.name}: {doc.splitlines()[0]}"
