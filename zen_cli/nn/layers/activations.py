"""Activations: functions of one number, applied to every element, and softmax over a row.

Each says which initializer suits the weights in front of it. None has backward code: the compiler derives it.
"""

import math
from typing import ClassVar

from zen_cli.compiler.primitives import greater, square, tanh
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.registry import option


def rectify(x: Tensor) -> Tensor:
    """max(x, 0) as x times a mask, which is its derivative too."""
    return x * greater(x, 0.0)


def rectified(y: Tensor) -> Tensor | None:
    """The x of which y is the `rectify`, if it is one."""
    x, mask = y.inputs if y.primitive == "multiply" else (y, y)
    found = mask.primitive == "greater" and mask.inputs[0] is x and mask.inputs[1].number == 0.0
    return x if found else None


@layers.register("sigmoid")
class Sigmoid(Layer):
    """y = 1 / (1 + exp(-x)), in (0, 1). As the last layer it gives probabilities.

    Source: Verhulst 1845; Rumelhart, Hinton, Williams 1986.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Sigmoid(), [[0, 2]])
    [[0.5, 0.880797]]
    """

    follows_well: ClassVar[str | None] = "glorot_uniform"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return apply("sigmoid", x)


@layers.register("tanh")
class Tanh(Layer):
    """y = tanh(x), in (-1, 1).

    Source: LeCun et al. 1998, Efficient BackProp, section 4.4.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Tanh(), [[0, 1]])
    [[0.0, 0.761594]]
    """

    follows_well: ClassVar[str | None] = "glorot_uniform"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return tanh(x)


@layers.register("relu")
class Relu(Layer):
    """y = max(x, 0). Its slope is 1 where x > 0, else 0; at 0 it is 0.

    Source: Nair and Hinton 2010; Glorot, Bordes, Bengio 2011.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Relu(), [[-1, 0, 2]])
    [[0.0, 0.0, 2.0]]
    """

    follows_well: ClassVar[str | None] = "he_normal"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return rectify(x)


@layers.register("leaky_relu", main="slope")
class LeakyRelu(Layer):
    """y = x where x > 0, else slope x: no unit is ever dead.

    Source: Maas, Hannun, Ng 2013.

    >>> from zen_cli.nn.worked import forward
    >>> forward(LeakyRelu(slope=0.1), [[-2, 3]])
    [[-0.2, 3.0]]
    """

    follows_well: ClassVar[str | None] = "he_normal"
    slope: float = option(0.01, help="slope below zero")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return x * (self.slope + (1.0 - self.slope) * greater(x, 0.0))


@layers.register("elu", main="alpha")
class Elu(Layer):
    """y = x where x > 0, else alpha (exp(x) - 1).

    Source: Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Elu(), [[-1, 2]])
    [[-0.632121, 2.0]]
    """

    follows_well: ClassVar[str | None] = "he_normal"
    alpha: float = option(1.0, help="-alpha is the value far below zero", above=0)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return exponential_linear(x, self.alpha)


def exponential_linear(x: Tensor, alpha: float) -> Tensor:
    """relu(x) + alpha (exp(min(x, 0)) - 1): the exponential never sees a positive number."""
    positive = rectify(x)
    return positive + alpha * apply("expm1", x - positive)


@layers.register("selu")
class Selu(Layer):
    """y = 1.0507 elu(x, 1.6733): keeps mean 0 and variance 1 from layer to layer.

    Source: Klambauer et al. 2017, arXiv:1706.02515, equation 2.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Selu(), [[-1, 1]])
    [[-1.111331, 1.050701]]
    """

    follows_well: ClassVar[str | None] = "lecun_normal"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return 1.0507009873554804934193349852946 * exponential_linear(x, 1.6732632423543772848170429916717)


@layers.register("gelu")
class Gelu(Layer):
    """y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))): x times the chance that a normal number is below it.

    This is the paper's tanh form (torch: `approximate='tanh'`), within 5e-4 of x Phi(x): NumPy has no erf.
    Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Gelu(), [[-1, 1]])
    [[-0.158808, 0.841192]]
    """

    follows_well: ClassVar[str | None] = "he_normal"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        scale = 2.0 * math.sqrt(2.0 / math.pi)  # (1 + tanh(a)) / 2 = sigmoid(2 a), which takes half the time
        return x * apply("sigmoid", x * (scale + 0.044715 * scale * square(x)))


@layers.register("silu", "swish")
class Silu(Layer):
    """y = x sigmoid(x).

    Source: Elfwing, Uchibe, Doya 2017, arXiv:1702.03118.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Silu(), [[-1, 1]])
    [[-0.268941, 0.731059]]
    """

    follows_well: ClassVar[str | None] = "he_normal"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return x * apply("sigmoid", x)


@layers.register("softplus")
class Softplus(Layer):
    """y = log(1 + exp(x)), positive and smooth.

    Source: Dugas et al. 2001.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Softplus(), [[0, 1]])
    [[0.693147, 1.313262]]
    """

    follows_well: ClassVar[str | None] = "he_normal"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return apply("softplus", x)


@layers.register("softmax")
class Softmax(Layer):
    """y_i = exp(x_i) / sum_j exp(x_j) over the last axis: positive, sums to 1. Less the row's maximum, always.

    Source: Bridle 1990.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Softmax(), [[0, 1], [1000, 1000]])
    [[0.268941, 0.731059], [0.5, 0.5]]
    """

    follows_well: ClassVar[str | None] = "glorot_uniform"

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return apply("softmax", x)
