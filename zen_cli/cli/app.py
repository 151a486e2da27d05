"""The same commands as Typer knows them: it writes the help, and says what is wrong with a command line."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Sequence
from typing import Any

import typer

from zen_cli.cli.arguments import Argument, Command
from zen_cli.cli.commands import COMMANDS, command
from zen_cli.errors import ZenError

UsageError: Any = typer.BadParameter.__base__  # of click, which typer brings under one name or another
GROUPS = {
    "runs": "List, show, find and remove runs; without a command it lists them.",
    "config": "Show, compare and describe configs.",
}


def run(arguments: Sequence[str]) -> int:
    """Runs the command line.

    Raises:
        ZenError: it is not one of zen's.
    """
    try:
        code = app()(_spelled_out(arguments), prog_name="zen", standalone_mode=False)
    except UsageError as error:
        name = error.ctx.command_path if error.ctx else "zen"
        raise ZenError(error.format_message(), hint=f"{name} --help") from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0


def _spelled_out(arguments: Sequence[str]) -> list[str]:
    """`zen runs --last 3` as `zen runs ls --last 3`: what a group does by itself is one of its commands."""
    words = list(arguments)
    if words[0] in GROUPS and words[0] in COMMANDS and words[1:2] not in (["-h"], ["--help"]):
        inner = [name for name in COMMANDS if name.startswith(f"{words[0]} ")]
        if " ".join(words[:2]) not in inner:
            words[1:1] = [name.split()[1] for name in inner if COMMANDS[name] == COMMANDS[words[0]]]
    return words


def app() -> typer.Typer:
    """All commands, in their order."""
    whole = _group("Trains small and medium neural networks from the shell.")
    whole.callback()(_root)
    whole.info.epilog = "zen train configs/xor.yaml is a good start."
    groups: dict[str, typer.Typer] = {}
    for name in (name for name in COMMANDS if name not in GROUPS):
        group, _, inner = name.rpartition(" ")
        if group and group not in groups:
            groups[group] = _group(GROUPS[group])
            whole.add_typer(groups[group], name=group)
        (groups[group] if group else whole).command(inner)(declared(command(name)))
    return whole


def _root(
    version: bool = typer.Option(False, "--version", help="Show the version and exit.", is_eager=True),
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
) -> None:
    """Trains small and medium neural networks from the shell."""


def _group(about: str) -> typer.Typer:
    return typer.Typer(
        name="zen", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
        add_completion=False, context_settings={"help_option_names": ["-h", "--help"]}, help=about,
    )  # fmt: skip


def declared(function: Command) -> Command:
    """The command with its parameters declared in Typer's words."""
    signature = inspect.signature(function, eval_str=True)

    @functools.wraps(function)
    def shown(**given: Any) -> int | None:
        return function(**given)

    worded = [it.replace(annotation=_worded(it.annotation)) for it in signature.parameters.values()]
    shown.__annotations__ = {}
    shown.__signature__ = signature.replace(parameters=worded)  # type: ignore[attr-defined]
    return shown


def _worded(hint: Any) -> Any:
    kind, it = typing.get_args(hint)
    if isinstance(it, Argument):
        return typing.Annotated[kind, typer.Argument(metavar=it.metavar, help=it.help)]
    number = {"metavar": "N"} if {int, float} & {kind, *typing.get_args(kind)} else {}
    rest = it._asdict() | number
    return typing.Annotated[kind, typer.Option(*rest.pop("names"), **rest)]
