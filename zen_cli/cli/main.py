"""The entry point: finds the command, and turns whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys

from zen_cli import __version__
from zen_cli.cli import options, quick
from zen_cli.cli.commands import ANSWERING, asked, command
from zen_cli.errors import Exit, ZenError

MANY_OBJECTS = 100_000  # imports make that many and keep them: to look for garbage among them costs 3 % of a short run


def main(arguments: list[str] | None = None) -> None:
    """Runs a command and ends the process with its exit code, or by the signal that stopped it."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    gc.set_threshold(MANY_OBJECTS)
    _prepare_output()
    if arguments[:1] == ["--version"]:
        sys.stdout.write(f"zen {__version__}\n")
        _finish(int(Exit.DONE))
    if arguments[:1] == ["--complete"]:
        from zen_cli.cli.complete import complete

        complete(arguments[1:])
        _finish(int(Exit.DONE))
    debug = "--debug" in arguments
    if "--no-color" in arguments:
        os.environ["NO_COLOR"] = "1"  # for errors too
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        _finish(_run(arguments or ["--help"], debug))
    except Exception as error:
        if debug:
            raise
        _finish(_report(error))


def _prepare_output() -> None:
    """Nothing that is written may fail for its characters, or because a stream was closed from the start."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # else the next file that is opened would take its number
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
        sys.stdout.reconfigure(errors="surrogateescape" if unicode else "backslashreplace")


def _run(arguments: list[str], debug: bool) -> int:
    try:
        _require_text(arguments)
        code = _command(arguments)
        sys.stdout.flush()
    except ZenError as error:
        return _say(error, debug)
    except (BrokenPipeError, SystemExit) as error:
        return _closed_pipe(error)
    except KeyboardInterrupt:
        return -signal.SIGINT
    except MemoryError:
        return _say(ZenError("out of memory", hint="a smaller batch or network", code=Exit.ENVIRONMENT), debug)
    except OSError as error:
        return _say(ZenError(_os_error(error), code=Exit.ENVIRONMENT), debug)
    return code


def _command(arguments: list[str]) -> int:
    """Runs the command; Typer is asked where the command line is not plain."""
    name, rest = asked(arguments)
    if name not in ANSWERING and signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # so that what is open is closed
    given = quick.read(command(name), rest) if name else None
    if given is not None:
        return command(name)(**given) or 0
    from zen_cli.cli.app import run

    return run(arguments)


def _require_text(arguments: list[str]) -> None:
    """Names of files end up in receipts and events, which are UTF-8."""
    for argument in arguments:
        if not argument.isascii() and any("\ud800" <= character <= "\udfff" for character in argument):
            raise ZenError(f"'{argument}' is not UTF-8", hint="rename the file")


def _closed_pipe(error: BaseException) -> int:
    """The code of SIGPIPE; typer makes a SystemExit of a closed pipe, other ones have codes of their own."""
    if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
        return error.code if isinstance(error.code, int) else int(Exit.BUG)
    return options.CLOSED_PIPE


def _os_error(error: OSError) -> str:
    what = (error.strerror or str(error)).lower()
    return f"{error.filename}: {what}" if error.filename else f"cannot write: {what}"


def _finish(code: int) -> None:
    """Ends the process; a negative code means by that signal, so that shell loops stop too."""
    if code < 0:
        _close_output()
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    try:
        sys.stdout.flush()
    except OSError:
        _close_output()
    sys.exit(code)


def _close_output() -> None:
    """Nothing more can reach standard output, and nothing more may be said about it."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _say(error: ZenError, debug: bool = False) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    options.say(error)
    return int(error.code)


def _report(error: Exception) -> int:
    """A bug: one line, and where the report was written."""
    import tempfile
    import traceback

    text = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile("w", prefix="zen-report-", suffix=".txt", delete=False) as report:
        report.write(f"zen {__version__}\n{sys.argv}\n{text}")
    kind = type(error).__name__
    sys.stderr.write(f"zen: bug: {kind}: {' '.join(str(error).split())[:200]} (report: {report.name})\n")
    return int(Exit.BUG)
