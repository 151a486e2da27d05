"""Storage is never overwritten while it is needed, and nothing has more storage than it needs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.graphs import Maker, evaluate_all
from zen_cli.compiler.plan import Assignment, make_plan
from zen_cli.compiler.primitives import concat, part
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.tensor import Tensor, apply, leaf, scalar
from zen_cli.compiler.views import root

MIXED: dict[str, tuple[int, ...]] = {
    "a": (4, 3), "b": (4, 3), "c": (4, 3), "square": (3, 3), "row": (3,), "row2": (3,), "column": (4, 1), "one": (1, 1),
    "w": (3, 5), "stack": (2, 4, 3), "image": (2, 3, 2, 2), "n": (), "m": (),
}  # fmt: skip
VECTORS: dict[str, tuple[int, ...]] = dict.fromkeys("abcde", (7,)) | {"n": (), "m": ()}
SIZES = [(MIXED, None), (VECTORS, 7)]
seeds, counts = st.integers(0, 2**32), st.integers(1, 5)


def run(maker: Maker, sections: list[list[Assignment]], length: int | None) -> dict[str, np.ndarray]:
    arrays = maker.arrays("float64")
    program = Program([Section(s, length) for s in sections], arrays, dtype="float64", arguments=("t", "lr"))
    with np.errstate(all="ignore"):
        program.run(maker.values["t"], maker.values["lr"])
    return arrays


@pytest.mark.parametrize(("shapes", "length"), SIZES, ids=["layers", "rules"])
@settings(max_examples=100, deadline=None)
@given(seeds, st.integers(1, 25), counts)
def test_a_random_program_does_what_the_interpreter_does(shapes, length, seed, steps, count) -> None:
    maker = Maker(seed, shapes, elementwise=length is not None).grow(steps)
    made = maker.assignments(count)
    found = run(maker, [made], length)
    with np.errstate(all="ignore"):
        values, scale = evaluate_all([value for _, value in made], maker.values)
    wanted = {**maker.values, **{target.options["name"]: v for (target, _), v in zip(made, values, strict=True)}}
    for name, array in found.items():
        np.testing.assert_allclose(array, wanted[name], rtol=1e-9, atol=1e-10 * scale, err_msg=name)


@settings(max_examples=50, deadline=None)
@given(seeds, st.integers(1, 15), counts, counts)
def test_a_section_sees_what_the_one_before_has_left(seed, steps, first, second) -> None:
    maker = Maker(seed, MIXED).grow(steps)
    before, after = maker.assignments(first), maker.assignments(second)
    together = run(maker, [before, after], None)
    one_by_one = run(maker, [before], None)
    maker.values |= one_by_one
    for name, array in run(maker, [after], None).items():
        np.testing.assert_array_equal(array, together[name], name)


a, b, c = (leaf(name, (4,)) for name in "abc")
START = {"a": [1.0, 2, 3, 4], "b": [10.0, 20, 30, 40], "c": [5.0, 6, 7, 8]}
CASES: dict[str, tuple[list[tuple[Tensor, Tensor]], dict[str, list[float]]]] = {
    "in place": ([(a, a * 2.0)], {"a": [2, 4, 6, 8]}),
    "a swap": ([(a, b), (b, a)], {"a": START["b"], "b": START["a"]}),
    "a round": ([(a, b), (b, c), (c, a)], {"a": START["b"], "b": START["c"], "c": START["a"]}),
    "a swap of changed values": ([(a, b + 1.0), (b, a + 1.0)], {"a": [11, 21, 31, 41], "b": [2, 3, 4, 5]}),
    "the old value is kept": ([(a, a + b), (b, a)], {"a": [11, 22, 33, 44], "b": START["a"]}),
    "the old value is kept first": ([(b, a), (a, a + b)], {"a": [11, 22, 33, 44], "b": START["a"]}),
    "a value for two": ([(a, a + 1.0), (b, a + 1.0)], {"a": [2, 3, 4, 5], "b": [2, 3, 4, 5]}),
    "itself": ([(a, a), (b, a)], {"a": START["a"], "b": START["a"]}),
    "a number": ([(a, a * 0.0 + 3.0)], {"a": [3, 3, 3, 3]}),
    "a scalar of the step": ([(a, a * scalar("lr"))], {"a": [0.5, 1, 1.5, 2]}),
}


@pytest.mark.parametrize("length", [None, 4])
@pytest.mark.parametrize("name", CASES)
def test_assignments_see_the_old_values(name: str, length: int | None) -> None:
    made, wanted = CASES[name]
    arrays = {key: np.array(value) for key, value in START.items()}
    section = Section([Assignment(*pair) for pair in made], length)
    Program([section], arrays, dtype="float64", arguments=("lr",)).run(0.5)
    assert {key: array.tolist() for key, array in arrays.items()} == START | wanted


def test_a_matrix_may_get_itself_transposed() -> None:
    x = leaf("x", (2, 2))
    arrays = {"x": np.array([[1.0, 2.0], [3.0, 4.0]])}
    Program([Section([Assignment(x, x.T)])], arrays, dtype="float64").run()
    assert arrays["x"].tolist() == [[1, 3], [2, 4]]


def test_a_leaf_named_twice_is_one() -> None:
    section = Section([Assignment(leaf("a", (4,)), b), Assignment(leaf("b", (4,)), leaf("a", (4,)))], 4)
    arrays = {key: np.array(value) for key, value in START.items()}
    Program([section], arrays, dtype="float64").run()
    assert arrays["a"].tolist() == START["b"] and arrays["b"].tolist() == START["a"]


def test_a_chain_runs_in_the_room_of_its_target() -> None:
    plan = make_plan([Assignment(a, apply("tanh", apply("exp", a * b)))])
    assert [plan.storage[item].leaf for item in plan.instructions] == [a, a, a]
    assert plan.temporary == [] and plan.copies == []


def test_momentum_needs_one_temporary() -> None:
    new = b * 0.9 + a
    plan = make_plan([Assignment(b, new), Assignment(c, c - new * scalar("lr"))])
    assert len(plan.temporary) == 1 and plan.copies == []


def test_rooms_are_used_again() -> None:
    x, w = leaf("x", (5, 5)), leaf("w", (5, 5))
    y = x
    for _ in range(10):
        y = y @ w
    plan = make_plan([], keep=[y])
    assert len(plan.instructions) == 10 and len(plan.temporary) == 2


def test_views_have_no_room_of_their_own() -> None:
    x = leaf("x", (4, 3))
    seen = apply("reshape", apply("reshape", apply("exp", x), shape=(12,)), shape=(2, 6)).T
    assert root(seen).primitive == "exp"
    plan = make_plan([], keep=[root(seen)])
    assert [item.primitive for item in plan.instructions] == ["exp"]


def test_a_transposed_matrix_in_a_new_shape_is_computed() -> None:
    flat = apply("reshape", leaf("x", (4, 3)).T, shape=(12,))
    assert root(flat) is flat
    assert make_plan([], keep=[flat]).instructions == [flat]


a2, b2 = (leaf(name, (2, 3)) for name in ("a", "b"))
long = leaf("long", (2, 6))
BESIDE = {  # what is assigned to `long`, and how many parts are copied
    "both where they belong": (concat([a2 * 2.0, b2 + 1.0]), 0),
    "one that is read elsewhere too": (concat([(same := a2 * 2.0), same + b2]), 1),
    "twice the same": (concat([same, same]), 2),
    "a place that is read in the meantime": (concat([a2 * 2.0, part(long, 3, 6) + 1.0]), 2),
    "a leaf": (concat([a2, b2 * 2.0]), 1),
}


@pytest.mark.parametrize("name", BESIDE)
def test_parts_of_a_concatenation_are_computed_where_they_belong(name: str) -> None:
    value, copied = BESIDE[name]
    rng = np.random.default_rng(0)
    arrays = {item.options["name"]: rng.random(item.shape) for item in (a2, b2, long)}
    (wanted,), _ = evaluate_all([value], {key: array.copy() for key, array in arrays.items()})
    program = Program([Section([Assignment(long, value)])], arrays, dtype="float64")
    program.run()
    np.testing.assert_array_equal(arrays["long"], wanted)
    assert program.source.count("copyto(") == copied
