"""The few distributions that a comparison needs: Student's t, beta, binomial. SciPy is the oracle of their tests."""

from __future__ import annotations

import math

TINY = 1e-300
STEPS = 200  # of a continued fraction or a bisection; both are exact to rounding long before


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function I_x(a, b).

    By the continued fraction of Press et al., Numerical Recipes, section 6.4 (Lentz's method).

    >>> round(beta_cdf(0.5, 2, 3), 4)
    0.6875
    """
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    front = math.exp(log_front)
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1.0 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _away(1.0 + term * d)
            c = _away(1.0 + term / c)
            total *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return total


def _away(value: float) -> float:
    return value if abs(value) > TINY else TINY


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = p, by bisection down to neighbouring numbers.

    >>> round(beta_quantile(0.025, 10, 1), 3)
    0.692
    """
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if beta_cdf(middle, a, b) < p else (low, middle)
    return (low + high) / 2


def t_cdf(t: float, freedom: float) -> float:
    """P(T <= t) for Student's t (Student 1908).

    >>> round(t_cdf(2.262, 9), 3)
    0.975
    """
    tail = beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return 1.0 - tail if t > 0 else tail


def t_quantile(p: float, freedom: float) -> float:
    """The t with P(T <= t) = p; within 1e-9 up to 10,000 degrees of freedom.

    The tail comes from x = freedom / (freedom + t^2), the middle from 1 - x: each where it keeps its digits.

    >>> round(t_quantile(0.975, 9), 3)
    2.262
    """
    tail = min(p, 1.0 - p)
    if tail > 0.25:
        rest = beta_quantile(1.0 - 2.0 * tail, 0.5, freedom / 2)
        size = math.sqrt(freedom * rest / (1.0 - rest))
    else:
        x = beta_quantile(2.0 * tail, freedom / 2, 0.5)
        size = math.sqrt(freedom * (1.0 - x) / x) if x > 0 else math.inf
    return -size if p < 0.5 else size


def clopper_pearson(count: float, of: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share (Clopper and Pearson 1934); `count` may hold halves, as ties do.

    >>> [round(bound, 3) for bound in clopper_pearson(8, 10)]
    [0.444, 0.975]
    """
    if of == 0:
        return 0.0, 1.0
    tail = (1.0 - level) / 2
    low = beta_quantile(tail, count, of - count + 1) if count > 0 else 0.0
    high = beta_quantile(1.0 - tail, count + 1, of - count) if count < of else 1.0
    return low, high
