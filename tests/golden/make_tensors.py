"""Writes tensors.npz: sixty steps of rules that see a tensor as a whole, by torch.optim or as published.

The gradients are those of optimizers.npz, as a matrix (3, 4) or a vector (12,). torch's Muon rounds to bfloat16 on the
way, which is taken out here; and it has matrices (outputs, inputs), which are turned round.

Arrays: by the name of each case (60, 3, 4) or (60, 12): the parameters after each step.
"""

from unittest import mock

import numpy as np

from tests.golden import About, Arrays, published, write
from tests.golden.make_optimizers import defaults, stream

# case: (zen's name, torch.optim's class or the function in `published`, options, shape); names of options are torch's
CASES = {
    "adafactor": ("adafactor", "Adafactor", {"lr": 0.01, "eps": [1e-7, 1e-3]}, (3, 4)),
    "adafactor_vector": ("adafactor", "Adafactor", {"lr": 0.01, "eps": [1e-7, 1e-3]}, (12,)),
    "adafactor_options": (
        "adafactor", "Adafactor",
        {"lr": 0.5, "beta2_decay": -0.5, "eps": [1e-4, 0.1], "d": 1.5, "weight_decay": 0.1}, (3, 4),
    ),
    "muon": ("muon", "Muon", {"lr": 0.001}, (3, 4)),
    "muon_high": ("muon", "Muon", {"lr": 0.02, "weight_decay": 0.0}, (4, 3)),
    "muon_options": (
        "muon", "Muon",
        {"lr": 0.1, "momentum": 0.5, "nesterov": False, "ns_steps": 3, "adjust_lr_fn": "match_rms_adamw"}, (3, 4),
    ),
    "lamb": ("lamb", "lamb", {"lr": 0.01}, (3, 4)),
    "lamb_weight_decay": ("lamb", "lamb", {"lr": 0.1, "betas": [0.5, 0.7], "weight_decay": 0.1}, (12,)),
    "lars": ("lars", "lars", {"lr": 1.0}, (3, 4)),
    "lars_options": ("lars", "lars", {"lr": 0.5, "momentum": 0.5, "trust": 0.1, "weight_decay": 0.2}, (12,)),
}  # fmt: skip


def by_torch(kind: str, options: dict[str, object], start: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    import torch

    turned = kind == "Muon"
    parameters = torch.nn.Parameter(torch.tensor(start.T.copy() if turned else start))
    optimizer = getattr(torch.optim, kind)([parameters], **options)
    visited = []
    with mock.patch.object(torch.Tensor, "bfloat16", torch.Tensor.clone):
        for gradient in gradients:
            parameters.grad = torch.tensor(gradient.T.copy() if turned else gradient)
            optimizer.step()
            now = parameters.detach().numpy().copy()
            visited.append(now.T if turned else now)
    return np.array(visited)


def make() -> tuple[About, Arrays]:
    import torch

    start, gradients = stream()
    cases, arrays = {}, {}
    for name, (own, kind, options, shape) in CASES.items():
        begin, slopes = start.reshape(shape), gradients.reshape(-1, *shape)
        if hasattr(published, kind):
            arrays[name] = np.array(list(getattr(published, kind)(begin, slopes, **options)))
        else:
            arrays[name] = by_torch(kind, options, begin, slopes)
        cases[name] = {"optimizer": own, "rule": kind, "options": options}
    stated = {own: defaults(kind) for own, kind, _, _ in CASES.values()} | {"lbfgs": defaults("LBFGS")}
    return {"torch": torch.__version__, "cases": cases, "defaults": stated}, arrays


if __name__ == "__main__":
    write("tensors", *make())
