"""Writes optimizers.npz: sixty steps of each case of torch.optim (else as published), with given gradients.

Column 0 of the gradients is always exactly zero (a feature that never appears) and column 1 is tiny (about
1e-7, where eps decides), because that is where implementations of these rules differ.

Arrays: `start` (12,), `gradients` (60, 12), and by the name of each case (60, 12): the parameters after each
step.
"""

import inspect

import numpy as np

from tests.golden import About, Arrays, published, write

STEPS, SIZE = 60, 12
# case: (zen's name, torch.optim's class or the function in `published`, options; their names are torch's)
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
    "adagrad": ("adagrad", "Adagrad", {"lr": 0.01}),
    "adagrad_started": ("adagrad", "Adagrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.1}),
    "adagrad_weight_decay": ("adagrad", "Adagrad", {"lr": 0.01, "weight_decay": 0.1}),
    "adadelta": ("adadelta", "Adadelta", {"lr": 1.0}),
    "adadelta_weight_decay": ("adadelta", "Adadelta", {"lr": 0.5, "rho": 0.5, "weight_decay": 0.1}),
    "adamax": ("adamax", "Adamax", {"lr": 0.002}),
    "adamax_weight_decay": ("adamax", "Adamax", {"lr": 0.002, "weight_decay": 0.1}),
    "nadam": ("nadam", "NAdam", {"lr": 0.002}),
    "nadam_weight_decay": ("nadam", "NAdam", {"lr": 0.002, "weight_decay": 0.1, "momentum_decay": 1.0}),
    "nadam_decoupled": ("nadam", "NAdam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    "radam": ("radam", "RAdam", {"lr": 0.001}),
    "radam_weight_decay": ("radam", "RAdam", {"lr": 0.001, "weight_decay": 0.1}),
    "radam_decoupled": ("radam", "RAdam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    "radam_short": ("radam", "RAdam", {"lr": 0.001, "betas": [0.5, 0.7]}),
    "radam_never": ("radam", "RAdam", {"lr": 0.001, "betas": [0.9, 0.5]}),
    "asgd": ("asgd", "ASGD", {"lr": 0.01}),
    "asgd_falling": ("asgd", "ASGD", {"lr": 0.1, "lambd": 0.2, "alpha": 0.6, "t0": 10.0, "weight_decay": 0.1}),
    "rprop": ("rprop", "Rprop", {"lr": 0.01}),
    "rprop_bounded": ("rprop", "Rprop", {"lr": 0.1, "etas": [0.3, 1.7], "step_sizes": [0.01, 0.3]}),
    "lion": ("lion", "lion", {"lr": 0.0001}),
    "lion_weight_decay": ("lion", "lion", {"lr": 0.01, "betas": [0.5, 0.7], "weight_decay": 0.1}),
    "adabelief": ("adabelief", "adabelief", {"lr": 0.001}),
    "adabelief_weight_decay": ("adabelief", "adabelief", {"lr": 0.01, "eps": 1e-8, "weight_decay": 0.1}),
    "schedule_free_sgd": ("schedule_free_sgd", "schedule_free_sgd", {"lr": 0.1}),
    "schedule_free_sgd_warm": (
        "schedule_free_sgd", "schedule_free_sgd",
        {"lr": 0.1, "momentum": 0.7, "weight_decay": 0.1, "warmup_steps": 10, "r": 1.5},
    ),
    "schedule_free_adamw": ("schedule_free_adamw", "schedule_free_adamw", {}),
    "schedule_free_adamw_warm": (
        "schedule_free_adamw", "schedule_free_adamw",
        {"lr": 0.01, "betas": [0.7, 0.99], "weight_decay": 0.1, "warmup_steps": 10, "r": 1.5},
    ),
    "adan": ("adan", "adan", {"lr": 0.001}),
    "adan_weight_decay": ("adan", "adan", {"lr": 0.01, "betas": [0.7, 0.5, 0.6], "weight_decay": 0.1}),
}


def stream() -> tuple[np.ndarray, np.ndarray]:
    """Start (12,) and gradients (60, 12): one scale a column, shrinking so that a running maximum matters."""
    rng = np.random.default_rng(20)
    start = rng.standard_normal(SIZE)
    scales = np.array([0.0, 1e-7, 1e-3, 1e-2, 0.1, 1.0, 1.0, 1.0, 1.0, 3.0, 10.0, 100.0])
    fading = np.linspace(1.0, 0.2, STEPS)[:, None]
    return start, rng.standard_normal((STEPS, SIZE)) * scales * fading


def defaults(kind: str) -> dict[str, object]:
    """The defaults of a rule that are numbers, truth values or lists of them."""
    import torch

    rule = getattr(published, kind, None) or getattr(torch.optim, kind)
    stated = {name: parameter.default for name, parameter in inspect.signature(rule).parameters.items()}
    return {name: value for name, value in stated.items() if isinstance(value, bool | int | float | tuple)}


def trajectory(kind: str, options: dict[str, object], start: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """The parameters after each step, (60, 12)."""
    import torch

    if hasattr(published, kind):
        return np.array(list(getattr(published, kind)(start, gradients, **options)))
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
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # of what torch.optim remembers as numbers: products, rates
    cases = {
        name: {"optimizer": own, "rule": kind, "options": options}
        for name, (own, kind, options) in CASES.items()
    }
    arrays = {name: trajectory(kind, options, start, gradients) for name, (_, kind, options) in CASES.items()}
    torch.set_default_dtype(before)
    about = {
        "torch": torch.__version__, "cases": cases,
        "defaults": {own: defaults(kind) for own, kind, _ in CASES.values()},
    }  # fmt: skip
    return about, {"start": start, "gradients": gradients, **arrays}


if __name__ == "__main__":
    write("optimizers", *make())
