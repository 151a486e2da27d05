"""What every registered metric promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.metrics.cases import NUMBERS, SEVERAL, TWO, Case
from tests.nn.catalogue import from_text, variants
from zen_cli.metrics import larger_is_better, metrics

EVERY = [from_text(metrics, text) for text in variants(metrics)]
EACH = pytest.mark.parametrize("metric", EVERY, ids=lambda metric: metric.label)


def suiting(metric: Any) -> dict[str, Case]:
    return SEVERAL if metric.classes else NUMBERS


@EACH
def test_documents_itself(metric: Any) -> None:
    doc = metrics[metric.name].__doc__ or ""
    assert metric.goal in ("max", "min") and ">>>" in doc
    assert larger_is_better(metric.label) == larger_is_better(f"validation.{metric.label}") == (metric.goal == "max")
    assert metric.label.isidentifier() and metric.label.startswith(metric.name)


@EACH
def test_gives_a_number_for_whatever_comes(metric: Any) -> None:
    for case in suiting(metric).values():
        assert type(metric(*case)) is float


@EACH
def test_reads_what_networks_give(metric: Any) -> None:
    prediction, target = suiting(metric)["ordinary" if metric.classes else "three columns"]
    single = prediction.astype(np.float32)
    assert metric(single, target) == metric(single.astype(np.float64), target)
    if metric.classes:
        one, labels = TWO["ordinary"]
        forms = [metric(one, labels), metric(one[:, None], labels), metric(one[:, None], labels[:, None] * 1.0)]
        if getattr(metric, "threshold", 0.5) == 0.5:
            assert metric(np.stack((1 - one, one), 1), labels) == pytest.approx(forms[0], rel=1e-12)
    else:
        forms = [metric(prediction[:, 0], target[:, :1]), metric(prediction[:, :1], target[:, 0])]
        labels = np.arange(len(prediction)) % 3
        assert metric(prediction, labels) == metric(prediction, np.eye(3)[labels])
    assert all(form == forms[0] for form in forms)


@EACH
def test_order_of_rows_does_not_matter(metric: Any) -> None:
    order = np.random.default_rng(0).permutation(60)
    for name, (prediction, target) in suiting(metric).items():
        if len(target) == 60 and name != "constant target":  # whose variance is what rounding leaves
            found = metric(prediction[order], target[order])
            assert found == pytest.approx(metric(prediction, target), 1e-9, nan_ok=True)


@EACH
def test_of_several_nets_each_has_the_bits_that_it_has_alone(metric: Any) -> None:
    for prediction, target in suiting(metric).values():
        nets = [(prediction, target), (prediction[::-1], target), (prediction, target[::-1])]
        alone = [metric(*net) for net in nets]
        assert repr(metric.of_each(*zip(*nets, strict=True))) == repr(alone)


@EACH
def test_no_rows_are_no_number(metric: Any) -> None:
    prediction, target = suiting(metric)["ordinary" if metric.classes else "three columns"]
    assert np.isnan(metric(prediction[:0], target[:0]))


@EACH
def test_refuses_targets_of_another_shape(metric: Any) -> None:
    prediction, target = suiting(metric)["ordinary" if metric.classes else "three columns"]
    with pytest.raises(ValueError, match="do not fit"):
        metric(prediction, target[:7])
    if metric.classes:
        with pytest.raises(ValueError, match="none of 4 classes"):
            metric(prediction, target + 1)


@EACH
def test_nan_is_never_right(metric: Any) -> None:
    """A row with NaN is a wrong one where classes are compared, and leaves no number where values count."""
    prediction, target = suiting(metric)["perfect"]
    broken = prediction.astype(np.float64).copy()
    broken[5, 0] = np.nan
    whole, found = metric(prediction, target), metric(broken, target)
    assert np.isnan(found) or (metric.goal == "max" and found < whole) or metric.name == "precision"
    assert metric.classes or np.isnan(found)
