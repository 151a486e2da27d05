"""A program that tells after each part of it: for measuring what takes how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from zen_cli.compiler.cost import Cost, cost
from zen_cli.compiler.program import Program


class TimedProgram(NamedTuple):
    """`run(*arguments)` calls `tell(i)` before the i-th stretch of lines, and once more at the end.

    `scopes` says whose each stretch is, `costs` what all of a scope costs.
    """

    run: Callable[..., None]
    scopes: list[str]
    costs: dict[str, Cost]


def timed(program: Program, tell: Callable[[int], None], noise: Any = None) -> TimedProgram:
    """The same program, instruction for instruction; a stretch is what comes of one scope before another does."""
    scopes: list[str] = []
    lines: list[str] = []
    owners = dict(program.code.marks)  # of several marks on a line the last
    for number, line in enumerate(program.code.lines):
        owner = owners.get(number)
        if owner is not None and owner not in scopes[-1:]:
            lines.append(f"tell({len(scopes)})")
            scopes.append(owner)
        lines.append(line)
    lines.append(f"tell({len(scopes)})")
    run = program.code.function(program.arguments, lines=lines, tell=tell, noise=noise)
    return TimedProgram(run, scopes, _costs(program))


def _costs(program: Program) -> dict[str, Cost]:
    found: dict[str, Cost] = {}
    for plan in program.plans:
        for tensor in plan.instructions:
            found[tensor.scope] = found.get(tensor.scope, Cost()).plus(cost(tensor))
        for target, _ in plan.copies:
            found[target.scope] = found.get(target.scope, Cost()).plus(Cost(0, 2 * target.size))
    return found
