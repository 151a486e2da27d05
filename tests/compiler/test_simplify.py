"""Simplifying leaves the numbers as they are and makes less of the graph."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.graphs import Maker, evaluate_all
from zen_cli.compiler.gradient import gradient
from zen_cli.compiler.layout import channels_first, channels_last
from zen_cli.compiler.primitives import concat, exp, greater, maximum, minimum, part, reduce_sum
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.simplify import simplify
from zen_cli.compiler.tensor import Tensor, ancestors, apply, constant, leaf, scalar

SHAPES: dict[str, tuple[int, ...]] = {
    "a": (4, 3), "b": (4, 3), "row": (3,), "column": (4, 1), "one": (1, 1), "w": (3, 5), "stack": (2, 4, 3),
    "image": (2, 3, 2, 2), "n": (),
}  # fmt: skip


def close(found: list[np.ndarray], wanted: list[np.ndarray], scale: float) -> bool:
    return all(
        x.shape == y.shape and np.allclose(x, y, rtol=1e-9, atol=1e-10 * scale)
        for x, y in zip(found, wanted, strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 25))
def test_a_random_graph_keeps_its_numbers(seed: int, steps: int) -> None:
    maker = Maker(seed, SHAPES).grow(steps)
    outputs = maker.pool[-4:]
    with np.errstate(all="ignore"):
        wanted, scale = evaluate_all(outputs, maker.values)
        found, _ = evaluate_all(simplify(outputs), maker.values)
    assert close(found, wanted, scale)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 15))
def test_random_gradients_keep_their_numbers(seed: int, steps: int) -> None:
    maker = Maker(seed, SHAPES).grow(steps)
    total = reduce_sum(maker.pool[-1]) if maker.pool[-1].shape else maker.pool[-1]
    slopes = gradient(total, list(maker.leaves.values()))
    with np.errstate(all="ignore"):
        wanted, scale = evaluate_all(slopes, maker.values)
        found, _ = evaluate_all(simplify(slopes), maker.values)
    assert close(found, wanted, scale)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 25))
def test_simplifying_twice_changes_nothing_more(seed: int, steps: int) -> None:
    once = simplify(Maker(seed, SHAPES).grow(steps).pool[-3:])
    assert len(ancestors(simplify(once))) == len(ancestors(once))


# --- worked examples ------------------------------------------------------------------------------
x, y, m = leaf("x", (4, 3)), leaf("y", (4, 3)), leaf("m", (4, 1))
w, row, n, lr = leaf("w", (3, 5)), leaf("row", (3,)), leaf("n", ()), scalar("lr")
image, other = leaf("image", (2, 5, 5, 3)), leaf("other", (2, 3, 5, 5))
zeros = apply("broadcast", constant(0.0), shape=(4, 3))


def text(tensor: Tensor) -> str:
    """A graph as one line: `add(x, 2.0)`."""
    if tensor.number is not None:
        return f"{tensor.number:.6g}"
    if not tensor.inputs:
        return str(tensor.options["name"])
    return f"{tensor.primitive}({', '.join(map(text, tensor.inputs))})"


RULES: dict[str, tuple[Callable[[], Tensor], str]] = {
    "numbers are folded": (lambda: (constant(2.0) + 3.0) * x, "multiply(x, 5)"),
    "numbers melt together": (lambda: x * 2.0 * 3.0, "multiply(x, 6)"),
    "a number moves outwards": (lambda: (x * 2.0) * y, "multiply(multiply(x, y), 2)"),
    "a number moves outwards from the right": (lambda: x * (y * 2.0), "multiply(multiply(x, y), 2)"),
    "scalars of the step melt together": (lambda: x * lr * 2.0, "multiply(x, multiply(lr, 2))"),
    "a division by a scalar": (lambda: x / lr, "multiply(x, divide(1, lr))"),
    "a division of a multiple": (lambda: (x * 2.0) / y, "multiply(divide(x, y), 2)"),
    "plus zero": (lambda: x + 0.0, "x"),
    "zero plus": (lambda: 0.0 + x, "x"),
    "plus zeros": (lambda: x + zeros, "x"),
    "minus zero": (lambda: x - 0.0, "x"),
    "zero minus": (lambda: 0.0 - x, "negative(x)"),
    "times one": (lambda: x * 1.0, "x"),
    "times minus one": (lambda: x * -1.0, "negative(x)"),
    "times zero": (lambda: x * 0.0, "broadcast(0)"),
    "over one": (lambda: x / 1.0, "x"),
    "twice the same": (lambda: x + x, "multiply(x, 2)"),
    "times itself": (lambda: x * x, "square(x)"),
    "a common factor": (lambda: x * lr + y * lr, "multiply(add(x, y), lr)"),
    "a common factor of a difference": (lambda: x * 0.5 - y * 0.5, "multiply(subtract(x, y), 0.5)"),
    "plus a negative": (lambda: x + -y, "subtract(x, y)"),
    "a negative plus": (lambda: -x + y, "subtract(y, x)"),
    "minus a negative": (lambda: x - -y, "add(x, y)"),
    "a negative of a negative": (lambda: -(0.0 - x), "x"),
    "a negative difference": (lambda: -(x - y), "subtract(y, x)"),
    "a negative multiple": (lambda: -(x * 2.0), "multiply(x, -2)"),
    "a negative factor": (lambda: -x * y, "negative(multiply(x, y))"),
    "a negative second factor": (lambda: x * -y, "negative(multiply(x, y))"),
    "a negative numerator": (lambda: -x / y, "negative(divide(x, y))"),
    "a stretched row": (lambda: apply("broadcast", row, shape=(4, 3)) + x, "add(row, x)"),
    "a stretched column and row": (
        lambda: apply("broadcast", m, shape=(4, 3)) * apply("broadcast", row, shape=(4, 3)), "multiply(m, row)",
    ),
    "sum of a multiple": (lambda: reduce_sum(x * 2.0), "multiply(sum(x), 2)"),
    "sum of a negative": (lambda: reduce_sum(-x, (-1,)), "negative(sum(x))"),
    "sum of a product": (lambda: reduce_sum(x * y), "inner(x, y)"),
    "sum of squares": (lambda: reduce_sum(x * x), "inner(x, x)"),
    "sum of a sum": (lambda: reduce_sum(x + y), "add(sum(x), sum(y))"),
    "sum of sums": (lambda: reduce_sum(reduce_sum(x, (-1,))), "sum(x)"),
    "sum of ones": (lambda: reduce_sum(apply("broadcast", constant(1.0), shape=(4, 3))), "broadcast(12)"),
    "sum over a single one": (lambda: reduce_sum(m, (-1,)), "reshape(m)"),
    "reshape of a reshape": (lambda: apply("reshape", apply("reshape", x, shape=(12,)), shape=(3, 4)), "reshape(x)"),
    "reshape to the same": (lambda: apply("reshape", x, shape=(4, 3)), "x"),
    "transposed twice": (lambda: x.T.T, "x"),
    "transposed around": (lambda: channels_last(channels_first(image)), "image"),
    "a transpose that moves only a single one": (lambda: m.T, "reshape(m)"),
    "a transpose moves outwards": (lambda: exp(x.T) + y.T, "transpose(add(exp(x), y))"),
    "a number moves further outwards": (lambda: channels_first(image * 2.0), "multiply(transpose(image), 2)"),
    "channels first takes all else along": (
        lambda: channels_last(maximum(channels_first(image), 0.0) + other), "add(maximum(image, 0), transpose(other))",
    ),
    "the sum of a transpose": (lambda: reduce_sum(channels_first(image), (-2, -1)), "sum(image)"),
    "a part of a transpose": (lambda: part(x.T, 1, 3), "transpose(slice(x))"),
    "transposes side by side": (lambda: concat([x.T, y.T]), "transpose(concat(x, y))"),
    "softmax": (
        lambda: apply("softmax", x),
        "divide(exp(subtract(x, max(x))), sum(exp(subtract(x, max(x)))))",
    ),
    "sigmoid": (lambda: apply("sigmoid", x), "divide(1, add(1, exp(negative(x))))"),
    "stop_gradient": (lambda: apply("stop_gradient", x) * y, "multiply(x, y)"),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_a_rule(name: str) -> None:
    build, wanted = RULES[name]
    (found,) = simplify([build()])
    assert found.shape == build().shape
    said = text(found)
    assert said == wanted if wanted != "broadcast(12)" else said in ("broadcast(12)", "12")


def test_equal_tensors_become_one() -> None:
    first, second = simplify([exp(x @ w) + 1.0, exp(x @ w) * 2.0])
    assert first.inputs[0] is second.inputs[0]


def test_equal_draws_stay_apart() -> None:
    first, second = (apply("random", shape=(4, 3), key=key) for key in (1, 2))
    total = simplify([first + second])[0]
    assert total.primitive == "add" and total.inputs[0] is not total.inputs[1]


def test_softplus_of_large_numbers_is_finite() -> None:
    big = leaf("big", (3,))
    (found,) = simplify([apply("softplus", big)])
    values, _ = evaluate_all([found], {"big": np.array([-1000.0, 0.0, 1000.0])})
    assert values[0].tolist() == [0.0, pytest.approx(np.log(2.0)), 1000.0]


@pytest.mark.parametrize(
    ("tensor", "scalar_"),
    [
        (lr, True), (1.0 - 0.9 ** scalar("t"), True), (constant(2.0), True), (maximum(lr, 0.5), True),
        (greater(lr, 0.5), True), (minimum(lr, 0.5), True), (n, False), (n * 2.0, False), (x, False),
        (apply("exp", lr), False), (apply("inner", x, x), False),
    ],
)  # fmt: skip
def test_scalars_of_the_step_are_known(tensor: Tensor, scalar_: bool) -> None:
    assert is_scalar(tensor) is scalar_


def test_the_layer_of_what_is_replaced_goes_to_what_replaces_it() -> None:
    tensor = apply("softmax", x)
    tensor.scope = "3 softmax"
    found = [item for item in ancestors(simplify([tensor])) if item.inputs]
    assert {item.scope for item in found} == {"3 softmax"}
