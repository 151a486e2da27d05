"""Every metric that scikit-learn has too, against it, on every case."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as reference

from tests.metrics.cases import LABELS, NUMBERS, SEVERAL, TWO
from tests.nn.catalogue import from_text
from zen_cli.metrics import metrics

Reference = Callable[[Any, Any], float]


def same(text: str, cases: dict[str, Any], wanted: Reference) -> None:
    metric = from_text(metrics, text)
    for name, (prediction, target) in cases.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = wanted(target, prediction)
        found = metric(prediction, target)
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True), name


def labels(score: Callable[..., float], **more: Any) -> Reference:
    return lambda y, p: score(y, p.argmax(1) if p.ndim == 2 else (p > 0.5).astype(int), **more)


def shares(score: Callable[..., float]) -> Callable[..., Reference]:
    return lambda **more: labels(score, zero_division=0, **more)


PRECISION, RECALL, F1 = (shares(score) for score in (
    reference.precision_score, reference.recall_score, reference.f1_score))  # fmt: skip
BY_LABEL = {
    "accuracy": labels(reference.accuracy_score),
    "balanced_accuracy": labels(reference.balanced_accuracy_score),
    "cohen_kappa": labels(reference.cohen_kappa_score),
    "mcc": labels(reference.matthews_corrcoef),
    **{
        f"{name}: {average}": score(average=average)
        for name, score in (("precision", PRECISION), ("recall", RECALL), ("f1", F1))
        for average in ("macro", "micro", "weighted")
    },
}


@pytest.mark.parametrize("text", BY_LABEL)
def test_of_found_classes(text: str) -> None:
    same(text, SEVERAL, BY_LABEL[text])
    same(text, TWO, BY_LABEL[text])


@pytest.mark.parametrize("name, score", [("precision", PRECISION), ("recall", RECALL), ("f1", F1)])
def test_of_the_second_of_two_classes(name: str, score: Any) -> None:
    same(name, TWO, score(average="binary"))
    same(name, SEVERAL, score(average="macro"))


def one_against_rest(score: Callable[..., float], average: str) -> Reference:
    """Over the classes that can be told from others: of those, scikit-learn's value where it has one."""

    def found(y: Any, p: Any) -> float:
        truth = y[:, None] == np.arange(p.shape[1])
        if average == "micro":
            return score(truth.ravel(), p.ravel())
        whole = score is reference.roc_auc_score
        known = [c for c in range(p.shape[1]) if truth[:, c].any() and not (whole and truth[:, c].all())]
        if not known:
            return np.nan
        each = [score(truth[:, c], p[:, c]) for c in known]
        return float(np.average(each, weights=truth[:, known].sum(0) if average == "weighted" else None))

    return found


@pytest.mark.parametrize("average", ["macro", "weighted", "micro"])
def test_of_the_order_of_scores(average: str) -> None:
    same(f"roc_auc: {average}", SEVERAL, one_against_rest(reference.roc_auc_score, average))
    same(f"average_precision: {average}", SEVERAL, one_against_rest(reference.average_precision_score, average))
    for name in ("ordinary", "ties", "all equal", "certain"):
        y, p = SEVERAL[name].target, SEVERAL[name].prediction
        whole = reference.roc_auc_score(y, p, multi_class="ovr", average=average)
        assert from_text(metrics, f"roc_auc: {average}")(p, y) == pytest.approx(whole, rel=1e-12)
        whole = reference.average_precision_score(y, p, average=average)
        assert from_text(metrics, f"average_precision: {average}")(p, y) == pytest.approx(whole, rel=1e-12)


def test_of_the_order_of_two_classes() -> None:
    some = {name: case for name, case in TWO.items() if case.target.any()}
    for scale, shift in ((1, 0), (1e300, -5e299), (-1e-320, 0)):
        scaled = {name: case._replace(prediction=case.prediction * scale + shift) for name, case in some.items()}
        same("roc_auc", scaled, reference.roc_auc_score)
        same("average_precision", scaled, reference.average_precision_score)
    assert np.isnan(metrics["average_precision"]()(*TWO["only the first"]))


