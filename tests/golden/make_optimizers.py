"""Writes optimizers.npz: sixty steps of each case of torch.optim, alone with a given stream of gradients.

Column 0 of the gradients is always exactly zero (a feature that never appears) and column 1 is tiny (about
1e-7, where eps decides), because that is where implementations of these rules differ.

Arrays: `start` (12,), `gradients` (60, 12), and by the name of each case (60, 12): the parameters after each
step.
"""

import numpy as np

from tests.golden import About, Arrays, write

STEPS, SIZE = 60, 12
# case: (zen's name, torch.optim's class, options; the names of the options are torch's)
CASES = {
    "sgd": ("sgd", "SGD", {"lr": 0.1}),
    "momentum": ("momentum", "SGD", {"lr": 0.1, "momentum": 0.9}),
    "nesterov": ("nesterov", "SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ("rmsprop", "RMSprop", {"lr": 0.01}),
    "rmsprop_centered": ("rmsprop", "RMSprop", {"lr": 0.01, "centered": True}),
    "rmsprop_momentum": ("rmsprop", "RMSprop", {"lr": 0.01, "momentum": 0.9}),
    "rmsprop_weight_decay": ("rmsprop", "RMSprop", {"lr": 0.01, "weight_decay": 0.1}),
    "adam": ("adam", "Adam", {"lr": 0.001}),
    "adam_amsgrad": ("adam", "Adam", {"lr": 0.001, "amsgrad": True}),
    "adam_weight_decay": ("adam", "Adam", {"lr": 0.001, "weight_decay": 0.1}),
    "adamw": ("adamw", "AdamW", {"lr": 0.001}),
}


def stream() -> tuple[np.ndarray, np.ndarray]:
    """Start (12,) and gradients (60, 12): one scale a column, shrinking so that a running maximum matters."""
    rng = np.random.default_rng(20)
    start = rng.standard_normal(SIZE)
    scales = np.array([0.0, 1e-7, 1e-3, 1e-2, 0.1, 1.0, 1.0, 1.0, 1.0, 3.0, 10.0, 100.0])
    fading = np.linspace(1.0, 0.2, STEPS)[:, None]
    return start, rng.standard_normal((STEPS, SIZE)) * scales * fading


def trajectory(kind: str, options: dict[str, object], start: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """The parameters after each step, (60, 12)."""
    import torch

    parameters = torch.nn.Parameter(torch.tensor(start))
    optimizer = getattr(torch.optim, kind)([parameters], **options)
    visited = []
    for gradient in gradients:
        parameters.grad = torch.tensor(gradient)
        optimizer.step()
        visited.append(parameters.detach().numpy().copy())
    return np.array(visited)


def make() -> tuple[About, Arrays]:
    import torch

    start, gradients = stream()
    cases = {
        name: {"optimizer": own, "torch": kind, "options": options}
        for name, (own, kind, options) in CASES.items()
    }
    arrays = {name: trajectory(kind, options, start, gradients) for name, (_, kind, options) in CASES.items()}
    about = {"torch": torch.__version__, "cases": cases}
    return about, {"start": start, "gradients": gradients, **arrays}


if __name__ == "__main__":
    write("optimizers", *make())
