"""Writes descents.npz: where torch's LBFGS is after each of its steps on a bent valley, in float64.

Arrays: `start` (12,); by the name of each case (STEPS, 12), and `NAME.evaluations` (STEPS,), all so far.
"""

import numpy as np

from tests.golden import About, Arrays, write

STEPS, SIZE = 8, 12
CASES = {
    "lbfgs": {"lr": 1.0},
    "lbfgs_slow": {"lr": 0.1, "max_iter": 5},
    "lbfgs_short_memory": {"lr": 0.5, "history_size": 3, "max_iter": 12, "max_eval": 40},
    "lbfgs_one_move": {"lr": 0.3, "max_iter": 1},
    "lbfgs_search": {"lr": 1.0, "line_search_fn": "strong_wolfe"},
    "lbfgs_search_far": {"lr": 30.0, "line_search_fn": "strong_wolfe", "max_iter": 7},
    "lbfgs_search_near": {"lr": 1e-4, "line_search_fn": "strong_wolfe", "max_iter": 3, "history_size": 2},
    "lbfgs_search_few": {"lr": 8.0, "line_search_fn": "strong_wolfe", "max_iter": 10, "max_eval": 5},
}  # fmt: skip


def valley(p: np.ndarray) -> tuple[float, np.ndarray]:
    """f = sum of (1 - x_i)^2 + 5 (x_(i+1) - x_i^2)^2, and its gradient."""
    across = p[1:] - p[:-1] ** 2
    slope = -2.0 * (1.0 - p)
    slope[1:] += 10.0 * across
    slope[:-1] -= 20.0 * across * p[:-1]
    return float(((1.0 - p) ** 2).sum() + 5.0 * (across**2).sum()), slope


def descent(options: dict[str, object], start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    import torch

    parameters = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.LBFGS([parameters], **options)

    def closure() -> "torch.Tensor":
        loss, slope = valley(parameters.detach().numpy())
        parameters.grad = torch.tensor(slope)
        return torch.tensor(loss, dtype=torch.float64)

    visited, evaluations = [], []
    for _ in range(STEPS):
        optimizer.step(closure)
        visited.append(parameters.detach().numpy().copy())
        evaluations.append(optimizer.state[parameters]["func_evals"])
    return np.array(visited), np.array(evaluations)


def make() -> tuple[About, Arrays]:
    import torch

    start = np.random.default_rng(21).standard_normal(SIZE)
    arrays = {"start": start}
    for name, options in CASES.items():
        arrays[name], arrays[f"{name}.evaluations"] = descent(options, start)
    return {"torch": torch.__version__, "cases": {name: {"options": given} for name, given in CASES.items()}}, arrays


if __name__ == "__main__":
    write("descents", *make())
