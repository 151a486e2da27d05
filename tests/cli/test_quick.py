"""A plain command line means the same whether Typer reads it or not; all others are left to Typer."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from zen_cli.cli.app import declared
from zen_cli.cli.arguments import Argument, Parameter, parameters
from zen_cli.cli.commands import COMMANDS, command
from zen_cli.cli.quick import read

KINDS = (bool, int, float, str)


def values(each: Parameter) -> st.SearchStrategy[str]:
    """Values that it takes."""
    least = getattr(each.declared, "min", None) or 0
    if each.kind is int:
        return st.integers(int(least), int(least) + 9).map(str)
    return st.sampled_from(["0.5", "1", "1e-3"] if each.kind is float else ["a", "-", "x=1", "a b", "[", "é", "runs/x"])


def read_by_typer(name: str, tokens: list[str]) -> dict[str, Any]:
    """What Typer would call the command with."""
    told: dict[str, Any] = {}

    @functools.wraps(command(name))
    def recorder(**given: Any) -> None:
        told.update(given)

    app = typer.Typer(add_completion=False)
    app.command()(declared(recorder))
    app(tokens, standalone_mode=False)
    return told


@st.composite
def option_words(draw: Any, each: Parameter) -> list[str]:
    if each.kind is bool:
        return [draw(st.sampled_from(sorted(each.switches())))]
    written, value = draw(st.sampled_from(each.declared.names)), draw(values(each))
    return [f"{written}={value}"] if written.startswith("--") and draw(st.booleans()) else [written, value]


@st.composite
def plain_line(draw: Any, name: str) -> list[str]:
    """A command line with every required argument and some options, in any order."""
    groups: list[list[str]] = []
    for each in parameters(command(name)):
        if isinstance(each.declared, Argument):
            groups += [[draw(values(each))] for _ in range(draw(st.integers(1, 3)) if each.several else 1)]
        elif draw(st.booleans()):
            groups += [draw(option_words(each)) for _ in range(draw(st.integers(1, 2)))]
    return [word for group in draw(st.permutations(groups)) for word in group]


@pytest.mark.parametrize("name", COMMANDS)
@settings(max_examples=4, deadline=None)
@given(st.data())
def test_plain_command_lines_are_read_as_typer_reads_them(name: str, data: Any) -> None:
    tokens = data.draw(plain_line(name))
    found = read(command(name), tokens)
    assert found is not None
    usual = {each.name: each.default for each in inspect.signature(command(name)).parameters.values()}
    assert usual | found == read_by_typer(name, tokens)


@pytest.mark.parametrize(
    "tokens",
    [
        [], ["a", "--help"], ["a", "-h"], ["a", "--nope"], ["a", "--see", "3"], ["a", "--seed"],
        ["a", "--seed", "x"], ["a", "--seed", "-1"], ["a", "--seeds", "0"], ["a", "--quiet=1"], ["a", "-qx"],
        ["a", "--set", "--quiet"], ["--", "a"], ["a", "--seed=1.5"],
    ],
)  # fmt: skip
def test_the_rest_is_left_to_typer(tokens: list[str]) -> None:
    assert read(command("train"), tokens) is None


def test_every_parameter_says_what_it_is() -> None:
    for name in COMMANDS:
        for each in parameters(command(name)):
            assert each.declared.help and each.kind in KINDS
