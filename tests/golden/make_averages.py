"""Writes averages.npz: what torch.optim.swa_utils.AveragedModel makes of given weights, sixty steps of them.

Arrays: `weights` (60, 10) of each step, and by the name of each case (60, 10) their average after it.
"""

from typing import Any

import numpy as np

from tests.golden import About, Arrays, write

STEPS, SIZE = 60, 10
# case: (zen's average, the share that a moving average keeps in torch)
CASES: dict[str, tuple[str, float | None]] = {
    "ema": ("{ema: 0.9}", 0.9), "ema_long": ("{ema: 0.999}", 0.999), "swa": ("{swa: 1}", None),
}  # fmt: skip


def averages(decay: float | None, weights: np.ndarray) -> np.ndarray:
    import torch

    utils: Any = torch.optim.swa_utils
    net = torch.nn.Linear(SIZE, 1, bias=False, dtype=torch.float64)
    averaged = utils.AveragedModel(net, multi_avg_fn=utils.get_ema_multi_avg_fn(decay) if decay else None)
    found = []
    for step in weights:
        net.weight.data[0] = torch.tensor(step)
        averaged.update_parameters(net)
        found.append(averaged.module.weight.detach().numpy()[0].copy())
    return np.array(found)


def make() -> tuple[About, Arrays]:
    import torch

    weights = np.random.default_rng(3).standard_normal((STEPS, SIZE)).cumsum(axis=0)
    arrays = {name: averages(decay, weights) for name, (_, decay) in CASES.items()}
    about = {"torch": torch.__version__, "cases": {name: {"average": average} for name, (average, _) in CASES.items()}}
    return about, {"weights": weights, **arrays}


if __name__ == "__main__":
    write("averages", *make())