@pytest.mark.parametrize("k", [1, 2, 3])
def test_top_k(k: int) -> None:
    wanted = lambda y, p: reference.top_k_accuracy_score(y, p, k=k, labels=range(4))  # noqa: E731
    same(f"top_k: {k}", SEVERAL, wanted)
    assert from_text(metrics, "top_k: 4")(*SEVERAL["ordinary"]) == 1.0


def test_of_probabilities() -> None:
    log_loss = lambda y, p: reference.log_loss(y, p, labels=range(4))  # noqa: E731
    same("log_loss", SEVERAL, log_loss)
    same("perplexity", {k: v for k, v in SEVERAL.items() if k != "certain"}, lambda y, p: np.exp(log_loss(y, p)))
    same("log_loss", TWO, lambda y, p: reference.log_loss(y, np.stack((1 - p, p), 1), labels=[0, 1]))
    same("brier", SEVERAL, lambda y, p: reference.brier_score_loss(y, p, labels=range(4)))
    same("brier", TWO, lambda y, p: reference.brier_score_loss(y, p, pos_label=1))


@pytest.mark.parametrize("bins", [1, 7, 15])
def test_calibration_error(bins: int) -> None:
    """From scikit-learn's curve of confidence and frequency, each bin by its rows."""
    from sklearn.calibration import calibration_curve

    prediction, target = SEVERAL["ordinary"]
    confidence, right = prediction.max(1), prediction.argmax(1) == target
    share, mean = calibration_curve(right, confidence, n_bins=bins)
    rows = np.histogram(confidence, bins, (0, 1))[0]
    expected = np.abs(share - mean) @ rows[rows > 0] / rows.sum()
    assert from_text(metrics, f"calibration_error: {bins}")(prediction, target) == pytest.approx(expected, rel=1e-12)


def columns(score: Callable[..., float], **more: Any) -> Reference:
    return lambda y, p: score(y, p > 0.5, zero_division=0, **more)


SEVERAL_ANSWERS = {
    "accuracy": lambda y, p: reference.accuracy_score(y, p > 0.5),
    **{f"precision: {it}": columns(reference.precision_score, average=it) for it in ("macro", "micro", "weighted")},
    **{f"recall: {it}": columns(reference.recall_score, average=it) for it in ("macro", "micro", "weighted")},
    **{f"f1: {it}": columns(reference.f1_score, average=it) for it in ("macro", "micro", "weighted")},
    "f1": columns(reference.f1_score, average="macro"),
    "log_loss": lambda y, p: np.mean([reference.log_loss(*pair, labels=[0, 1]) for pair in zip(y.T, p.T, strict=True)]),
    "brier": lambda y, p: np.mean([reference.brier_score_loss(*it, pos_label=1) for it in zip(y.T, p.T, strict=True)]),
}  # fmt: skip


@pytest.mark.parametrize("text", SEVERAL_ANSWERS)
def test_of_several_answers(text: str) -> None:
    same(text, LABELS, SEVERAL_ANSWERS[text])


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_order_of_several_answers(average: str) -> None:
    some = {name: LABELS[name] for name in ("ordinary", "ties")}
    for name in ("roc_auc", "average_precision"):
        score = getattr(reference, f"{name}_score")
        same(f"{name}: {average}", some, partial(score, average=average))
    assert np.isnan(metrics["roc_auc"]()(*LABELS["none"]))


REGRESSION: dict[str, Reference] = {
    "mse": reference.mean_squared_error, "rmse": lambda t, p: reference.mean_squared_error(t, p) ** 0.5,
    "mae": reference.mean_absolute_error, "median_absolute_error": reference.median_absolute_error,
    "mape": reference.mean_absolute_percentage_error, "r2": reference.r2_score,
    "explained_variance": reference.explained_variance_score,
}  # fmt: skip


@pytest.mark.parametrize("name", REGRESSION)
def test_of_numbers(name: str) -> None:
    few = ("one row",) if name == "explained_variance" else ()
    same(name, {key: case for key, case in NUMBERS.items() if key not in few}, REGRESSION[name])


def test_every_metric_is_compared() -> None:
    tried = {*BY_LABEL, *REGRESSION, "roc_auc", "average_precision", "top_k", "log_loss", "perplexity", "brier",
             "calibration_error"}  # fmt: skip
    assert {text.partition(":")[0] for text in tried} == set(metrics)
