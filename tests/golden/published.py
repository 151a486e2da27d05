"""Rules that torch.optim does not have, as their papers and the authors' programs compute them: an array at a time.

Each is a generator of the parameters after each step; `g` are the gradients of the steps.
"""

from collections.abc import Iterable, Iterator

import numpy as np

Array = np.ndarray


def lion(
    p: Array, gradients: Iterable[Array], *, lr: float = 1e-4, betas: tuple[float, float] = (0.9, 0.99),
    weight_decay: float = 0.0,
) -> Iterator[Array]:  # fmt: skip
    """Chen et al. 2023, algorithm 2, in the order of lion_pytorch: decay, step, mean."""
    mean = np.zeros_like(p)
    for g in gradients:
        p = p * (1 - lr * weight_decay)
        p = p - lr * np.sign(mean * betas[0] + g * (1 - betas[0]))
        mean = mean * betas[1] + g * (1 - betas[1])
        yield p


def adabelief(
    p: Array, gradients: Iterable[Array], *, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-16, weight_decay: float = 0.0,
) -> Iterator[Array]:  # fmt: skip
    """Zhuang et al. 2020, algorithm 2, as adabelief_pytorch 0.2.1 with rectify=False: eps stays in s."""
    m, s = np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gradients, start=1):
        p = p * (1 - lr * weight_decay)
        m = m * betas[0] + g * (1 - betas[0])
        s = s * betas[1] + (g - m) * (g - m) * (1 - betas[1]) + eps
        size = np.sqrt(s) / np.sqrt(1 - betas[1] ** t) + eps
        p = p - lr / (1 - betas[0] ** t) * m / size
        yield p


def adan(
    p: Array, gradients: Iterable[Array], *, lr: float = 1e-3,
    betas: tuple[float, float, float] = (0.98, 0.92, 0.99), eps: float = 1e-8, weight_decay: float = 0.0,
) -> Iterator[Array]:  # fmt: skip
    """Xie et al. 2022, algorithm 1, as sail-sg/Adan with no_prox=False: bias corrected, the betas what is kept."""
    m, d, n = np.zeros_like(p), np.zeros_like(p), np.zeros_like(p)
    last = None
    for t, g in enumerate(gradients, start=1):
        difference = np.zeros_like(g) if last is None else g - last
        last = g
        m = m * betas[0] + g * (1 - betas[0])
        d = d * betas[1] + difference * (1 - betas[1])
        n = n * betas[2] + (difference * betas[1] + g) ** 2 * (1 - betas[2])
        size = np.sqrt(n) / np.sqrt(1 - betas[2] ** t) + eps
        p = p - lr / (1 - betas[0] ** t) * m / size
        p = p - lr * betas[1] / (1 - betas[1] ** t) * d / size
        p = p / (1 + lr * weight_decay)
        yield p
