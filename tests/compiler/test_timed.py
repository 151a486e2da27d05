"""A program that tells whose lines it runs computes the same, and what its parts cost is counted."""

import numpy as np

from tests.nn.helpers import Net
from zen_cli.compiler.convolution import convolve, convolve_input
from zen_cli.compiler.cost import cost
from zen_cli.compiler.tensor import apply, leaf
from zen_cli.compiler.timed import timed
from zen_cli.compiler.windows import Window
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses

CHAIN = [layers["linear"](6), layers["dropout"](0.5), layers["output"]()]


def test_does_the_same_to_the_bit():
    plain, told = (Net(CHAIN, losses["mse"]()) for _ in range(2))
    seen = []
    told.step.run = timed(told.step.program, seen.append, told.noise).run
    for net in (plain, told):
        net.noise.rewind()
        net.train(3)
    assert plain.parameters.tobytes() == told.parameters.tobytes()
    assert seen[: len(seen) // 3] == list(range(len(seen) // 3))


def test_every_line_is_somebodys_in_the_order_of_the_program():
    net = Net(CHAIN, losses["mse"]())
    found = timed(net.step.program, lambda i: None, net.noise)
    assert list(dict.fromkeys(found.scopes)) == [
        "0 linear", "1 dropout", "2 output", "loss mse", "loss mse, gradient", "2 output, gradient",
        "1 dropout, gradient", "0 linear, gradient", "",
    ]  # fmt: skip
    assert found.costs["0 linear"].operations >= 2 * 5 * 4 * 6


def test_the_three_products_of_a_convolution_cost_the_same():
    window, x, w = Window((3, 3)), leaf("x", (2, 8, 8, 4)), leaf("w", (3, 3, 4, 5))
    y = convolve(x, w, window)
    back = convolve_input(y, w, window, (8, 8))
    weight = apply("convolve_weight", x, y, window=window, groups=1)
    assert {cost(each).operations for each in (y, back, weight)} == {2 * 2 * 6 * 6 * 5 * 3 * 3 * 4}
    assert np.prod(back.shape) == x.size
