"""Reads a plain command line without Typer, whose import takes longer than many a training.

Whatever is not plain (help, a mistake, an unusual form) is left to Typer, which explains it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from zen_cli.cli.arguments import Argument, Command, Option, Parameter, parameters


def read(command: Command, tokens: Sequence[str]) -> dict[str, Any] | None:
    """What to call the command with, or None where Typer is to look.

    >>> from zen_cli.cli.explain import explain
    >>> read(explain, ["a.yaml", "--raw", "--set", "seed=1"])
    {'configs': ['a.yaml'], 'raw': True, 'sets': ['seed=1']}
    >>> read(explain, ["a.yaml", "--help"])
    """
    known = parameters(command)
    try:
        return _Reading(known).given(tokens)
    except ValueError:
        return None


class _Reading:
    """One command line; a ValueError where it is not plain."""

    def __init__(self, known: list[Parameter]) -> None:
        self.known = known
        self.options = {name: each for each in known for name in _names(each)}
        self.places = [each for each in known if isinstance(each.declared, Argument)]
        self.found: dict[str, Any] = {}

    def given(self, tokens: Sequence[str]) -> dict[str, Any]:
        rest = iter(tokens)
        for token in rest:
            if token.startswith("-") and token != "-":
                self._option(token, rest)
            else:
                self._argument(token)
        if any(each.required and each.name not in self.found for each in self.known):
            raise ValueError("something is missing")
        return self.found

    def _option(self, token: str, rest: Iterator[str]) -> None:
        name, equals, text = token.partition("=")
        option = self.options.get(name)
        if option is None or (equals and not name.startswith("--")):
            raise ValueError("no such option")
        if option.kind is bool:
            if equals:
                raise ValueError("a switch takes no value")
            self.found[option.name] = option.switches()[name]
        else:
            self._keep(option, text if equals else next(rest, "-?"))

    def _argument(self, token: str) -> None:
        if not self.places:
            raise ValueError("one too many")
        self._keep(self.places[0], token)
        if not self.places[0].several:
            self.places.pop(0)

    def _keep(self, parameter: Parameter, text: str) -> None:
        if text.startswith("-") and text != "-":
            raise ValueError("may be an option whose value was forgotten")
        value = parameter.kind(text)
        least, most = getattr(parameter.declared, "min", None), getattr(parameter.declared, "max", None)
        if (least is not None and not value >= least) or (most is not None and not value <= most):
            raise ValueError("out of range")
        if parameter.several:
            self.found.setdefault(parameter.name, []).append(value)
        else:
            self.found[parameter.name] = value


def _names(parameter: Parameter) -> list[str]:
    if not isinstance(parameter.declared, Option):
        return []
    return list(parameter.switches()) if parameter.kind is bool else list(parameter.declared.names)
