"""Calls that are made once, or once for each of many blocks: for the parts of a batch that fit into the cache."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compiler.emitter.code import identity
from zen_cli.compiler.emitter.terms import Array, Names


class Call(NamedTuple):
    """A function and its arguments, the place of the result among them."""

    function: Any
    arguments: tuple[Any, ...]

    @property
    def values(self) -> list[Any]:
        return [self.function, *self.arguments]


Turns = list[list[Call]]  # the same calls with other arguments


def call(function: Any, *arguments: Any) -> Call:
    return Call(function, arguments)


def copied(place: Array, source: Array) -> Call:
    return Call(np.copyto, (place, source))


def product(a: Array, b: Array, out: Array) -> Call:
    return Call(np.matmul, (a, b, out))


def lines(names: Names, *stages: Turns) -> str:
    """One stage after the other: calls as they are for a single turn, else a loop over what differs between turns."""
    return "\n".join(text for stage in stages if (text := _stage(names, stage)))


def _stage(names: Names, turns: Turns) -> str:
    columns = list(zip(*([value for each in turn for value in each.values] for turn in turns), strict=True))
    same = [len({_key(value) for value in column}) == 1 for column in columns]
    varying = [column for column, one in zip(columns, same, strict=True) if not one]
    variables = [f"v{i}" for i in range(len(varying))]
    free = iter(variables)
    said = [_said(names, column[0]) if one else next(free) for column, one in zip(columns, same, strict=True)]
    body = "; ".join(_statements(turns[0], said)) if turns else ""
    if not varying:
        return body
    rounds = list(zip(*varying, strict=True)) if len(varying) > 1 else list(varying[0])
    return f"for {', '.join(variables)} in {names.bound(rounds, 'blocks')}: {body}"


def _key(value: Any) -> Any:
    return identity(value) if isinstance(value, np.ndarray) or callable(value) else value


def _said(names: Names, value: Any) -> str:
    if isinstance(value, np.ndarray):
        return names.bound(value, "a")
    return names.bound(value, value.__name__) if callable(value) else repr(value)


def _statements(turn: Sequence[Call], said: list[str]) -> list[str]:
    statements, at = [], 0
    for function, arguments in turn:
        given = said[at + 1 : at + 1 + len(arguments)]
        if function in (np.maximum, np.minimum):
            given[-1] = f"out={given[-1]}"
        statements.append(f"{said[at]}({', '.join(given)})")
        at += 1 + len(arguments)
    return statements
