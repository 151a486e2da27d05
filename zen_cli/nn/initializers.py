"""How weights are drawn before training. Biases start at zero unless a config says otherwise."""

import math
from typing import Any, ClassVar

import numpy as np

from zen_cli.registry import Registry, option

Array = np.ndarray[Any, Any]


class Initializer:
    """Draws a weight of `shape` from `rng`, given how many inputs and outputs it connects (`fans`)."""

    registry: ClassVar[Registry["Initializer"]]
    name: ClassVar[str]

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        """A float64 array of `shape`."""
        raise NotImplementedError


initializers: Registry[Initializer] = Registry("initializer")
Initializer.registry = initializers


@initializers.register("zeros")
class Zeros(Initializer):
    """w = 0. Right for biases; for weights it leaves all units of a layer equal for ever.

    Source: Goodfellow, Bengio, Courville 2016, section 8.4.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return np.zeros(shape)


@initializers.register("constant", main="value")
class Constant(Initializer):
    """w = value everywhere.

    Source: Goodfellow, Bengio, Courville 2016, section 8.4.
    """

    example: ClassVar[str] = "constant: 0.1"
    value: float = option(help="the number that every element gets")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return np.full(shape, self.value)


@initializers.register("normal", main="std")
class Normal(Initializer):
    """w ~ N(0, std^2).

    Source: Krizhevsky, Sutskever, Hinton 2012, section 5 (std 0.01).
    """

    std: float = option(0.01, help="standard deviation", above=0)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return self.std * rng.standard_normal(shape)


@initializers.register("uniform", main="limit")
class Uniform(Initializer):
    """w ~ U(-limit, limit).

    Source: LeCun et al. 1998, Efficient BackProp, section 4.6 (ranges about zero).
    """

    limit: float = option(0.05, help="largest magnitude", above=0)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return rng.uniform(-self.limit, self.limit, shape)


@initializers.register("uniform_0_1")
class Uniform01(Initializer):
    """w ~ U(0, 1): a lesson, not a recommendation.

    All weights positive: the sums grow with the width, sigmoids saturate, units stay alike. XOR's 2-8-4-2 net
    learns from about a quarter of all seeds with weights and biases from it, from 98 of 100 with `fan_in_uniform`.
    Source: the first version of many a network written from scratch.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return rng.uniform(0.0, 1.0, shape)


@initializers.register("fan_in_uniform")
class FanInUniform(Initializer):
    """w ~ U(-a, a), a = 1 / sqrt(fan_in): what torch's Linear does.

    Source: LeCun et al. 1998, Efficient BackProp, section 4.6, in the form of torch.nn.Linear.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        limit = 1.0 / math.sqrt(fans[0])
        return rng.uniform(-limit, limit, shape)


@initializers.register("glorot_uniform", "xavier_uniform")
class GlorotUniform(Initializer):
    """w ~ U(-a, a), a = sqrt(6 / (fan_in + fan_out)): variance kept forwards and backwards; for tanh, sigmoid, none.

    Source: Glorot and Bengio 2010, equation 16.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        limit = math.sqrt(6.0 / sum(fans))
        return rng.uniform(-limit, limit, shape)


@initializers.register("glorot_normal", "xavier_normal")
class GlorotNormal(Initializer):
    """w ~ N(0, 2 / (fan_in + fan_out)).

    Source: Glorot and Bengio 2010.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return math.sqrt(2.0 / sum(fans)) * rng.standard_normal(shape)


@initializers.register("he_uniform", "kaiming_uniform")
class HeUniform(Initializer):
    """w ~ U(-a, a), a = sqrt(6 / fan_in): for relu and its relatives.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        limit = math.sqrt(6.0 / fans[0])
        return rng.uniform(-limit, limit, shape)


@initializers.register("he_normal", "kaiming_normal")
class HeNormal(Initializer):
    """w ~ N(0, 2 / fan_in): relu halves the variance, the 2 gives it back.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return math.sqrt(2.0 / fans[0]) * rng.standard_normal(shape)


@initializers.register("lecun_uniform")
class LecunUniform(Initializer):
    """w ~ U(-a, a), a = sqrt(3 / fan_in).

    Source: LeCun et al. 1998, Efficient BackProp, section 4.6.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        limit = math.sqrt(3.0 / fans[0])
        return rng.uniform(-limit, limit, shape)


@initializers.register("lecun_normal")
class LecunNormal(Initializer):
    """w ~ N(0, 1 / fan_in): what selu's fixed point needs.

    Source: LeCun et al. 1998; Klambauer et al. 2017, arXiv:1706.02515.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return math.sqrt(1.0 / fans[0]) * rng.standard_normal(shape)
