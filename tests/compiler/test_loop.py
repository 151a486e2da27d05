"""Loops over time: the numbers of the interpreter, derivatives, replicas, scripts, and what is not in a round."""

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from tests import DTYPES
from tests.compiler.graphs import evaluate, evaluate_all
from tests.compiler.test_readable import run as run_script
from zen_cli.compiler.gradient import gradient
from zen_cli.compiler.loop import carry
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import part, permute, reduce_sum, tanh
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.readable.script import readable
from zen_cli.compiler.tensor import Tensor, ancestors, apply, leaf

TIME, BATCH, UNITS = 5, 4, 3
SHAPES = {
    "x": (TIME, BATCH, UNITS), "mask": (TIME, BATCH, 1), "w": (UNITS, UNITS), "b": (UNITS,), "h": (BATCH, UNITS),
    "c": (BATCH, UNITS),
}  # fmt: skip
STEPS: dict[str, Callable[..., list[Tensor]]] = {
    "a product": lambda h, c, x, mask, w, b: [tanh(x + h @ w), c],
    "a bias": lambda h, c, x, mask, w, b: [tanh(x + h @ w + b), c],
    "two states": lambda h, c, x, mask, w, b: [tanh(c) * x, 0.5 * c + h * tanh(h @ w)],
    "each the other": lambda h, c, x, mask, w, b: [c, h],
    "what is left as it is": lambda h, c, x, mask, w, b: [h, x],
    "a mask": lambda h, c, x, mask, w, b: [h + mask * (tanh(h @ w) - h), c * x],
    "weights twice": lambda h, c, x, mask, w, b: [h @ w + (c @ w) * 0.5, tanh(h @ w.T)],
    "weights otherwise": lambda h, c, x, mask, w, b: [tanh(h @ (w * w)) * x, c + apply("inner", w, w) * 0.01 * h],
    "parts": lambda h, c, x, mask, w, b: [tanh(apply("concat", part(h, 1, 3), part(x, 0, 1), axis=-1, starts=(0, 2),
                                                     size=3)), h * c],  # fmt: skip
    "no sequence": lambda h, c, x, mask, w, b: [tanh(h @ w), c - h],
    "one value for both": lambda h, c, x, mask, w, b: [same := tanh(h @ w + c), same],
}
CASES = [pytest.param(name, backward, id=f"{name}{', backward' * backward}") for name in STEPS for backward in (0, 1)]


def leaves() -> dict[str, Tensor]:
    return {name: leaf(name, shape) for name, shape in SHAPES.items()}


def states(name: str, backward: int, given: dict[str, Tensor]) -> list[Tensor]:
    first, sequences, fixed = ({key: given[key] for key in keys} for keys in (("h", "c"), ("x", "mask"), ("w", "b")))
    return carry(STEPS[name], first, sequences, fixed, backward=bool(backward))


def values(seed: int = 0, replicas: int | None = None) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    lead = () if replicas is None else (replicas,)
    found = {name: rng.uniform(-1, 1, (*lead, *shape)) for name, shape in SHAPES.items()}
    return found | {"mask": (found["mask"] > 0) * 1.0}


def total(found: list[Tensor]) -> Tensor:
    """A number that reads every step of one state, and the last of the other, with weights of their own."""
    h, c = found
    weights = leaf("weights", h.shape)
    return reduce_sum(h * weights) + reduce_sum(part(c, TIME - 2, TIME - 1, -3)) * 0.7


def programmed(outputs: dict[str, Tensor], arrays: dict[str, np.ndarray], **options: object) -> Program:
    made = [Assignment(leaf(name, value.shape), value) for name, value in outputs.items()]
    dtype = next(iter(arrays.values())).dtype
    lead = () if options.get("replicas") is None else (options["replicas"],)
    arrays |= {name: np.zeros((*lead, *value.shape), dtype) for name, value in outputs.items()}
    program = Program([Section(made)], arrays, dtype=dtype, **options)
    program.run()
    return program


@pytest.mark.parametrize(("name", "backward"), CASES)
def test_the_derivative_is_the_slope(name: str, backward: int) -> None:
    given = leaves()
    point = values() | {"weights": np.random.default_rng(1).standard_normal(SHAPES["x"])}
    number = total(states(name, backward, given))
    rng = np.random.default_rng(2)
    direction = {key: rng.standard_normal(shape) for key, shape in SHAPES.items()} | {"mask": 0.0, "weights": 0.0}
    ahead, behind = (evaluate(number, {k: v + s * direction[k] for k, v in point.items()}) for s in (1e-6, -1e-6))
    wanted = [key for key in SHAPES if key != "mask"]
    found = gradient(number, [given[key] for key in wanted])
    slopes, _ = evaluate_all(found, point)
    slope = sum(float((direction[key] * value).sum()) for key, value in zip(wanted, slopes, strict=True))
    assert slope == pytest.approx(float(ahead - behind) / 2e-6, rel=1e-6, abs=1e-8)


