"""Writes losses.npz: each loss row by row and in the mean, and its gradient with respect to the scores.

A row's loss is the mean over outputs (mse, l1, huber, binary cross-entropy) or the sum over classes
(cross-entropy); the loss is the mean over rows. Some scores are +-1000, where an unstable form gives NaN.

Arrays: `scores` (10, 5), the targets that a case names (`labels` (10,) int64, the others (10, 5)), and for
each case `case.rows` (10,), `case.value` () and `case.gradient` (10, 5).
"""

from typing import Any

import numpy as np

from tests.golden import About, Arrays, write

ROWS, OUTPUTS = 10, 5
# case: (torch.nn.functional's name, the target's array, options)
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "cross_entropy": ("cross_entropy", "labels", {}),
    "cross_entropy_one_hot": ("cross_entropy", "one_hot", {}),
    "cross_entropy_soft": ("cross_entropy", "soft", {}),
    "cross_entropy_smoothing": ("cross_entropy", "labels", {"label_smoothing": 0.1}),
    "cross_entropy_soft_smoothing": ("cross_entropy", "soft", {"label_smoothing": 0.1}),
    "binary_cross_entropy": ("binary_cross_entropy_with_logits", "shares", {}),
    "mse": ("mse_loss", "values", {}),
    "l1": ("l1_loss", "values", {}),
    "huber": ("huber_loss", "values", {"delta": 1.0}),
    "huber_half": ("huber_loss", "values", {"delta": 0.5}),
}


def inputs() -> Arrays:
    rng = np.random.default_rng(21)
    scores = 2 * rng.standard_normal((ROWS, OUTPUTS))
    scores[5] = 0.0
    scores[6] = [1000, -1000, 0, 1, -1]
    scores[7] = [-1000, 1000, 1000, -1000, 1000]
    scores[8] = -1000
    scores[9] = [1e-9, -1e-9, 30, -30, 1000]
    labels = rng.integers(OUTPUTS, size=ROWS)
    soft = rng.random((ROWS, OUTPUTS)) ** 4
    shares = rng.random((ROWS, OUTPUTS))
    shares[::2] = shares[::2].round()
    values = rng.standard_normal((ROWS, OUTPUTS))
    values[:5] += scores[:5]  # near the scores, so that huber is tried on both of its sides
    return {
        "scores": scores, "labels": labels, "one_hot": np.eye(OUTPUTS)[labels],
        "soft": soft / soft.sum(1, keepdims=True), "shares": shares,
        "values": values,
    }


def evaluate(function: str, scores: np.ndarray, target: np.ndarray, options: dict[str, Any]) -> Arrays:
    import torch

    leaf = torch.tensor(scores, requires_grad=True)
    loss = getattr(torch.nn.functional, function)
    rows = loss(leaf, torch.tensor(target), reduction="none", **options)
    rows = rows if rows.ndim == 1 else rows.mean(1)
    value = rows.mean()
    value.backward()
    return {"rows": rows.detach().numpy(), "value": value.detach().numpy(), "gradient": leaf.grad.numpy()}


def make() -> tuple[About, Arrays]:
    import torch

    arrays = inputs()
    cases = {}
    for name, (function, target, options) in CASES.items():
        cases[name] = {"torch": function, "target": target, "options": options}
        results = evaluate(function, arrays["scores"], arrays[target], options)
        arrays |= {f"{name}.{key}": result for key, result in results.items()}
    return {"torch": torch.__version__, "cases": cases}, arrays


if __name__ == "__main__":
    write("losses", *make())
