"""Compiled programs: replicas and blocks keep the bits, nothing is allocated in a step, names never clash."""

import inspect
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import DTYPES
from tests.compiler.graphs import Maker
from tests.compiler.test_plan import MIXED, VECTORS
from tests.compiler.test_readable import CASES, built, fill, hidden, training
from zen_cli.compiler.emitter import blocks
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import greater, maximum, minimum, reduce_sum, sqrt, square
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.tensor import Tensor, apply, leaf, scalar
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers.limits import Clip
from zen_cli.nn.programs import TrainingStep
from zen_cli.nn.state import State
from zen_cli.training.streams import Noise

REPLICAS = 3


def run(sections: list[Section], arrays: dict[str, np.ndarray], replicas: int | None = None) -> dict[str, np.ndarray]:
    dtype = next(iter(arrays.values())).dtype
    with np.errstate(all="ignore"):
        Program(sections, arrays, replicas=replicas, dtype=dtype, arguments=("t", "lr")).run(3.0, 0.3)
    return arrays


# --- replicas -------------------------------------------------------------------------------------
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shapes", "length"), [(MIXED, None), (VECTORS, 7)], ids=["layers", "rules"])
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 20), st.integers(1, 5))
def test_each_replica_of_a_random_program_is_the_program_alone(shapes, length, dtype, seed, steps, count) -> None:
    maker = Maker(seed, shapes, elementwise=length is not None, shared=("w", "row2", "e")).grow(steps)
    sections = [Section(maker.assignments(count), length)]
    together, start = maker.arrays(dtype, REPLICAS), maker.arrays(dtype, REPLICAS)
    run(sections, together, REPLICAS)
    stacked = [name for name, item in maker.leaves.items() if item.options["stacked"]]
    for r in range(REPLICAS):
        alone = run(sections, {name: np.array(v[r] if name in stacked else v) for name, v in start.items()})
        for name in stacked:  # equal numbers: only the sign of a zero may differ, which a sum with zeros loses
            np.testing.assert_array_equal(together[name][r], alone[name], name)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 3, 1), (2, 1, 3), (5, 1, 1), (1, 64, 10), (33, 7, 2), (64, 128, 10)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_products_and_sums_of_replicas_keep_their_bits(sizes: tuple[int, int, int], dtype: str) -> None:
    rows, inputs, units = sizes
    x, w, y = leaf("x", (rows, inputs)), leaf("w", (inputs, units)), leaf("y", (rows, units))
    h = apply("tanh", x @ w + leaf("b", (units,)))
    wanted: dict[str, Tensor] = {
        "h": h, "rows": reduce_sum(h, (-1,)), "columns": reduce_sum(h, (-2,)), "kept": reduce_sum(h, (-2,), keep=True),
        "total": reduce_sum(h + y), "inner": apply("inner", h, y), "slope": x.T @ h, "back": h @ w.T,
        "largest": apply("max", h, axes=(-1,), keep=True),
    }  # fmt: skip
    section = Section([Assignment(leaf(name, value.shape), value) for name, value in wanted.items()])
    rng = np.random.default_rng(0)
    given_ = {"x": x, "w": w, "y": y, "b": leaf("b", (units,))}
    together = {name: rng.standard_normal((REPLICAS, *item.shape)).astype(dtype) for name, item in given_.items()}
    together |= {name: np.zeros((REPLICAS, *value.shape), dtype) for name, value in wanted.items()}
    start = {name: array.copy() for name, array in together.items()}
    run([section], together, REPLICAS)
    for r in range(REPLICAS):
        alone = run([section], {name: np.array(array[r]) for name, array in start.items()})
        assert [name for name in alone if alone[name].tobytes() != together[name][r].tobytes()] == []


# --- blocks ---------------------------------------------------------------------------------------
def adam(size: int) -> Section:
    p, g, m, v = (leaf(name, (size,)) for name in ("p", "g", "m", "v"))
    length = sqrt(apply("inner", g, g))
    g = g * -maximum(-(1.0 / (length + 1e-6)), -1.0)
    mean, power = m * 0.9 + g * 0.1, v * 0.999 + square(g) * 0.001
    step = scalar("lr") / (1.0 - 0.9 ** scalar("t")) * mean / (sqrt(power) + 1e-8)
    leaves = (leaf("m", (size,)), leaf("v", (size,)), leaf("p", (size,)))
    return Section([Assignment(*pair) for pair in zip(leaves, (mean, power, p - step), strict=True)], size)


def vectors(size: int, replicas: int | None) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shape = (size,) if replicas is None else (replicas, size)
    return {name: rng.random(shape, np.float32) for name in ("p", "g", "m", "v")}


