"""Symbols as vectors, and where they stand."""

from typing import ClassVar, Literal

from zen_cli.compiler.lookup import gather
from zen_cli.compiler.tensor import Tensor, constant
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import Initializer, Normal
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.registry import option


@layers.register("embedding", main="units")
class Embedding(Layer):
    """y_t = weight[x_t]: each symbol of the data's vocabulary has a vector of its own, which is learned.

    x (batch, time), whole numbers -> y (batch, time, units); weight (symbols, units), normal with deviation 1.
    Source: Bengio et al. 2003; torch.nn.Embedding.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Embedding(2, init=Constant(0.5)), [[0, 2]], symbols=3)
    [[[0.5, 0.5], [0.5, 0.5]]]
    """

    example: ClassVar[str] = "embedding: 32"
    takes_symbols: ClassVar[bool] = True
    units: int = option(help="length of each vector", low=1)
    init: Initializer | None = option(None, help="initializer of the vectors; default normal with deviation 1")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        if not build.symbols or not x.options.get("index"):
            raise ZenError("takes symbols, found rows of numbers", hint="for numbers write `linear`")
        fans = (build.symbols, self.units)
        init = self.init or Normal(1.0)  # type: ignore[call-arg]
        return gather(build.parameter("weight", fans, init, fans), x)


@layers.register("positional", main="kind")
class Positional(Layer):
    """y_t = x_t + p_t: a vector for each place, since attention does not see where a step stands.

    `learned`: weight (time, units), normal with deviation 0.02. `sinusoidal`, without weights:
    p_t,2i = sin(t / 10000^(2i / units)), p_t,2i+1 = cos of the same. x (batch, time, units) -> y of that shape.
    Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.5.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Positional("sinusoidal"), [[[0, 0], [0, 0]]])
    [[[0.0, 1.0], [0.841471, 0.540302]]]
    """

    example: ClassVar[str] = "positional: sinusoidal"
    kind: Literal["learned", "sinusoidal"] = option("learned", help="vectors that are trained, or waves")
    init: Initializer | None = option(None, help="initializer of learned vectors; default normal with deviation 0.02")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        require_steps(x)
        shape = x.shape[1:]
        if self.kind == "learned":
            init = self.init or Normal(0.02)  # type: ignore[call-arg]
            return x + build.parameter("weight", shape, init, (shape[1], shape[1]))
        return x + constant(waves(*shape), shape)


def waves(time: int, units: int) -> str:
    """p (time, units) as NumPy says it: the cosine is the sine a quarter of a turn later."""
    angles = f"np.c_[:{time}] / 1e4 ** (np.r_[:{units}] // 2 * 2 / {units})"
    return f"np.sin({angles} + np.r_[:{units}] % 2 * np.pi / 2)"


def require_steps(x: Tensor) -> None:
    """Refuses what is no sequence of vectors."""
    if x.rank != 3:
        what = f"needs rows of (time, units), found rows of shape {list(x.shape[1:])}"
        raise ZenError(what, hint="text begins with `embedding`; a series of numbers with {reshape: [-1, 1]}")
