"""An interpreter of graphs that shares no code with the compiler, and random graphs to compare the two on."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from zen_cli.compiler.emitter.code import constant_array
from zen_cli.compiler.layout import channels_first
from zen_cli.compiler.loop import Loop
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import concat, pad, part, permute
from zen_cli.compiler.tensor import Tensor, ancestors, apply, leaf, scalar

Array = np.ndarray[Any, Any]


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _normalize(x: Array, axes: tuple[int, ...], eps: float, centered: bool) -> Array:
    x = x - x.mean(axes, keepdims=True) * centered
    return x / np.sqrt((x**2).mean(axes, keepdims=True) + eps)


def _scatter(x: Array, index: Array, rows: int) -> Array:
    result = np.zeros((rows, x.shape[1]))
    np.add.at(result, index.astype(int), x)
    return result


def _concat(*parts: Array, axis: int, starts: tuple[int, ...], size: int) -> Array:
    shape = list(parts[0].shape)
    shape[axis] = size
    result = np.zeros(shape)
    for start, x in zip(starts, parts, strict=True):
        np.moveaxis(result, axis, 0)[start : start + x.shape[axis]] = np.moveaxis(x, axis, 0)
    return result


def _met(size: Any, window: Any, groups: int, channels: int, outputs: int) -> Iterator[tuple[Any, Any, Any]]:
    """Each place, tap and group of a convolution: the pixel they meet at, and the parts of pixel, weight and result."""
    each, out = channels // groups, outputs // groups
    places = window.places(size)
    for i, j, u, v, n in np.ndindex(*places, *window.kernel, groups):
        p, q = (at * s + tap * d - before for at, s, tap, d, (before, _) in
                zip((i, j), window.stride, (u, v), window.dilation, window.padding, strict=True))
        if 0 <= p < size[0] and 0 <= q < size[1]:
            some, its = slice(n * each, (n + 1) * each), slice(n * out, (n + 1) * out)
            yield (slice(None), p, q, some), (u, v, slice(None), its), (slice(None), i, j, its)


def _convolve(x: Array, w: Array, window: Any, groups: int) -> Array:
    y = np.zeros((len(x), *window.places(x.shape[1:3]), w.shape[3]))
    for pixel, tap, place in _met(x.shape[1:3], window, groups, x.shape[3], w.shape[3]):
        y[place] += x[pixel] @ w[tap]
    return y


def _convolve_input(d: Array, w: Array, window: Any, groups: int, size: Any) -> Array:
    x = np.zeros((len(d), *size, w.shape[2] * groups))
    for pixel, tap, place in _met(size, window, groups, x.shape[3], w.shape[3]):
        x[pixel] += d[place] @ w[tap].T
    return x


def _convolve_weight(x: Array, d: Array, window: Any, groups: int) -> Array:
    w = np.zeros((*window.kernel, x.shape[3] // groups, d.shape[3]))
    for pixel, tap, place in _met(x.shape[1:3], window, groups, x.shape[3], d.shape[3]):
        w[tap] += x[pixel].T @ d[place]
    return w


def _patches(x: Array, window: Any, by_tap: bool) -> Array:
    size = int(np.prod(window.kernel)) * x.shape[3]
    y = _convolve(x, np.eye(size).reshape(*window.kernel, x.shape[3], size), window, 1)
    y = y.reshape(*y.shape[:3], *window.kernel, x.shape[3])
    return y.transpose(3, 4, 5, 0, 1, 2) if by_tap else y


def _windows(x: Array, window: Any) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Each place, and the part of the image that its window covers: (batch, taps, channels)."""
    height, width = window.places(x.shape[1:3])
    taps = list(np.ndindex(*window.kernel))
    for i, j in np.ndindex(height, width):
        at = [(i * window.stride[0] + u * window.dilation[0], j * window.stride[1] + v * window.dilation[1])
              for u, v in taps]
        yield (i, j), np.stack([x[:, p, q] for p, q in at], 1)


def _framed(x: Array, window: Any, value: float) -> tuple[Array, Any]:
    image = np.pad(x, ((0, 0), *window.padding, (0, 0)), constant_values=value)
    return image, window._replace(padding=((0, 0), (0, 0)))


