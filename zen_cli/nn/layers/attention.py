"""Attention: every step of a sequence looks at the others; and the block that transformers stack."""

import math
from typing import ClassVar

from zen_cli.compiler.primitives import part, permute
from zen_cli.compiler.tensor import Tensor, apply, constant
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import Initializer, Zeros
from zen_cli.nn.layers.activations import Gelu
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.nn.layers.dropout import Dropout, dropped
from zen_cli.nn.layers.embedding import require_steps
from zen_cli.nn.layers.layer_norm import LayerNorm
from zen_cli.nn.layers.linear import Linear
from zen_cli.nn.layers.structure import Residual
from zen_cli.registry import option

NEVER = 1e9  # what is taken from the score of a step that must not be looked at


@layers.register("attention", main="heads")
class Attention(Layer):
    """y = concat(heads) out_weight + out_bias, head = softmax(q k^T / sqrt(d)) v; (q, k, v) = x in_weight + in_bias.

    x (batch, time, units) -> y of that shape, d = units / heads; in_weight (units, 3 units), in_bias (3 units,),
    out_weight (units, units), out_bias (units,), as in torch.nn.MultiheadAttention, transposed. `causal`: a step
    sees itself and what is before it. Steps that only fill up a row are not looked at.
    Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Attention(causal=True, init=Constant(1.0)), [[[0], [2]]])  # exp(4) / (1 + exp(4)) of 2
    [[[0.0], [1.964028]]]
    """

    example: ClassVar[str] = "attention: {heads: 2, causal: true}"
    weighted: ClassVar[bool] = True
    heads: int = option(1, help="how many looks at once, each with its share of the units", low=1)
    causal: bool = option(False, help="whether a step must not look ahead")
    dropout: float = option(0.0, help="share of looks that are left out in training", low=0, below=1)
    init: Initializer | None = option(None, help="initializer of the weights; default glorot_uniform")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        require_steps(x)
        batch, time, units = x.shape
        if build.stepwise and not self.causal:
            raise ZenError("looks ahead at the characters that are to be predicted", hint="set causal: true")
        if units % self.heads:
            raise ZenError(f"{units} units cannot be shared out among {self.heads} heads")
        projected = self._projected(x, 3 * units, "in", build)
        query, key, value = (self._by_head(part(projected, i * units, (i + 1) * units), batch) for i in range(3))
        scores = (query * (1.0 / math.sqrt(units // self.heads))) @ key.T
        looks = dropped(apply("softmax", self._masked(scores, build.mask)), self.dropout, build)
        seen = permute(looks @ value, (-4, -2, -3, -1))
        return apply("reshape", self._projected(seen, units, "out", build), shape=x.shape)

    def _projected(self, x: Tensor, units: int, name: str, build: Build) -> Tensor:
        """(batch, time, ...) -> (batch time, units)."""
        rows = apply("reshape", x, shape=(x.shape[0] * x.shape[1], math.prod(x.shape[2:])))
        fans = (rows.shape[1], rows.shape[1])  # each of q, k and v is as wide
        weight = build.parameter(f"{name}_weight", (rows.shape[1], units), self.init, fans)
        return rows @ weight + build.parameter(f"{name}_bias", (units,), Zeros(), fans)

    def _by_head(self, x: Tensor, batch: int) -> Tensor:
        """(batch time, units) -> (batch, heads, time, units / heads)."""
        rows, units = x.shape
        shape = (batch, rows // batch, self.heads, units // self.heads)
        return permute(apply("reshape", x, shape=shape), (-4, -2, -3, -1))

    def _masked(self, scores: Tensor, mask: Tensor | None) -> Tensor:
        time = scores.shape[-1]
        if self.causal:
            scores = scores + constant(f"np.triu(np.full(({time}, {time}), -{NEVER}), 1)", (time, time))
        if mask is not None and mask.shape == (scores.shape[0], time):
            scores = scores + apply("reshape", (mask - 1.0) * NEVER, shape=(mask.shape[0], 1, 1, time))
        return scores


@layers.register("transformer_block", main="heads")
class TransformerBlock(Layer):
    """y = h + f(norm(h)), h = x + attention(norm(x)); f: linear to `hidden` units, gelu, linear back.

    x (batch, time, units) -> y of that shape. It is two `residual` layers, and its parameters are named so. The
    norm comes first, so that deep stacks train without a warm-up. After the last block belongs a `layer_norm`.
    Source: Vaswani et al. 2017, arXiv:1706.03762; the order is that of Xiong et al. 2020, arXiv:2002.04745.

    >>> from zen_cli.nn.worked import forward
    >>> forward(TransformerBlock(1), [[[1, 1]]])  # each norm of equal numbers is 0
    [[[1.0, 1.0]]]
    """

    example: ClassVar[str] = "transformer_block: {heads: 2, causal: true}"
    weighted: ClassVar[bool] = True
    heads: int = option(1, help="heads of the attention", low=1)
    hidden: int | None = option(None, help="units between the two linear layers; default 4 times the input's", low=1)
    causal: bool = option(False, help="whether a step must not look ahead")
    dropout: float = option(0.0, help="share left out in training, of looks and of both results", low=0, below=1)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        require_steps(x)
        units = x.shape[-1]
        attention = Attention(self.heads, self.causal, self.dropout)  # type: ignore[call-arg]
        widened, narrowed = Linear(self.hidden or 4 * units), Linear(units)  # type: ignore[call-arg]
        thinned = [Dropout(self.dropout)] if self.dropout else []  # type: ignore[call-arg]
        parts = [[LayerNorm(), attention, *thinned], [LayerNorm(), widened, Gelu(), narrowed, *thinned]]
        return build.layers([Residual(part) for part in parts], x)  # type: ignore[call-arg]
