"""A step's own program, in which every result has a place of its own where it can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor, ancestors, leaf
from zen_cli.nn.programs import TrainingStep

Array = np.ndarray[Any, Any]


class Result(NamedTuple):
    """One result on the way: its scope (`2 sigmoid, gradient`), the name of what it is stored in, and its numbers."""

    scope: str
    name: str
    numbers: Array


def results(step: TrainingStep, noise: Callable[[Array], None], t: int, lr: Any) -> Iterator[Result]:
    """What the step computes from the rows in it up to the gradients, in order. Nothing is trained."""
    code = step.program.code
    for section in _up_to_loss(step.program.sections):
        stored = {assignment.value: str(assignment.target.options["name"]) for assignment in section.assignments}
        computed = [tensor for tensor in ancestors(stored) if tensor.inputs and not is_scalar(tensor)]
        places = [leaf(f"result.{i}", tensor.shape) for i, tensor in enumerate(computed)]
        leaves = code.leaves | {place.options["name"]: np.zeros(place.shape, code.dtype) for place in places}
        kept = section.assignments if section.length is not None else []  # what the next one builds on
        wanted = [Assignment(*pair) for pair in zip(places, computed, strict=True)]
        both, arguments = [Section(wanted), Section(kept, section.length)], step.program.arguments
        Program(both, leaves, dtype=code.dtype, arguments=arguments, noise=noise).run(t, lr)
        for place, tensor in zip(places, computed, strict=True):
            yield Result(tensor.scope, stored.get(tensor, ""), leaves[place.options["name"]])


def _up_to_loss(sections: list[Section]) -> list[Section]:
    last = next(i for i, section in enumerate(sections) if any(_is_loss(target) for target, _ in section.assignments))
    return sections[: last + 1]


def _is_loss(target: Tensor) -> bool:
    return bool(target.options["name"] == "loss")
