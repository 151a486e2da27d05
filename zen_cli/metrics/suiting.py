"""Which metrics a config measures, and whether they can be computed: known before training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zen_cli.config.component import Component, build
from zen_cli.config.node import MAIN, Entry, Mapping, Scalar
from zen_cli.errors import Place, Problems
from zen_cli.metrics.base import Array, Metric, metrics
from zen_cli.nn.losses import Target

AUTO = {"classes": ("accuracy",), "numbers": ("mae", "r2"), "steps": ("perplexity", "accuracy")}


def named(names: Sequence[str], where: Place) -> list[Component]:
    """Metrics by the names that results have: `f1`, `f1_micro`."""
    return [Component(name.strip(), Mapping(where, {}), where) for name in names]


def built(written: Sequence[Component], problems: Problems) -> list[Metric | None]:
    """The metrics; None, and a problem, for each that cannot be built."""
    return [build(_spelled_out(component), metrics, problems) for component in written]


def _spelled_out(component: Component) -> Component:
    """`f1_micro` as `f1: micro`: the name with the value of its main option."""
    name, _, value = component.type.rpartition("_")
    if component.type in metrics or name not in metrics or component.options.entries:
        return component
    option = Entry(component.place, Scalar(component.place, value))
    return Component(name, Mapping(component.place, {MAIN: option}), component.place)


def suiting(
    written: Sequence[Component] | str, found: Sequence[Metric | None] | None, targets: Array | None, target: Target,
    shape: tuple[int, ...], probabilities: bool,
) -> tuple[Metric, ...]:  # fmt: skip
    """The metrics `found` for those `written`, each tried on two rows; where none is, those that suit the target.

    `targets` are the rows' own; a row's prediction has the `shape`, and holds `probabilities` or something else.

    Raises:
        ZenError: one cannot be computed, or is there twice.
    """
    if found is None or isinstance(written, str):
        kind = "steps" if target.steps else "classes" if target.classes else "numbers"
        return tuple(metrics[name]() for name in AUTO[kind])
    chosen, problems = tuple(metric for metric in found if metric), Problems()
    few = targets[:2] if targets is not None else np.zeros((0, 1))
    for metric, component in zip(chosen, written, strict=True):
        what, hint = _unfit(metric, target.classes > 0 or _binary(targets), probabilities)
        if target.steps:
            what = what or "" if metric.additive else f"{metric.name} needs all predictions of a text at once"
        else:
            what = what or _failure(metric, np.zeros((len(few), *shape)), few)
        if next(other for other in chosen if other.label == metric.label) is not metric:
            what, hint = f"{metric.label} is measured twice", None
        if what:
            problems.add(what, component.place, hint)
    problems.check()
    return chosen


def _unfit(metric: Metric, classes: bool, probabilities: bool) -> tuple[str, str | None]:
    if metric.classes and not classes:
        hint = "use mae, rmse or r2; with loss: cross_entropy the target is read as classes"
        return f"{metric.name} compares classes, the target is numbers", hint
    if metric.probabilities and not probabilities:
        hint = "end the model with softmax or sigmoid, or use loss: cross_entropy"
        return f"{metric.name} needs probabilities, and this network gives scores", hint
    return "", None


def _binary(targets: Array | None) -> bool:
    return targets is None or bool(np.isin(targets, (0.0, 1.0)).all())


def _failure(metric: Metric, prediction: Array, targets: Array) -> str:
    try:
        metric(prediction, targets)
    except ValueError as error:
        return f"cannot be computed: {error}"
    return ""