def _pool(x: Array, window: Any, by: Any, value: float = 0.0) -> Array:
    y = np.zeros((len(x), *window.places(x.shape[1:3]), x.shape[3]))
    for (i, j), seen in _windows(*_framed(x, window, value)):
        y[:, i, j] = by(seen, axis=1)
    return y


def _max_pool_input(d: Array, y: Array, x: Array, window: Any) -> Array:
    numbers = np.arange(x.size).reshape(x.shape)
    gradient = np.zeros(x.size)
    both = zip(_windows(*_framed(x, window, -np.inf)), _windows(*_framed(numbers, window, -1)), strict=True)
    for ((i, j), seen), (_, number) in both:
        first = np.take_along_axis(number, seen.argmax(axis=1)[:, None], 1)[:, 0]
        np.add.at(gradient, first.ravel(), d[:, i, j].ravel())
    return gradient.reshape(x.shape)


def _sum_pool_input(d: Array, window: Any, size: Any) -> Array:
    x = np.zeros((len(d), *size, d.shape[3]))
    for (_, p, q, _), _, (_, i, j, _) in _met(size, window, 1, d.shape[3], d.shape[3]):
        x[:, p, q] += d[:, i, j]
    return x


MEANING: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b, "power": lambda a, b: a**b, "negative": lambda x: -x, "square": lambda x: x * x,
    "sqrt": np.sqrt, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "tanh": np.tanh,
    "absolute": np.abs, "sign": np.sign, "maximum": np.maximum, "minimum": np.minimum,
    "greater": lambda a, b: (a > b) * 1.0,
    "stop_gradient": lambda x: x, "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(0.0, x), "softmax": _softmax, "matmul": lambda a, b: a @ b,
    "inner": lambda a, b: (a * b).sum(), "transpose": lambda x, axes: np.moveaxis(x, axes, range(-len(axes), 0)),
    "slice": lambda x, axis, start, stop: np.take(x, np.arange(start, stop), axis), "concat": _concat,
    "sum": lambda x, axes, keep: x.sum(axis=axes, keepdims=keep),
    "max": lambda x, axes, keep: x.max(axis=axes, keepdims=keep),
    "reshape": lambda x, shape: x.reshape(shape), "broadcast": lambda x, shape: np.broadcast_to(x, shape),
    "gather": lambda table, index: table[index.astype(int)], "scatter": _scatter, "normalize": _normalize,
    "convolve": _convolve, "convolve_input": _convolve_input, "convolve_weight": _convolve_weight, "patches": _patches,
    "max_pool": lambda x, window: _pool(x, window, np.max, -np.inf), "max_pool_input": _max_pool_input,
    "sum_pool": lambda x, window: _pool(x, window, np.sum), "sum_pool_input": _sum_pool_input,
    "one_hot": lambda labels, classes: np.eye(classes)[labels.astype(int)],
}  # fmt: skip


def evaluate(tensor: Tensor, values: Mapping[str, Any], known: dict[Tensor, Any] | None = None) -> Any:
    """What `tensor` is where leaves and scalars are `values`, in float64; `known` gathers every result."""
    known = {} if known is None else known
    for item in ancestors([tensor]):
        if item in known:
            continue
        if item.primitive in ("leaf", "scalar"):
            known[item] = np.asarray(values[item.options["name"]])
        elif item.primitive == "constant":
            known[item] = constant_array(item, np.float64)
        elif item.primitive == "random":
            known[item] = values[f"random {item.options['key']}"]
        elif item.primitive == "loop":
            known[item] = _rounds(item.options["loop"], [known[i] for i in item.inputs])
            continue
        elif item.primitive == "outcome":
            known[item] = known[item.inputs[0]][item.options["index"]]
        else:
            known[item] = MEANING[item.primitive](*(known[i] for i in item.inputs), **item.options)
        assert known[item].shape == item.shape, f"{item}: {known[item].shape}"
    return known[tensor]


