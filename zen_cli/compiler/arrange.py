"""Rules about what only moves numbers: the same arrangement with fewer moves.

A transpose moves outwards, through everything that works element by element, until it meets its inverse and both
are gone: so images are turned channels last once, whatever stands between two convolutions.
"""

from __future__ import annotations

from zen_cli.compiler.layout import CHANNELS_FIRST, channels_last
from zen_cli.compiler.primitives import part, permute, reduce_sum, spans
from zen_cli.compiler.rewrite import Rule
from zen_cli.compiler.scalars import is_scalar, is_scaled
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.compiler.views import whole

Axes = tuple[int, ...]


# --- shapes ---------------------------------------------------------------------------------------
def _reshape(tensor: Tensor) -> Tensor | None:
    (x,) = tensor.inputs
    if x.primitive == "reshape":
        return apply("reshape", x.inputs[0], shape=tensor.shape)
    if x.primitive == "broadcast" and not x.inputs[0].shape:
        return apply("broadcast", x.inputs[0], shape=tensor.shape)
    if x.number is not None and tensor.shape:
        return apply("broadcast", x, shape=tensor.shape)
    if is_scaled(x):
        return apply("reshape", x.inputs[0], shape=tensor.shape) * x.inputs[1]
    return _same_shape(tensor)


def _same_shape(tensor: Tensor) -> Tensor | None:
    return tensor.inputs[0] if tensor.inputs[0].shape == tensor.shape else None


def _broadcast(tensor: Tensor) -> Tensor | None:
    (x,) = tensor.inputs
    return apply("broadcast", x.inputs[0], shape=tensor.shape) if x.primitive == "broadcast" else _same_shape(tensor)


def _expanded(x: Tensor, rank: int) -> Tensor:
    """x with axes of length 1 in front."""
    return apply("reshape", x, shape=(1,) * (rank - x.rank) + x.shape)


# --- parts ----------------------------------------------------------------------------------------
def _slice(tensor: Tensor) -> Tensor | None:
    (x,), (axis, start, stop) = tensor.inputs, (tensor.options[name] for name in ("axis", "start", "stop"))
    if x.primitive == "slice" and x.options["axis"] == axis:
        first = x.options["start"]
        return part(x.inputs[0], first + start, first + stop, axis)
    if x.primitive == "broadcast" and not x.inputs[0].shape:
        return apply("broadcast", x.inputs[0], shape=tensor.shape)
    if x.primitive == "concat" and x.options["axis"] == axis:
        for first, last, item in spans(x):
            if item is not None and first <= start and stop <= last:
                return part(item, start - first, stop - first, axis)
    if x.primitive == "transpose" and x.shape != tensor.shape:
        return permute(part(x.inputs[0], start, stop, _axes(x)[axis]), _axes(x))
    return _same_shape(tensor)


def _concat(tensor: Tensor) -> Tensor | None:
    turn = _turn(tensor.inputs[0])
    if turn and all(_turn(item) == turn and not is_scaled(item) for item in tensor.inputs):
        options = tensor.options | {"axis": turn[tensor.options["axis"]]}
        return permute(apply("concat", *(item.inputs[0] for item in tensor.inputs), **options), turn)
    return _same_shape(tensor) if len(tensor.inputs) == 1 else None


# --- transposes move outwards ---------------------------------------------------------------------
def _transpose(tensor: Tensor) -> Tensor | None:
    (x,), axes = tensor.inputs, _axes(tensor)
    if x.primitive == "transpose":
        return permute(x.inputs[0], tuple(_axes(x)[axis] for axis in axes))
    if is_scaled(x):
        return permute(x.inputs[0], axes) * x.inputs[1]
    if x.primitive == "broadcast":
        (small,) = x.inputs
        small = permute(_expanded(small, x.rank), axes) if small.shape else small
        return apply("broadcast", small, shape=tensor.shape)
    long = [axis for axis in axes if x.shape[axis] != 1]
    return apply("reshape", x, shape=tensor.shape) if long == sorted(long) else None


def elementwise(tensor: Tensor) -> Tensor | None:
    """f(x turned, y turned) = f(x, y) turned. What is turned to channels first takes all else along."""
    turns = {turn for item in tensor.inputs if (turn := _turn(item)) and item.rank == tensor.rank}
    if len(turns) != 1 or is_scaled(tensor):
        return None
    (turn,) = turns
    if turn != CHANNELS_FIRST and not all(_turn(item) == turn or is_scalar(item) for item in tensor.inputs):
        return None
    return permute(apply(tensor.primitive, *(_turned_back(item, turn) for item in tensor.inputs)), turn)


def _axes(turned: Tensor) -> Axes:
    return whole(turned.options["axes"], turned.rank)


def _turn(item: Tensor) -> Axes | None:
    source = item.inputs[0] if is_scaled(item) else item
    return _axes(source) if source.primitive == "transpose" else None


def _turned_back(item: Tensor, turn: Axes) -> Tensor:
    if not item.shape:
        return item
    if _turn(item) != turn:
        return channels_last(_expanded(item, len(turn)))
    return item.inputs[0].inputs[0] * item.inputs[1] if is_scaled(item) else item.inputs[0]


def reduction(tensor: Tensor) -> Tensor | None:
    """The sum of what is turned, where the axes that are left keep their order."""
    (x,), keep = tensor.inputs, tensor.options["keep"]
    if x.primitive != "transpose":
        return over_rows(tensor)
    turn = _axes(x)
    axes = tuple(sorted(turn[axis] for axis in tensor.options["axes"]))
    summed = reduce_sum(x.inputs[0], axes, keep)
    if keep:
        return permute(summed, turn)
    left = [axis for axis in turn if axis not in axes]
    return summed if left == sorted(left) else None


def over_rows(tensor: Tensor) -> Tensor | None:
    """The sum over all axes but the last, as the sum over the rows of a matrix."""
    (x,), axes = tensor.inputs, tensor.options["axes"]
    if x.rank < 3 or axes != tuple(range(-x.rank, -1)):
        return None
    rows = apply("reshape", x, shape=(x.size // x.shape[-1], x.shape[-1]))
    return apply("reshape", reduce_sum(rows, (-2,)), shape=tensor.shape)


RULES: dict[str, Rule] = {
    "reshape": _reshape, "broadcast": _broadcast, "slice": _slice, "concat": _concat, "transpose": _transpose,
}
