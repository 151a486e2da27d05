"""zen config: what a config means, in what two differ, and what may stand in one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import Argument, option
from zen_cli.errors import Exit, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Config

Told = Annotated[bool, option("--origin", help="Where each value comes from: a file's line, a flag, a default.")]
One = Annotated[str, Argument(metavar="CONFIG|RUN", help="A config file or a run.")]
Other = Annotated[str, Argument(metavar="CONFIG|RUN", help="Another one.")]
ExitCode = Annotated[bool, option("--exit-code", help="Exit 6 if they differ.")]


def show(
    configs: options.Configs, origin: Told = False, sets: options.Sets = None, unsets: options.Unsets = None,
    json: options.Json = False, no_color: options.NoColor = False, untrusted: options.Untrusted = False,
) -> int:  # fmt: skip
    """Show a config with everything resolved.

    Files merged, overrides applied, defaults and what follows from the data said; each component as
    {type: name, option: value}.
    """
    options.use_threads(1)
    config = options.Given(configs, sets, unsets, untrusted).config()
    values = _resolved(config)
    if origin:
        _show_origins(values, config, json, no_color)
    elif json:
        _json(values)
    else:
        from zen_cli.config.dump import dump

        sys.stdout.write(dump(values))
    return int(Exit.DONE)


def _resolved(config: Config) -> dict[str, Any]:
    """With what follows from the data, where they can be read."""
    from zen_cli.experiment import from_config
    from zen_cli.resolved import resolved, unread

    try:
        stdin = options.standard_input()
        return resolved(from_config(config, stdin=stdin, room=machine.room()))
    except ZenError as error:
        if error.code not in (Exit.FILES, Exit.ENVIRONMENT):
            raise
        options.warn([f"{error}; what follows from the data is not shown"])
        return unread(config)


def _show_origins(values: dict[str, Any], config: Config, json: bool, no_color: bool) -> None:
    from zen_cli.origin import origins

    found = origins(values, config)
    if json:
        _json([{"key": it.key, "value": it.value, "origin": str(it)} for it in found])
        return
    from zen_cli.display.table import table

    rows = [[it.key, _text(it.value), str(it)] for it in found]
    table(["key", "value", "origin"], rows, stream=sys.stdout, environ=options.environment(no_color))


def diff(
    one: One, other: Other, exit_code: ExitCode = False, json: options.Json = False,
    no_color: options.NoColor = False, untrusted: options.Untrusted = False,
) -> int:  # fmt: skip
    """Show in what two configs or runs differ.

    By meaning, not by text: forms, order, comments and stated defaults make no difference, nor do names.
    """
    options.use_threads(1)
    both = _meaning(one, untrusted), _meaning(other, untrusted)
    keys = [key for key in dict.fromkeys([*both[0], *both[1]]) if key != "name"]
    rows = [(key, both[0].get(key), both[1].get(key)) for key in keys]
    rows = [(key, left, right) for key, left, right in rows if left != right]
    if json:
        _json([{"key": key, "values": [left, right]} for key, left, right in rows])
    elif rows:
        from zen_cli.display.table import table

        cells = [[key, _text(left), _text(right)] for key, left, right in rows]
        table(["key", one, other], cells, stream=sys.stdout, environ=options.environment(no_color))
    return int(Exit.UNMET if rows and exit_code else Exit.DONE)


def schema() -> int:
    """Print the JSON Schema of a config, for editors.

    A config whose first line is `# yaml-language-server: $schema=zen.schema.json` is then checked as it is typed.
    """
    options.use_threads(1)
    from zen_cli.json_schema import schema_text

    sys.stdout.write(schema_text())
    return int(Exit.DONE)


def _meaning(source: str, untrusted: bool) -> dict[str, Any]:
    """Every value of a config, or of the resolved one of a run, by its key path."""
    from zen_cli.config.node import flat
    from zen_cli.runs.source import open_source

    run = os.path.isdir(source) or source.endswith(".safetensors")
    file = str(open_source(source).config) if run else source
    return dict(flat(_resolved(options.Given([file], untrusted=untrusted).config())))


def _text(value: Any) -> str | None:
    from zen_cli.config.dump import flow

    return None if value is None else flow(value)


def _json(value: Any) -> None:
    from zen_cli.runs.strict_json import strict_json

    sys.stdout.write(strict_json(value) + "\n")