def _rounds(loop: Loop, given: list[Any]) -> list[Any]:
    """The results of a loop, round by round."""
    count = len(loop.carried)
    state, sequences = given[:count], given[count : count + len(loop.sliced)]
    names = [inner.options["name"] for inner in loop.leaves]
    visited, kept = [state], []
    for t in reversed(range(loop.rounds)) if loop.backward else range(loop.rounds):
        now = [*state, *(sequence[t] for sequence in sequences), *given[count + len(sequences) :]]
        found, _ = evaluate_all([*loop.following, *loop.kept], dict(zip(names, now, strict=True)))
        state = found[:count]
        visited.append(state)
        kept.append(found[count:])
    order = -1 if loop.backward else 1
    carried = [np.array(values)[::order] for values in zip(*visited, strict=True)] if loop.stored else state
    return [*carried, *(np.array(values)[::order] for values in zip(*kept, strict=True))]


def evaluate_all(tensors: Iterable[Tensor], values: Mapping[str, Any]) -> tuple[list[Any], float]:
    """The values of `tensors`, and the largest number on the way to them."""
    known: dict[Tensor, Any] = {}
    found = [evaluate(tensor, values, known) for tensor in tensors]
    sizes = (float(np.abs(value).max(initial=0.0)) for item, value in known.items() if item.primitive != "loop")
    return found, max([1.0, *sizes])


SAFE: dict[str, Callable[[Tensor], Tensor]] = {
    "negative": lambda x: -x,
    "square": lambda x: apply("square", x),
    "tanh": lambda x: apply("tanh", x),
    "absolute": lambda x: apply("absolute", x),
    "sign": lambda x: apply("sign", x),
    "sigmoid": lambda x: apply("sigmoid", x),
    "softplus": lambda x: apply("softplus", x),
    "stop_gradient": lambda x: apply("stop_gradient", x),
    "sqrt": lambda x: apply("sqrt", apply("absolute", x) + 0.5),
    "exp": lambda x: apply("exp", apply("tanh", x)),
    "expm1": lambda x: apply("expm1", apply("tanh", x)),
    "log": lambda x: apply("log", apply("absolute", x) + 0.5),
    "log1p": lambda x: apply("log1p", apply("absolute", x)),
}
WITH_NUMBER: list[Callable[[Tensor, Any], Tensor]] = [
    lambda x, k: x * k, lambda x, k: k * x, lambda x, k: x + k, lambda x, k: k - x, lambda x, k: x - k,
    lambda x, k: x / (k * k + 0.5), lambda x, k: k / (apply("square", x) + 0.5), lambda x, k: apply("maximum", x, k),
    lambda x, k: apply("greater", x, k), lambda x, k: apply("greater", k, x),
]  # fmt: skip
NUMBERS = (0.0, 1.0, -1.0, 2.0, 0.5, -0.3, 1.7)
LIMIT = 1e4