@pytest.mark.parametrize("replicas", [None, 1, 3])
@pytest.mark.parametrize("size", [1, 999, blocks.BLOCK, blocks.BLOCK + 1, 3 * blocks.BLOCK - 1])
def test_blocks_give_the_bits_of_the_whole(size: int, replicas: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    in_blocks = run([adam(size)], vectors(size, replicas), replicas)
    monkeypatch.setattr(blocks, "BLOCK", 1 << 40)
    whole = run([adam(size)], vectors(size, replicas), replicas)
    assert [name for name in whole if whole[name].tobytes() != in_blocks[name].tobytes()] == []


def test_a_swap_in_blocks() -> None:
    size = blocks.BLOCK + 10
    p, g = leaf("p", (size,)), leaf("g", (size,))
    arrays = vectors(size, None)
    start = {name: array.copy() for name, array in arrays.items()}
    run([Section([Assignment(p, g), Assignment(g, p)], size)], arrays)
    assert arrays["p"].tobytes() == start["g"].tobytes() and arrays["g"].tobytes() == start["p"].tobytes()


@pytest.mark.parametrize(("replicas", "length", "block"), [(1, 10, 3), (4, 5, 20), (4, 5, 7), (3, 3, 1), (1, 1, 1)])
def test_blocks_cover_everything_once(replicas: int, length: int, block: int) -> None:
    seen = np.zeros((replicas, length), int)
    for rows, columns in blocks.cut(replicas, length, block):
        assert seen[rows, columns].size <= max(block, 1)
        seen[rows, columns] += 1
    assert (seen == 1).all()


# --- a step ---------------------------------------------------------------------------------------
ITERATOR = 40_000  # bytes that NumPy's iterator borrows to broadcast or convert: 8192 elements at a time
WIDE = CASES["wide"]._replace(batch=128)  # its arrays take 150 kB and more


@pytest.mark.parametrize("activation", ["relu", "gelu", "softplus", "dropout"])
@pytest.mark.parametrize("replicas", [None, REPLICAS])
def test_nothing_is_allocated_in_a_step(activation: str, replicas: int | None) -> None:
    case = WIDE._replace(model=hidden(activation, width=300), clip=Clip(norm=1.0, value=0.5))
    network, optimizer, _, batch, given_ = built(case, "float32")
    trace = network.describe()
    state = State(trace.parameters, optimizer, replicas, "float32", memories=trace.memories)
    noise = Noise([np.random.default_rng(r) for r in range(replicas or 1)], stacked=replicas is not None)
    step = TrainingStep(
        network, losses[case.loss](), optimizer, state, batch, clip=case.clip, constants=given_,
        noise=noise,
    )  # fmt: skip
    state.draw([np.random.default_rng(r) for r in range(replicas or 1)])
    fill(case, step.x, step.y, np.random.default_rng(1))
    for t in range(1, 4):
        step.run(t, 1e-3)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for t in range(4, 14):
            step.run(t, 1e-3)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 512
    assert peak - before < ITERATOR < WIDE.batch * 300 * 4


@pytest.mark.parametrize("name", CASES)
def test_every_name_of_a_program_is_one_thing(name: str) -> None:
    program = training(CASES[name], "float32").step.program
    names = list(inspect.signature(program.run).parameters)
    assert names[:2] == ["t", "lr"] and len(names) == len(set(names))
    assert set(names[2:]) == program.code.values.keys()
    arrays = [value for value in program.code.values.values() if isinstance(value, np.ndarray)]
    views = {(a.__array_interface__["data"][0], a.shape, a.strides) for a in arrays}
    assert len(views) == len(arrays)


def test_the_source_is_what_runs() -> None:
    program = training(CASES["xor"], "float32").step.program
    assert program.source.startswith("def step(t, lr, ")
    compile(program.source, "<source>", "exec")
    assert program.arguments == ("t", "lr")


def test_equal_names_of_things_of_different_kinds_do_not_meet() -> None:
    """A clash between the bias of layer 1 and the beta of slot 1 once changed results silently."""
    names = ["a0", "k1", "dot2", "add", "multiply", "copyto", "noise", "v0", "math", "step"]
    leaves = [leaf(name, (3,)) for name in names]
    total = leaves[0]
    for item in leaves[1:]:
        total = total + item * scalar("lr")
    arrays = {name: np.full(3, i + 1.0) for i, name in enumerate(names)}
    run([Section([Assignment(leaves[0], total)])], arrays)
    assert arrays["a0"].tolist() == pytest.approx([1 + 0.3 * sum(range(2, len(names) + 1))] * 3)


def test_scalars_of_replicas_are_their_own() -> None:
    p = leaf("p", (2,))
    arrays = {"p": np.ones((3, 2))}
    program = Program(
        [Section([Assignment(p, p * scalar("lr"))], 2)], arrays, replicas=3, dtype="float64", arguments=("lr",)
    )
    program.run(np.array([1.0, 2.0, 3.0]))
    assert arrays["p"].tolist() == [[1, 1], [2, 2], [3, 3]]


BENT: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "power": lambda lr, t: lr / (1.0 + 0.1 * lr * t) ** 0.75, "square": lambda lr, t: square(lr * 1.1),
    "root": lambda lr, t: sqrt(lr / t), "largest": lambda lr, t: maximum(lr, 0.5),
    "smallest": lambda lr, t: minimum(lr, 0.5), "mask": lambda lr, t: greater(lr, 0.5),
}  # fmt: skip


@pytest.mark.parametrize("name", BENT)
def test_any_scalar_of_a_replica_has_the_bits_of_the_program_alone(name: str) -> None:
    """NumPy's power of an array and Python's power of a number differ in the last bit of every twentieth number."""
    count, p = 100, leaf("p", (2,))
    rule = [Section([Assignment(p, p * BENT[name](scalar("lr", stacked=True), scalar("t")))], 2)]
    rates, together = np.random.default_rng(0).random(count), {"p": np.ones((count, 2))}
    program = Program(rule, together, replicas=count, dtype="float64", arguments=("t", "lr"))
    program.run(3, rates)
    for r in range(count):
        alone = {"p": np.ones(2)}
        Program(rule, alone, dtype="float64", arguments=("t", "lr")).run(3, float(rates[r]))
        assert alone["p"].tolist() == together["p"][r].tolist()
    together["p"][:] = 1.0
    program.run(3, float(rates[-1]))
    assert together["p"].tolist() == [alone["p"].tolist()] * count
