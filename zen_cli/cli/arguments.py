"""How a command declares what it takes: `Annotated[int | None, Option("--seed", min=0, help="...")]`."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from typing import Any, NamedTuple

Command = Callable[..., int | None]


class Argument(NamedTuple):
    """A value that stands on its own. `metavar` says what it is: CONFIG, RUN, FILE; `a|b` where it is one of these."""

    metavar: str
    help: str


class Option(NamedTuple):
    """A value behind one of `names` (`--seed`, `-q`), or a switch: `--quiet`, `--time/--no-time`."""

    names: tuple[str, ...]
    help: str
    metavar: str | None = None
    min: float | None = None
    max: float | None = None
    hidden: bool = False  # from the help


def option(
    *names: str, help: str, metavar: str | None = None, min: float | None = None, max: float | None = None,
    hidden: bool = False,
) -> Option:  # fmt: skip
    """An option by the names that it is written with."""
    return Option(names, help, metavar, min, max, hidden)


class Parameter(NamedTuple):
    """One parameter of a command: the type of its value, whether there may be several, whether it must be there."""

    name: str
    kind: type
    several: bool
    required: bool
    declared: Any

    def switches(self) -> dict[str, bool]:
        """What each name of a switch sets it to."""
        found: dict[str, bool] = {}
        for written in self.declared.names:
            on, _, off = written.partition("/")
            found |= {on: True} | ({off: False} if off else {})
        return found


def parameters(command: Command) -> list[Parameter]:
    """The parameters of a command, in their order."""
    hints = typing.get_type_hints(command, include_extras=True)
    code, defaults = command.__code__, command.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    needed = names[: len(names) - len(defaults)]
    return [_parameter(name, hints[name], name in needed) for name in names]


def _parameter(name: str, hint: Any, required: bool) -> Parameter:
    kind, declared = typing.get_args(hint)
    if isinstance(kind, types.UnionType):
        kind = next(part for part in kind.__args__ if part is not type(None))
    several = typing.get_origin(kind) is list
    return Parameter(name, typing.get_args(kind)[0] if several else kind, several, required, declared)