class Maker:
    """Grows a random graph on leaves of `shapes`, step by step; what leaves the safe range is thrown away."""

    def __init__(
        self, seed: int, shapes: Mapping[str, tuple[int, ...]], elementwise: bool = False, shared: tuple[str, ...] = ()
    ) -> None:  # fmt: skip
        self.choose, self.elementwise = random.Random(seed), elementwise
        rng = np.random.default_rng(seed)
        self.values: dict[str, Any] = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
        self.values |= {"lr": 0.3, "t": 3.0}
        self.leaves = {name: leaf(name, shape, stacked=name not in shared) for name, shape in shapes.items()}
        lr, t = scalar("lr", stacked=True), scalar("t")
        self.scalars = [lr, t, 1.0 - 0.9**t, apply("greater", t, 2.0) * lr, apply("maximum", 2.0 - t, lr) ** 0.7,
                        apply("minimum", lr, 0.2)]  # fmt: skip
        self.pool: list[Tensor] = list(self.leaves.values())
        self.known: dict[Tensor, Any] = {}

    def grow(self, steps: int) -> "Maker":
        for _ in range(steps):
            tensor = self._candidate()
            if tensor is not None and self._is_safe(tensor):
                self.pool.append(tensor)
        return self

    def _candidate(self) -> Tensor | None:
        x, y = (self.choose.choice(self.pool[-6:] + self.pool) for _ in range(2))
        kinds = [self._unary, self._number, self._binary, self._binary]
        kind = self.choose.choice(kinds if self.elementwise else [*kinds, self._structure, self._structure])
        try:
            return kind(x, y)
        except (ValueError, IndexError):  # shapes that do not fit
            return None

    def _unary(self, x: Tensor, y: Tensor) -> Tensor:
        return self.choose.choice(list(SAFE.values()))(x)

    def _number(self, x: Tensor, y: Tensor) -> Tensor:
        return self.choose.choice(WITH_NUMBER)(x, self.choose.choice([*NUMBERS, *self.scalars]))

    def _binary(self, x: Tensor, y: Tensor) -> Tensor:
        name = self.choose.choice(["add", "subtract", "multiply", "divide", "maximum", "minimum", "greater"])
        return apply(name, x, apply("absolute", y) + 0.5 if name == "divide" else y)

    def _structure(self, x: Tensor, y: Tensor) -> Tensor | None:
        axes = tuple(sorted(self.choose.sample(range(-x.rank, 0), self.choose.randint(1, x.rank)))) if x.rank else ()
        options: list[Callable[[], Tensor]] = [
            lambda: x @ y, lambda: x @ y.T, lambda: x.T @ y, lambda: apply("inner", x, y) if x.shape == y.shape else x,
            lambda: apply("sum", x, axes=axes, keep=self.choose.random() < 0.5),
            lambda: apply("max", x, axes=axes, keep=self.choose.random() < 0.5),
            lambda: apply("reshape", x, shape=(x.size,)), lambda: apply("reshape", x, shape=x.shape[::-1]),
            lambda: apply("broadcast", x, shape=(x + y).shape), lambda: apply("softmax", x), lambda: x.T,
            lambda: permute(x, tuple(self.choose.sample(range(-x.rank, 0), x.rank))), lambda: self._slice(x, axes[0]),
            lambda: self._slice(x, axes[0]), lambda: concat([x, y, x], axes[0]), lambda: pad(x, 1, 2, axes[0]),
            lambda: channels_first(x),
        ]  # fmt: skip
        found = self.choose.choice(options)() if x.rank and y.rank else None
        return None if found is None or found.primitive in ("transpose", "softmax") and x.rank < 2 else found

    def _slice(self, x: Tensor, axis: int) -> Tensor:
        start = self.choose.randrange(x.shape[axis])
        return part(x, start, self.choose.randint(start + 1, x.shape[axis]), axis)

    def _is_safe(self, tensor: Tensor) -> bool:
        with np.errstate(all="ignore"):
            value = evaluate(tensor, self.values, self.known)
        steep = all(self._is_clear(item) for item in ancestors([tensor]) if item.primitive in ("greater", "sign"))
        return steep and value.size <= 400 and bool(np.isfinite(value).all()) and np.abs(value).max(initial=0) < LIMIT

    def _is_clear(self, step: Tensor) -> bool:
        """Whether the inputs of a step are away from its jump, so that rounding does not decide."""
        values = [self.known[item] for item in step.inputs]
        return bool((np.abs(values[0] - values[1] if len(values) == 2 else values[0]) > 1e-4).all())

    def assignments(self, count: int) -> list[Assignment]:
        """Values for `count` random leaves, or fewer: grown ones, old ones, other leaves (swaps)."""
        found = []
        for name in self.choose.sample(list(self.leaves), min(count, len(self.leaves))):
            target = self.leaves[name]
            fitting = [tensor for tensor in self.pool if tensor.shape == target.shape]
            latest = fitting[-3:] if self.choose.random() < 0.8 else fitting
            if target.options["stacked"]:
                found.append(Assignment(target, self.choose.choice(latest)))
        return found

    def arrays(self, dtype: str, replicas: int | None = None) -> dict[str, Array]:
        """The leaves' values as a program takes them; replica r's are a little larger than those of r - 1."""
        found = {}
        for name, item in self.leaves.items():
            each = [np.asarray(self.values[name] * (1 + 0.1 * r), dtype) for r in range(replicas or 1)]
            found[name] = np.stack(each) if replicas is not None and item.options["stacked"] else each[0].copy()
        return found
