"""Graph in, running program out: simplify, plan, write as NumPy, compile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compiler.emitter.blocks import write_in_blocks
from zen_cli.compiler.emitter.code import Code
from zen_cli.compiler.emitter.lower import lowered
from zen_cli.compiler.emitter.terms import Array
from zen_cli.compiler.plan import Assignment, Plan, make_plan
from zen_cli.compiler.primitives import PRIMITIVES
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.simplify import simplify
from zen_cli.compiler.tensor import ancestors


class Section(NamedTuple):
    """Assignments that are made together. `length`: rules over vectors of that many weights, and over numbers."""

    assignments: list[Assignment]
    length: int | None = None


class Program:
    """A compiled step: `run(*arguments)` reads its leaves' arrays and leaves every target up to date.

    `source` is the exact text that runs; `sections` the simplified graph, for whoever wants to read or export it.
    """

    def __init__(
        self, sections: Sequence[Section], leaves: dict[str, Array], *, replicas: int | None = None,
        dtype: Any = "float32", arguments: Sequence[str] = (), noise: Any = None,
    ) -> None:
        self.sections = [_simplified(section) for section in sections]
        self.code = Code(leaves, replicas, dtype)
        self.arguments = tuple(arguments)
        self.plans: list[Plan] = []
        for section in self.sections:
            self._write(section)
        self.run = self.code.function(arguments, noise=noise)
        self.source = self.code.source(arguments)

    def _write(self, section: Section) -> None:
        self.code.mark("")
        spread = self.code.replicas is None and section.length is None
        values = lowered([value for _, value in section.assignments], spread)
        targets = [target for target, _ in section.assignments]
        assignments = [Assignment(*pair) for pair in zip(targets, values, strict=True)]
        if section.length is None:
            plan = make_plan(assignments)
            self.code.allocate(plan)
            self.code.write(plan)
        else:
            plan = self._write_rule(assignments, section.length)
        self.plans.append(plan)

    def _write_rule(self, assignments: list[Assignment], length: int) -> Plan:
        """Numbers (a norm of a vector, a product over the steps) come first and are stored last.

        The rest is elementwise, block by block.
        """
        ordered = ancestors([value for _, value in assignments])
        drawn = [item for item in ordered if item.inputs and not item.shape and not is_scalar(item)]
        first = make_plan([], keep=drawn)
        self.code.allocate(first)
        self.code.write(first)
        known = {item: first.storage[item] for item in drawn}
        plan = make_plan([pair for pair in assignments if pair.target.shape], known=known)
        elementwise = all(PRIMITIVES[item.primitive].elementwise for item in plan.instructions)
        if elementwise:
            write_in_blocks(self.code, plan, length)
        else:
            self.code.allocate(plan)
            self.code.write(plan)
        last = make_plan([pair for pair in assignments if not pair.target.shape], known=known)
        self.code.allocate(last)
        self.code.write(last)
        return plan


def _simplified(section: Section) -> Section:
    """Values and targets together, so that a leaf is one tensor wherever it is read or stored."""
    count = len(section.assignments)
    tensors = simplify([tensor for column in zip(*section.assignments, strict=True) for tensor in column])
    return Section([Assignment(*pair) for pair in zip(tensors[:count], tensors[count:], strict=True)], section.length)
