"""The loss of a batch and the gradients of all weights that are trained, as assignments."""

from __future__ import annotations

from zen_cli.compiler.gradient import gradient, label
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import greater, maximum, reduce_sum, sqrt
from zen_cli.compiler.tensor import Tensor, apply, leaf
from zen_cli.errors import ZenError
from zen_cli.nn.losses import Loss
from zen_cli.nn.network import Network, Trace

TINY = 1e-12  # so that a gradient of zero leads nowhere


def learning(network: Network, loss: Loss, x: Tensor, y: Tensor, uphill: float = 0.0) -> list[Assignment]:
    """The leaves `loss`, `gradient.<parameter>` and what layers remember: at the weights, or that far uphill (SAM).

    Uphill is along the gradient of all weights; the same is drawn there as at the weights.
    """
    trace = network.trace(x, training=True)
    value = mean_loss(loss, trace.prediction, y, network.filled)
    names, weights = _trained(trace)
    slopes = gradient(value, weights)
    if uphill:
        far = uphill / maximum(sqrt(_sum([apply("inner", g, g) for g in slopes])), TINY)
        moved = [w + g * far for w, g in zip(weights, slopes, strict=True)]
        there = network.trace(x, training=True, weights=dict(zip(names, moved, strict=True)))
        slopes = gradient(mean_loss(loss, there.prediction, y, network.filled), moved)
    learned = [Assignment(leaf(f"gradient.{name}", g.shape), g) for name, g in zip(names, slopes, strict=True)]
    kept = [Assignment(leaf(memory.name, memory.shape), trace.remembered[memory.name]) for memory in trace.memories]
    return [Assignment(leaf("loss", ()), value), *reversed(learned), *kept]


def mean_loss(loss: Loss, prediction: Tensor, target: Tensor, filled: bool = False) -> Tensor:
    """The mean over the batch of the loss of each row, of each step where a row has a target for each.

    `filled`: labels below 0 are steps that only fill a row up, and do not count.

    Raises:
        ZenError: the target would be stretched over the prediction: (n,) and (n, 1) make (n, n).
    """
    if target.shape != (prediction.shape[:-1] if target.options["index"] else prediction.shape):
        raise ZenError(f"a target of shape {target.shape} does not fit a prediction of shape {prediction.shape}")
    rows = loss.rows(prediction, target)
    if filled and rows.rank > 1:
        counted = greater(target, -0.5)
        value = reduce_sum(rows * counted) / reduce_sum(counted)
    else:
        value = reduce_sum(rows) * (1.0 / rows.size)
    label(value, f"loss {loss.name}")
    return value


def _trained(trace: Trace) -> tuple[list[str], list[Tensor]]:
    pairs = zip(trace.parameters, trace.tensors, strict=True)
    found = [(parameter.name, tensor) for parameter, tensor in pairs if not parameter.treatment.freeze]
    return [name for name, _ in found], [tensor for _, tensor in found]


def _sum(numbers: list[Tensor]) -> Tensor:
    total = numbers[0]
    for number in numbers[1:]:
        total = total + number
    return total
