"""What may come next on a command line, for the shell: nothing heavy is imported, and nothing fails."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zen_cli.cli.arguments import Argument, Option, Parameter, parameters
from zen_cli.cli.commands import COMMANDS, asked, command

WORDBREAKS = "=:"  # at which bash begins a new word
UNFINISHED = ("/", "=", ".", "[", ",")  # no space follows


class Candidate(NamedTuple):
    """A word that may stand there, and a few words about it."""

    word: str
    about: str = ""


def complete(arguments: Sequence[str]) -> None:
    """`bash LINE POINT`, `zsh WORD...` or `fish WORD...`: writes the candidates, one a line."""
    shell, *words = arguments
    with contextlib.suppress(Exception):  # whatever is wrong, the user is typing
        words = _split(words[0][: int(words[1])]) if shell == "bash" else words
        found = [each for each in candidates(words) if each.word.startswith(words[-1])]
        sys.stdout.writelines(f"{_for(shell, each, words[-1])}\n" for each in dict.fromkeys(found))


def _split(line: str) -> list[str]:
    """The words after the command; an open quote is closed."""
    for closing in ("", "'", '"'):
        with contextlib.suppress(ValueError):
            return shlex.split(f"{line}{closing}")[1:] + ([""] if line[-1:].isspace() else [])
    return [""]


def _for(shell: str, candidate: Candidate, current: str) -> str:
    if shell != "bash":
        return "\t".join(part for part in candidate if part)
    known = max(current.rfind(sign) for sign in WORDBREAKS) + 1
    word = shlex.quote(candidate.word) if " " in candidate.word else candidate.word
    return word[known:] + ("" if word.endswith(UNFINISHED) else " ")


def candidates(words: Sequence[str]) -> Iterator[Candidate]:
    """What may stand in the place of the last word, which is being typed; more than what begins like it."""
    *before, current = words
    name, rest = asked(before)
    inner = [each for each in COMMANDS if each.startswith(" ".join([*before, ""]))] if len(before) < 2 else []
    yield from (Candidate(each.split()[len(before)], _about(each)) for each in inner)
    if not before:
        yield Candidate("--help", "what there is")
        yield Candidate("--version")
    if name:
        yield from _Line(name, rest).candidates(current)


def _about(name: str) -> str:
    return (command(name).__doc__ or "").partition("\n")[0]


class _Line:
    """A command with what is written so far."""

    def __init__(self, name: str, rest: list[str]) -> None:
        self.known = parameters(command(name))
        self.options = {name: each for each in self.known for name in _names(each)}
        self.arguments = [each for each in self.known if isinstance(each.declared, Argument)]
        self.given: list[str] = []  # arguments
        self.flags: list[tuple[str, str]] = []  # options with their values
        self.open: Parameter | None = None  # an option whose value comes next
        for token in rest:
            self._take(token)

    def _take(self, token: str) -> None:
        name, equals, value = token.partition("=")
        option = self.options.get(name)
        if self.open is not None:
            self.flags.append((self.open.name, token))
            self.open = None
        elif option is None and not token.startswith("-"):
            self.given.append(token)
        elif option is not None and option.kind is not bool and not equals:
            self.open = option
        elif option is not None:
            self.flags.append((option.name, value))

    def candidates(self, current: str) -> Iterator[Candidate]:
        name, equals, value = current.partition("=")
        if self.open is not None:
            yield from self._values(self.open, current)
        elif equals and name in self.options:
            found = self._values(self.options[name], value)
            yield from (Candidate(f"{name}={each.word}", each.about) for each in found)
        elif current.startswith("-") and current != "-":
            yield from self._switches()
        else:
            place = min(len(self.given), len(self.arguments) - 1)
            if place >= 0 and (len(self.given) <= place or self.arguments[place].several):
                yield from self._values(self.arguments[place], current)

    def _switches(self) -> Iterator[Candidate]:
        used = {name for name, _ in self.flags}
        for name, option in self.options.items():
            if not option.declared.hidden and (option.several or option.name not in used):
                yield Candidate(name, option.declared.help)
        yield Candidate("--help")

    def _values(self, parameter: Parameter, current: str) -> Iterator[Candidate]:
        from zen_cli.cli.complete_values import values

        sets = [value for name, value in self.flags if name == "sets"]
        configs = [word for word in self.given if os.path.isfile(word)]
        yield from (Candidate(*each) for each in values(parameter.declared.metavar or "", current, configs, sets))


def _names(parameter: Parameter) -> list[str]:
    if not isinstance(parameter.declared, Option):
        return []
    return list(parameter.switches()) if parameter.kind is bool else list(parameter.declared.names)
