"""Arguments and options that several commands share, and what they ask of the process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, BinaryIO, NamedTuple

from zen_cli.cli.arguments import Argument, option
from zen_cli.errors import Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Config
    from zen_cli.data.room import Room
    from zen_cli.experiment import Experiment
    from zen_cli.training.conditions import Condition
    from zen_cli.training.events import Event

    Listener = Callable[[Iterable[Event]], Iterator[Event]]

Configs = Annotated[
    list[str],
    Argument(metavar="CONFIG...", help="The config; of several files the later over the earlier; `-`: standard input."),
]
Untrusted = Annotated[bool, option("--untrusted", help="Let the config name only files below its own folder.")]
Run = Annotated[str, Argument(metavar="RUN", help="A run directory, runs/NAME (its latest), or a model file.")]
Sets = Annotated[
    list[str] | None,
    option("--set", metavar="KEY=VALUE", help="Override a value: --set optimizer.lr=0.1 (repeatable)."),
]
Unsets = Annotated[
    list[str] | None, option("--unset", metavar="KEY", help="Leave a key of the config out (repeatable).")
]
Quiet = Annotated[bool, option("--quiet", "-q", help="No progress and no warnings.")]
Json = Annotated[bool, option("--json", help="The result as one JSON object.")]
JsonLines = Annotated[bool, option("--jsonl", help="Events as they happen, one JSON object a line.")]
Progress = Annotated[str, option("--progress", metavar="auto|rich|plain|none", help="How progress is shown.")]
NoColor = Annotated[bool, option("--no-color", help="No colours (NO_COLOR does the same).")]
Seed = Annotated[int | None, option("--seed", min=0, help="Seed of all random numbers, for the config's.")]
Threads = Annotated[int, option("--threads", min=1, help="Threads of matrix products; 1 gives the same bits.")]

CLOSED_PIPE = -signal.SIGPIPE if hasattr(signal, "SIGPIPE") else 141  # the exit code; as shells say it on Windows
LARGEST_SHOWN = 1 << 20  # characters of a file that are searched for the line of an error


def use_threads(count: int) -> None:
    """Must come before NumPy is imported: BLAS reads it once."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ[name] = str(count)


def environment(no_color: bool) -> dict[str, str]:
    """What the display may know of the environment."""
    return {**os.environ, **({"NO_COLOR": "1"} if no_color else {})}


class Given(NamedTuple):
    """A config as the command line puts it together: files, and what is changed in them."""

    files: list[str]
    sets: list[str] | None = None
    unsets: list[str] | None = None
    untrusted: bool = False

    def config(self) -> Config:
        """The config, its values checked and its names not yet looked up."""
        from zen_cli.config.load import load

        sets, unsets = self.sets or (), self.unsets or ()
        return load(*self.files, sets=sets, unsets=unsets, stdin=standard_input(), untrusted=self.untrusted)

    def experiment(self, room: Room | None = None) -> Experiment:
        """What it describes; no more than the `room` is taken."""
        from zen_cli.data.room import ANY
        from zen_cli.experiment import from_file

        return from_file(
            *self.files, sets=self.sets or (), unsets=self.unsets or (), stdin=standard_input(), room=room or ANY,
            untrusted=self.untrusted,
        )  # fmt: skip


def overrides(sets: list[str] | None, seed: int | None) -> list[str]:
    """`--set` and the flags that stand for one."""
    return [*(sets or []), *([f"seed={seed}"] if seed is not None else [])]


def standard_input() -> BinaryIO | None:
    """Standard input as bytes, if there is one; whoever is given `-` reads it."""
    return sys.stdin.buffer if sys.stdin is not None else None


def require_progress(how: str) -> None:
    if how not in ("auto", "rich", "plain", "none"):
        raise ZenError(f"expected auto, rich, plain or none, found '{how}'", Place("--progress"))


def progress(
    how: str, quiet: bool, no_color: bool, *, monitor: str | None = None, goal: Condition | None = None,
    written: Callable[[], int] = lambda: 0,
) -> Listener:
    """The listener that shows progress on standard error, or passes the events on as they are."""
    require_progress(how)
    if quiet or how == "none":
        return iter
    import time

    from zen_cli.display.progress import show

    def listen(events: Iterable[Event]) -> Iterator[Event]:
        return show(
            events, progress=how, stream=sys.stderr, clock=time.perf_counter,
            environ=environment(no_color), monitor=monitor, goal=goal, written=written,
        )  # fmt: skip

    return listen


def warn(messages: list[str] | tuple[str, ...], quiet: bool = False) -> None:
    """One line each on standard error."""
    if messages and not quiet:
        from zen_cli.display.errors import warn as write

        for message in messages:
            write(message, stream=sys.stderr, environ=os.environ)


def tell(text: str) -> None:
    """A line on standard error that is no warning."""
    from zen_cli.display.terminal import Output, escape

    if sys.stderr is not None:
        Output(sys.stderr).line(f"zen: {escape(text)}")


def say(error: ZenError) -> None:
    """The error on standard error, with the line that it points to where that is a terminal."""
    from zen_cli.display.errors import report

    report(error, stream=sys.stderr, environ=os.environ, text_of=_text)


def _text(file: str) -> str | None:
    try:
        with open(file, encoding="utf-8", newline="") as stream:
            return stream.read(LARGEST_SHOWN) if os.path.isfile(file) else None
    except (OSError, ValueError):
        return None
