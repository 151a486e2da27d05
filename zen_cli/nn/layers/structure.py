"""Layers made of layers: their options are lists of layers, written as `model` is."""

from collections.abc import Sequence
from functools import reduce
from typing import ClassVar, Literal

from zen_cli.compiler.primitives import concat
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.errors import ZenError
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.registry import option


@layers.register("residual", main="layers")
class Residual(Layer):
    """y = x + f(x), f the inner layers one after the other: they learn what to change, and gradients pass beside them.

    x (batch, ...) -> y of the same shape, which f has to give.
    Source: He et al. 2015, arXiv:1512.03385, equation 1.

    >>> from zen_cli.nn.layers.activations import Relu
    >>> from zen_cli.nn.worked import forward
    >>> forward(Residual([Relu()]), [[-1, 2]])
    [[-1.0, 4.0]]
    """

    example: ClassVar[str] = "residual: [linear: 6, relu]"
    layers: list[Layer] = option(help="what is added to the input")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        y = build.layers(self.layers, x)
        if y.shape != x.shape:
            what = f"cannot add rows of shape {list(y.shape[1:])} to the input's rows of shape {list(x.shape[1:])}"
            raise ZenError(what, hint="the inner layers must give as much as they get; or use branches")
        return x + y

    def inner(self) -> Sequence[Layer]:
        return self.layers


@layers.register("branches")
class Branches(Layer):
    """y = f(x) + g(x) + ..., each branch on the same input; or their product, or all side by side.

    `concat` puts them side by side along the last axis; an empty branch is the input itself. The parameters of
    layer i of branch b are `model.<index>.<b>.<i>.<name>`.
    Source: Szegedy et al. 2014, arXiv:1409.4842, figure 2 (concat); He et al. 2015, arXiv:1512.03385 (add).

    >>> from zen_cli.nn.layers.activations import Relu
    >>> from zen_cli.nn.worked import forward
    >>> forward(Branches([[], [Relu()]], merge="concat"), [[-1, 2]])
    [[-1.0, 2.0, 0.0, 2.0]]
    """

    example: ClassVar[str] = "branches: {merge: concat, of: [[linear: 3, relu], [linear: 3, tanh]]}"
    of: list[list[Layer]] = option(help="the branches, each a list of layers")
    merge: Literal["add", "multiply", "concat"] = option("add", "how their results become one")

    def __post_init__(self) -> None:
        if not self.of:
            raise ZenError("there is no branch", hint="of: [[...], [...]]")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        found = [build.layers(branch, x, index) for index, branch in enumerate(self.of)]
        first, others = (0, -1) if self.merge == "concat" else (0, None)
        if len({y.shape[first:others] for y in found}) > 1:
            shapes = ", ".join(str(list(y.shape[1:])) for y in found)
            raise ZenError(f"the branches give rows of shape {shapes}, which do not fit together to {self.merge}")
        if self.merge == "concat":
            return concat(found)
        return reduce(lambda a, b: apply(self.merge, a, b), found)

    def inner(self) -> Sequence[Layer]:
        return next(filter(None, self.of), ())

    def ends(self) -> Sequence[Layer]:
        return [branch[-1] for branch in self.of if branch]


@layers.register("repeat")
class Repeat(Layer):
    """y = f_n(... f_2(f_1(x))): the same layers `times` over, each time with weights of their own.

    The parameters of layer i in round r are `model.<index>.<r>.<i>.<name>`. Around `shared`, weights are the same.
    Source: common practice; the stack of Vaswani et al. 2017, arXiv:1706.03762, section 3.1.

    >>> from zen_cli.nn.layers.activations import LeakyRelu
    >>> from zen_cli.nn.worked import forward
    >>> forward(Repeat(2, [LeakyRelu(0.1)]), [[-1, 2]])
    [[-0.01, 2.0]]
    """

    example: ClassVar[str] = "repeat: {times: 2, layers: [linear: 6, relu]}"
    times: int = option(help="how often", low=1)
    layers: list[Layer] = option(help="what is repeated")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        for turn in range(self.times):
            x = build.layers(self.layers, x, turn)
        return x

    def inner(self) -> Sequence[Layer]:
        return self.layers


@layers.register("time_distributed", main="layers")
class TimeDistributed(Layer):
    """y_t = f(x_t): the inner layers on every step of a sequence, each step as a row of its own.

    x (batch, time, ...) -> y (batch, time, ...). `linear` and activations need it not: they work on the last axis.
    Source: as Keras' TimeDistributed.

    >>> from zen_cli.nn.layers.shape import Flatten
    >>> from zen_cli.nn.worked import forward
    >>> forward(TimeDistributed([Flatten()]), [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]])
    [[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]
    """

    example: ClassVar[str] = "time_distributed: [linear: 6, relu]"
    layers: list[Layer] = option(help="what every step goes through")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        if x.rank < 3:
            raise ZenError(f"needs rows (time, ...), found rows of shape {list(x.shape[1:])}")
        batch, time, *row = x.shape
        y = build.layers(self.layers, apply("reshape", x, shape=(batch * time, *row)))
        return apply("reshape", y, shape=(batch, time, *y.shape[1:]))

    def inner(self) -> Sequence[Layer]:
        return self.layers


@layers.register("shared", main="label")
class Shared(Layer):
    """y = f(x) with the same weights wherever the name stands: `{label: a, layers: [...]}` first, `shared: a` after.

    The parameters are named by the first place.
    Source: Bromley et al. 1993 (the Siamese network).

    >>> from zen_cli.nn.layers.activations import LeakyRelu
    >>> from zen_cli.nn.worked import forward
    >>> forward(Shared("a", [LeakyRelu(0.1)]), [[-1, 2]])
    [[-0.1, 2.0]]
    """

    example: ClassVar[str] = "shared: {label: tower, layers: [linear: 6, relu]}"
    label: str = option(help="the name by which the layers are used again")
    layers: list[Layer] = option([], "what is shared; none where they are used again")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return build.shared(self.label, self.layers, x)

    def inner(self) -> Sequence[Layer]:
        return self.layers
