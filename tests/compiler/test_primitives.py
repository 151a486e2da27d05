"""Every derivative in the table of primitives against central differences along a random direction."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.compiler.graphs import evaluate
from zen_cli.compiler import lookup, loop, normal  # noqa: F401 (each adds its primitives)
from zen_cli.compiler.gradient import gradient, unbroadcast
from zen_cli.compiler.primitives import PRIMITIVES, broadcast_shapes, reduce_sum
from zen_cli.compiler.tensor import Tensor, ancestors, apply, constant, leaf
from zen_cli.compiler.windows import Window

STEP, TOLERANCE = 1e-6, 1e-6
STRIDED = Window((2, 2), stride=(2, 3), padding=((1, 1), (0, 2)), dilation=(1, 2))


class Case(NamedTuple):
    """A use of a primitive on leaves of `shapes`, with values between `low` and `high`."""

    use: Callable[..., Tensor]
    shapes: tuple[tuple[int, ...], ...]
    low: float = -2.0
    high: float = 2.0


def of(
    name: str, *shapes: tuple[int, ...], low: float = -2.0, high: float = 2.0, whole: bool = False, **options: Any
) -> Case:  # fmt: skip
    """`whole`: the last input is whole numbers below 5, which have no slope."""
    if not whole:
        return Case(lambda *inputs: apply(name, *inputs, **options), shapes, low, high)
    index = constant(np.arange(math.prod(shapes[-1])).reshape(shapes[-1]) * 7 % 5, shapes[-1])
    return Case(lambda *inputs: apply(name, *inputs, index, **options), shapes[:-1], low, high)


CASES: dict[str, list[Case]] = {
    "add": [of("add", (2, 3), (2, 3)), of("add", (2, 3), (3,)), of("add", (2, 1), (2, 3)), of("add", (), (2, 3))],
    "subtract": [of("subtract", (2, 3), (1, 3)), of("subtract", (3,), (2, 3))],
    "multiply": [of("multiply", (2, 3), (2, 1)), of("multiply", (2, 3), ()), of("multiply", (4,), (4,))],
    "divide": [of("divide", (2, 3), (3,), low=0.5), of("divide", (1,), (2, 3), low=0.5)],
    "negative": [of("negative", (2, 3))],
    "square": [of("square", (2, 3)), of("square", ())],
    "sqrt": [of("sqrt", (2, 3), low=0.1)],
    "exp": [of("exp", (2, 3))],
    "expm1": [of("expm1", (2, 3))],
    "log": [of("log", (2, 3), low=0.2)],
    "log1p": [of("log1p", (2, 3), low=-0.8)],
    "tanh": [of("tanh", (2, 3))],
    "absolute": [of("absolute", (2, 3))],
    "maximum": [of("maximum", (2, 3), (2, 3)), of("maximum", (2, 3), (3,))],
    "minimum": [of("minimum", (2, 3), (2, 3)), of("minimum", (2, 3), (3,))],
    "power": [Case(lambda x, k=k: x**k, ((2, 3),), low=0.5) for k in (2.0, 3.5, -1.0)],
    "sigmoid": [of("sigmoid", (2, 3))],
    "softplus": [of("softplus", (2, 3))],
    "softmax": [of("softmax", (2, 3)), of("softmax", (4,)), of("softmax", (2, 1))],
    "sum": [
        of("sum", (2, 3, 4), axes=axes, keep=keep)
        for axes in ((-1,), (-2,), (-3,), (-3, -1), (-3, -2, -1))
        for keep in (True, False)
    ],
    "max": [of("max", (2, 3, 4), axes=axes, keep=keep) for axes in ((-1,), (-2,), (-2, -1)) for keep in (True, False)],
    "matmul": [of("matmul", (2, 3), (3, 4)), of("matmul", (5, 2, 3), (3, 4)), of("matmul", (1, 1), (1, 3))],
    "inner": [of("inner", (2, 3), (2, 3)), of("inner", (4,), (4,))],
    "transpose": [
        of("transpose", (2, 3), axes=(-1, -2)), of("transpose", (4, 2, 3), axes=(-1, -2)),
        of("transpose", (4, 2, 3), axes=(-1, -3, -2)), of("transpose", (2, 4, 2, 3), axes=(-2, -3, -1)),
    ],  # fmt: skip
    "slice": [of("slice", (5, 3), axis=axis, start=1, stop=3) for axis in (-1, -2)],
    "concat": [
        of("concat", (2, 3), (2, 4), axis=-1, starts=(0, 3), size=7),
        of("concat", (2, 3), (1, 3), axis=-2, starts=(1, 4), size=6),
        of("concat", (2, 3), axis=-2, starts=(1,), size=4),
    ],  # fmt: skip
    "convolve": [of("convolve", (2, 4, 5, 3), (3, 2, 3, 2), window=Window((3, 2)), groups=1),
                 of("convolve", (1, 5, 4, 4), (2, 2, 2, 4), window=STRIDED, groups=2)],
    "convolve_input": [of("convolve_input", (2, 2, 4, 2), (3, 2, 3, 2), window=Window((3, 2)), groups=1, size=(4, 5)),
                       of("convolve_input", (1, 3, 2, 4), (2, 2, 2, 4), window=STRIDED, groups=2, size=(5, 4))],
    "convolve_weight": [of("convolve_weight", (2, 4, 5, 3), (2, 2, 4, 2), window=Window((3, 2)), groups=1),
                        of("convolve_weight", (1, 5, 4, 4), (1, 3, 2, 4), window=STRIDED, groups=2)],
    "patches": [of("patches", (2, 4, 3, 2), window=Window((2, 2)), by_tap=by_tap) for by_tap in (False, True)],
    "max_pool": [of("max_pool", (2, 4, 4, 2), window=Window((2, 2), stride=(2, 2))),
                 of("max_pool", (1, 5, 4, 1), window=Window((3, 2), stride=(1, 2)))],
    "sum_pool": [of("sum_pool", (2, 4, 4, 2), window=Window((2, 2), stride=(2, 2))),
                 of("sum_pool", (1, 5, 4, 1), window=STRIDED)],
    "sum_pool_input": [of("sum_pool_input", (2, 2, 2, 2), window=Window((2, 2), stride=(2, 2)), size=(4, 4)),
                       of("sum_pool_input", (1, 3, 2, 1), window=STRIDED, size=(5, 4))],
    "reshape": [of("reshape", (2, 3), shape=(3, 2)), of("reshape", (2, 3), shape=(6,))],
    "broadcast": [of("broadcast", (3,), shape=(2, 3)), of("broadcast", (2, 1), shape=(2, 3))],
    "normalize": [
        of("normalize", (3, 4), axes=axes, eps=1e-2, centered=centered)
        for axes in ((-1,), (-2,), (-2, -1)) for centered in (True, False)
    ],  # fmt: skip
    "gather": [of("gather", (rows, 3), (4, 2), whole=True) for rows in (5, 200)],
    "scatter": [of("scatter", (4, 3), (4,), rows=7, whole=True)],
    # Flat between their jumps.
    "greater": [of("greater", (2, 3), (2, 3))],
    "sign": [of("sign", (2, 3))],
}
# tested one by one below; loops elsewhere
BY_THEMSELVES = {"stop_gradient", "one_hot", "random", "loop", "outcome", "max_pool_input"}
EACH = [pytest.param(case, id=f"{name} {i}") for name, cases in CASES.items() for i, case in enumerate(cases)]


def mismatch(case: Case, seed: int = 0) -> float:
    """How far the slope along a random direction is from the central difference, relative to its size."""
    rng = np.random.default_rng(seed)
    names = [f"x{i}" for i in range(len(case.shapes))]
    leaves = [leaf(name, shape) for name, shape in zip(names, case.shapes, strict=True)]
    result = case.use(*leaves)
    total = reduce_sum(result * leaf("weights", result.shape)) if result.shape else result * 1.3
    weights = {"weights": rng.standard_normal(result.shape)}
    point = {name: rng.uniform(case.low, case.high, shape) for name, shape in zip(names, case.shapes, strict=True)}
    direction = {name: rng.standard_normal(shape) for name, shape in zip(names, case.shapes, strict=True)}
    slopes = [evaluate(g, point | weights) for g in gradient(total, leaves)]
    assert [slope.shape for slope in slopes] == list(case.shapes)
    slope = sum(float((direction[name] * slope).sum()) for name, slope in zip(names, slopes, strict=True))
    ahead, behind = (
        evaluate(total, {name: point[name] + step * direction[name] for name in names} | weights)
        for step in (STEP, -STEP)
    )
    wanted = float(ahead - behind) / (2 * STEP)
    return abs(slope - wanted) / max(1.0, abs(wanted))


def test_every_primitive_has_a_case() -> None:
    assert CASES.keys() | BY_THEMSELVES == PRIMITIVES.keys()


@pytest.mark.parametrize("case", EACH)
def test_the_derivative_is_the_slope(case: Case) -> None:
    assert max(mismatch(case, seed) for seed in range(3)) < TOLERANCE


@pytest.mark.parametrize("name", ["square", "matmul", "sum", "tanh", "softmax"])
def test_the_check_fails_for_a_slope_a_thousandth_off(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = PRIMITIVES[name]

    def wrong(*arguments: Any, **options: Any) -> tuple[Tensor | None, ...]:
        first, *others = right.derivative(*arguments, **options)
        return (first * 1.001, *others)

    monkeypatch.setitem(PRIMITIVES, name, right._replace(derivative=wrong))
    assert max(mismatch(case) for case in CASES[name]) > 10 * TOLERANCE


def test_the_largest_of_equals_gives_each_its_slope() -> None:
    x = leaf("x", (1, 3))
    (slope,) = gradient(reduce_sum(apply("max", x, axes=(-1,), keep=True)), [x])
    assert evaluate(slope, {"x": np.array([[2.0, 1.0, 2.0]])}).tolist() == [[1, 0, 1]]


def test_stop_gradient_is_a_constant_for_the_derivative() -> None:
    x = leaf("x", (3,))
    (slope,) = gradient(reduce_sum(apply("stop_gradient", x) * x), [x])
    assert evaluate(slope, {"x": np.array([1.0, 2.0, 3.0])}).tolist() == [1, 2, 3]


def test_one_hot_marks_the_label() -> None:
    labels, x = leaf("labels", (2,), index=True), leaf("x", (2, 3))
    hot = apply("one_hot", labels, classes=3)
    assert hot.shape == (2, 3)
    values = {"labels": np.array([2, 0]), "x": np.arange(6.0).reshape(2, 3)}
    (slope,) = gradient(reduce_sum(hot * x), [x])
    assert evaluate(slope, values).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_random_has_no_inputs_and_a_shape() -> None:
    assert apply("random", shape=(2, 3), key=1).shape == (2, 3)


def test_what_does_not_lead_to_the_output_has_slope_zero() -> None:
    x, other = leaf("x", (2,)), leaf("other", (3, 2))
    (slope,) = gradient(reduce_sum(x), [other])
    assert evaluate(slope, {"x": np.ones(2)}).tolist() == [[0, 0]] * 3


def test_a_tensor_used_twice_gathers_both_slopes() -> None:
    x = leaf("x", (2,))
    (slope,) = gradient(reduce_sum(x * x + x), [x])
    assert evaluate(slope, {"x": np.array([1.0, 3.0])}).tolist() == [3, 7]


def test_the_gradient_of_the_data_is_never_built() -> None:
    x, w = leaf("x", (4, 3)), leaf("w", (3, 2))
    slopes = gradient(reduce_sum(apply("tanh", x @ w)), [w])
    products = [tensor for tensor in ancestors(slopes) if tensor.primitive == "matmul"]
    assert [tensor.shape for tensor in products] == [(4, 2), (3, 2)]


def test_only_a_number_has_a_gradient() -> None:
    x = leaf("x", (3,))
    with pytest.raises(ValueError, match="of a number is wanted"):
        gradient(x * 2.0, [x])


@pytest.mark.parametrize("shape", [(3,), (1, 3), (2, 1), (1, 1), (1,), ()])
def test_a_gradient_is_summed_back_to_the_shape_that_was_stretched(shape: tuple[int, ...]) -> None:
    g = leaf("g", (2, 3))
    values = np.arange(6.0).reshape(2, 3)
    total = np.zeros(shape)
    for index in np.ndindex(2, 3):
        total[tuple(min(i, n - 1) for i, n in zip(index[2 - len(shape) :], shape, strict=True))] += values[index]
    assert np.array_equal(evaluate(unbroadcast(g, shape), {"g": values}), total)


@pytest.mark.parametrize(("first", "second"), [((2, 3), (2, 4)), ((2,), (3,)), ((0, 2), (3, 2))])
def test_shapes_that_do_not_fit_are_named(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    if 0 in first:
        assert broadcast_shapes((0, 2), (1, 2)) == (0, 2)
    with pytest.raises(ValueError, match="do not fit together"):
        broadcast_shapes(first, second)


@pytest.mark.parametrize(("first", "second"), [((2, 3), (4, 2)), ((3,), (3, 2)), ((), (2, 2))])
def test_products_that_do_not_chain_are_named(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="do not chain"):
        leaf("a", first) @ leaf("b", second)


def test_a_reshape_keeps_the_numbers() -> None:
    with pytest.raises(ValueError, match="does not hold as many"):
        apply("reshape", constant(0.0, (2, 3)), shape=(4,))