def outputs(name: str, backward: int) -> dict[str, Tensor]:
    """Everything that a program may be asked of a loop: all states, a number, its gradients."""
    given = leaves()
    found = states(name, backward, given)
    number = total(found)
    wanted = [key for key in SHAPES if key != "mask"]
    slopes = gradient(number, [given[key] for key in wanted])
    named = {"number": number, "states": found[0], "turned": permute(found[1], (-2, -3, -1))}
    return named | {f"d{key}": slope for key, slope in zip(wanted, slopes, strict=True)}


@pytest.mark.parametrize(("name", "backward"), CASES)
def test_the_program_gives_the_numbers_of_the_interpreter(name: str, backward: int) -> None:
    arrays = values() | {"weights": np.random.default_rng(1).standard_normal(SHAPES["x"])}
    asked = outputs(name, backward)
    expected, _ = evaluate_all(asked.values(), {key: array.copy() for key, array in arrays.items()})
    programmed(asked, arrays)
    for key, value in zip(asked, expected, strict=True):
        np.testing.assert_allclose(arrays[key], value, rtol=1e-12, atol=1e-13, err_msg=key)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "backward"), CASES)
def test_each_replica_has_the_bits_of_the_program_alone(name: str, backward: int, dtype: str) -> None:
    together = {key: array.astype(dtype) for key, array in values(3, 3).items()}
    together["weights"] = np.ones((3, *SHAPES["x"]), dtype)
    start = {key: array.copy() for key, array in together.items()}
    programmed(outputs(name, backward), together, replicas=3)
    for r in range(3):
        alone = {key: np.array(array[r]) for key, array in start.items()}
        programmed(outputs(name, backward), alone)
        for key, array in alone.items():
            np.testing.assert_array_equal(together[key][r], array, key)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "backward"), CASES)
def test_the_script_has_the_bits_of_the_program(name: str, backward: int, dtype: str) -> None:
    arrays = {key: array.astype(dtype) for key, array in values(4).items()}
    arrays["weights"] = np.ones(SHAPES["x"], dtype)
    program = programmed(outputs(name, backward), arrays)
    taken = [key for key in (*SHAPES, "weights") if key in _read(program)]
    script = readable(program, inputs=taken, returns=())
    space = run_script(script)
    space["step"](*(arrays[key] for key in taken))
    for key in outputs(name, backward):
        assert np.array_equal(space[key], arrays[key]), f"{key}\n{script}"
    assert max(len(line) for line in script.splitlines() if '"""' not in line) <= 110


def test_products_with_weights_are_one_product_for_all_rounds() -> None:
    given = leaves()
    slopes = gradient(total(states("a bias", 0, given)), [given["w"], given["b"]])
    (back,) = {item for item in ancestors(slopes) if item.primitive == "loop" and item.options["loop"].backward}
    inside = ancestors([*back.options["loop"].following, *back.options["loop"].kept])
    assert [item.shape for item in inside if item.primitive == "matmul"] == [(BATCH, UNITS)]
    assert (UNITS, UNITS) in [item.shape for item in ancestors(slopes) if item.primitive == "matmul"]


def test_what_nobody_asks_for_is_not_carried_back() -> None:
    given = leaves()
    (slope,) = gradient(total(states("a product", 0, given)), [given["w"]])
    (back,) = {item for item in ancestors([slope]) if item.primitive == "loop" and item.options["loop"].backward}
    assert len(back.options["loop"].kept) == 1  # of the sum, for the weights: nothing for x


def test_a_loop_allocates_nothing() -> None:
    arrays = values() | {"weights": np.ones(SHAPES["x"])}
    program = programmed(outputs("two states", 0), arrays)
    program.run()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        program.run()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 512
    assert peak - before < 2048


def test_a_sequence_of_another_length_is_refused() -> None:
    given = leaves() | {"mask": leaf("mask", (TIME + 1, BATCH, 1))}
    with pytest.raises(ValueError, match=r"'mask' of the loop has the shape \(6, 4, 1\), not \(5, 4, 1\)"):
        states("a mask", 0, given)


def test_a_sequence_that_does_not_lie_step_by_step_is_copied() -> None:
    given = leaves()
    turned = leaf("x", (BATCH, TIME, UNITS))
    found = states("a product", 0, given | {"x": permute(turned, (-2, -3, -1))})
    arrays = values() | {"x": np.random.default_rng(5).standard_normal((BATCH, TIME, UNITS))}
    expected = evaluate(found[0], arrays)
    programmed({"found": found[0]}, arrays)
    np.testing.assert_allclose(arrays["found"], expected, rtol=1e-12)


def _read(program: Program) -> set[str]:
    """The names of the leaves that a program reads."""
    found = ancestors(value for section in program.sections for _, value in section.assignments)
    return {item.options["name"] for item in found if item.primitive == "leaf"}
