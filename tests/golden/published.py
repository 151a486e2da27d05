"""Rules that torch.optim does not have, as their papers and the authors' programs compute them: an array at a time.

Each is a generator of the parameters after each step; `g` are the gradients of the steps.
"""

from collections.abc import Callable, Iterable, Iterator

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


def schedule_free_sgd(
    p: Array, gradients: Iterable[Array], *, lr: float = 1.0, momentum: float = 0.9, weight_decay: float = 0.0,
    warmup_steps: int = 0, r: float = 0.0,
) -> Iterator[Array]:  # fmt: skip
    """Defazio et al. 2024, as schedulefree's: y and z are kept, and x is what eval() makes of them."""
    yield from _schedule_free(p, gradients, lambda g, t: g, lr, momentum, weight_decay, warmup_steps, r)


def schedule_free_adamw(
    p: Array, gradients: Iterable[Array], *, lr: float = 0.0025, betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8, weight_decay: float = 0.0, warmup_steps: int = 0, r: float = 0.0,
) -> Iterator[Array]:  # fmt: skip
    """Defazio et al. 2024, algorithm 1, as schedulefree's with the bias of v corrected under its root."""
    square = np.zeros_like(p)

    def normalized(g: Array, t: int) -> Array:
        square[:] = square * betas[1] + g * g * (1 - betas[1])
        return g / (np.sqrt(square / (1 - betas[1] ** t)) + eps)

    yield from _schedule_free(p, gradients, normalized, lr, betas[0], weight_decay, warmup_steps, r)


def _schedule_free(
    p: Array, gradients: Iterable[Array], normalized: Callable[[Array, int], Array], lr: float, beta: float,
    weight_decay: float, warmup_steps: int, r: float,
) -> Iterator[Array]:  # fmt: skip
    y, z, largest, total = p.copy(), p.copy(), 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        eta = lr * (t / warmup_steps if t < warmup_steps else 1.0)
        largest = max(largest, eta)
        weight = t**r * largest**2
        total += weight
        c = weight / total
        step = normalized(g, t) + weight_decay * y
        y = y + c * (z - y) + eta * (beta * (1 - c) - 1) * step
        z = z - eta * step
        yield y + (1 - 1 / beta) * (z - y)


def lamb(
    p: Array, gradients: Iterable[Array], *, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-6, weight_decay: float = 0.0,
) -> Iterator[Array]:  # fmt: skip
    """You et al. 2020, arXiv:1904.00962, algorithm 2, on one layer, with phi(z) = z."""
    m, v = np.zeros_like(p), np.zeros_like(p)
    for t, g in enumerate(gradients, start=1):
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g * g
        u = (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps) + weight_decay * p
        weights, step = np.linalg.norm(p), np.linalg.norm(u)
        p = p - lr * (weights / step if weights > 0 and step > 0 else 1.0) * u
        yield p


def lars(
    p: Array, gradients: Iterable[Array], *, lr: float = 1.0, momentum: float = 0.9, trust: float = 1e-3,
    weight_decay: float = 1e-4,
) -> Iterator[Array]:  # fmt: skip
    """You, Gitman, Ginsburg 2017, arXiv:1708.03888, algorithm 1, on one layer."""
    v = np.zeros_like(p)
    for g in gradients:
        local = trust * np.linalg.norm(p) / (np.linalg.norm(g) + weight_decay * np.linalg.norm(p))
        v = momentum * v + lr * local * (g + weight_decay * p)
        p = p - v
        yield p
