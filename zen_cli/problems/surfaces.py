"""The test functions that optimizers are drawn on, each with its usual start."""

from __future__ import annotations

from typing import Any, ClassVar

from zen_cli.problems.base import problems
from zen_cli.problems.surface import START, Surface, squared
from zen_cli.registry import option

Points = tuple[tuple[float, float], ...]


@problems.register("quadratic", main="condition")
class Quadratic(Surface):
    """f(x, y) = 1/2 (x^2 + condition y^2): the simplest valley, `condition` times as steep across as along.

    Minimum 0 at (0, 0); starts at (1, 1). Plain gradient descent diverges across above a rate of 2 / condition, and
    at that rate goes along only by a factor of 1 - 2 / condition a step; momentum needs the square root of its steps.
    Source: Boyd and Vandenberghe 2004, section 9.3.2; Polyak 1964.

    >>> Quadratic().height(1.0, 1.0)
    50.5
    """

    minima: ClassVar[Points] = ((0.0, 0.0),)
    start: list[float] = option([1.0, 1.0], START)
    condition: float = option(100.0, "the larger curvature over the smaller", above=0)

    def height(self, x: Any, y: Any) -> Any:
        return 0.5 * (squared(x) + self.condition * squared(y))


@problems.register("rosenbrock")
class Rosenbrock(Surface):
    """f(x, y) = (1 - x)^2 + 100 (y - x^2)^2: a bent valley, whose floor hardly falls.

    Minimum 0 at (1, 1); starts at (-1.2, 1), on the other side of the bend. The valley is found at once, following it
    is what takes the steps.
    Source: Rosenbrock 1960; start as there.

    >>> round(Rosenbrock().height(-1.2, 1.0), 6)
    24.2
    """

    minima: ClassVar[Points] = ((1.0, 1.0),)
    start: list[float] = option([-1.2, 1.0], START)

    def height(self, x: Any, y: Any) -> Any:
        return squared(1.0 - x) + 100.0 * squared(y - squared(x))


@problems.register("beale")
class Beale(Surface):
    """f(x, y) = (1.5 - x (1 - y))^2 + (2.25 - x (1 - y^2))^2 + (2.625 - x (1 - y^3))^2: a plateau between steep walls.

    Minimum 0 at (3, 0.5); starts at (1, 1). Gradients are tiny on the plateau and huge at the corners.
    Source: Beale 1958; start from Moré, Garbow, Hillstrom 1981, Testing Unconstrained Optimization Software, no. 5.

    >>> Beale().height(1.0, 1.0)
    14.203125
    """

    minima: ClassVar[Points] = ((3.0, 0.5),)
    start: list[float] = option([1.0, 1.0], START)

    def height(self, x: Any, y: Any) -> Any:
        y2 = squared(y)
        return (
            squared(1.5 - x * (1.0 - y)) + squared(2.25 - x * (1.0 - y2)) + squared(2.625 - x * (1.0 - y2 * y))
        )  # fmt: skip


@problems.register("himmelblau")
class Himmelblau(Surface):
    """f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2: four valleys, and which one is reached depends on the way.

    Minimum 0 at (3, 2), (-2.805, 3.131), (-3.779, -3.283) and (3.584, -1.848); starts at (0, 0), near the hill of
    181.6 at (-0.271, -0.923) between them.
    Source: Himmelblau 1972, Applied Nonlinear Programming; start from Deb 1995, Optimization for Engineering Design.

    >>> Himmelblau().height(0.0, 0.0)
    170.0
    """

    minima: ClassVar[Points] = (
        (3.0, 2.0), (-2.805118086952745, 3.131312518250573), (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )  # fmt: skip
    start: list[float] = option([0.0, 0.0], START)

    def height(self, x: Any, y: Any) -> Any:
        return squared(squared(x) + y - 11.0) + squared(x + squared(y) - 7.0)


@problems.register("freudenstein_roth")
class FreudensteinRoth(Surface):
    """f(x, y) = (x - 13 + ((5 - y) y - 2) y)^2 + (x - 29 + ((y + 1) y - 14) y)^2: a trap right beside the start.

    Minimum 0 at (5, 4); starts at (0.5, -2), from where nearly every method ends in the local minimum 48.98 at
    (11.413, -0.897), on the near side of a ridge.
    Source: Freudenstein and Roth 1963; start from Moré, Garbow, Hillstrom 1981, no. 2.

    >>> FreudensteinRoth().height(0.5, -2.0)
    400.5
    """

    minima: ClassVar[Points] = ((5.0, 4.0),)
    start: list[float] = option([0.5, -2.0], START)

    def height(self, x: Any, y: Any) -> Any:
        return squared(x - 13.0 + ((5.0 - y) * y - 2.0) * y) + squared(x - 29.0 + ((y + 1.0) * y - 14.0) * y)
