"""What can be drawn: a run, or a config that is trained while it is drawn; and short names that tell several apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from zen_cli.config.load import load
from zen_cli.config.node import Scalar
from zen_cli.config.sections import Config
from zen_cli.errors import Place, ZenError
from zen_cli.runs.metrics_file import History, read
from zen_cli.runs.opening import open_run


class Source(NamedTuple):
    """Where it lies, the config that trains it again, and its events; None for a config."""

    path: Path
    config: Path
    history: History | None
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As the config names it; the name of its folder if the events do not tell."""
        events = self.history.events if self.history else []
        started = (event.get("name") for event in events if event["event"] == "start")
        found = next((name for name in started if isinstance(name, str)), None)
        return found or (self.path.parent.name if self.history else self.path.stem) or str(self.path)

    @property
    def status(self) -> str:
        """How it ended; empty if the events do not tell."""
        ends = [event.get("status") for event in (self.history.events if self.history else []) if "status" in event]
        return str(ends[-1]) if ends else ""


def open_source(text: str) -> Source:
    """The run or the config file that the user named.

    Raises:
        ZenError: exit 3: no such run, or one that cannot be read.
    """
    path = Path(text)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return Source(path, path, None)
    opened = open_run(path)
    history = read(opened.directory.metrics)
    return Source(opened.directory.path, opened.directory.resolved, history, (*opened.warnings, *history.warnings))


def require_history(source: Source) -> History:
    """The events of a run.

    Raises:
        ZenError: exit 2 for a config.
    """
    if source.history is None:
        raise ZenError("a config has no curves before it is trained", Place(str(source.path)), "zen train it first")
    return source.history


def labels(sources: Sequence[Source]) -> list[str]:
    """A name for each: its own, or what tells it from the others: its optimizer, the rate, its folder."""
    for name in (lambda source: source.name, _optimizer, _rate, lambda source: f"{source.name} {source.path.name}"):
        found = list(map(name, sources))
        if all(found) and len(set(found)) == len(found):
            return found
    return [f"{i} {source.name}" for i, source in enumerate(sources, 1)]


def _optimizer(source: Source) -> str:
    return _read(source, lambda config: config.optimizer.type if config.optimizer else "")


def _rate(source: Source) -> str:
    def said(config: Config) -> str:
        entry = config.optimizer.options.entries.get("lr") if config.optimizer else None
        lr = entry.value.text if entry and isinstance(entry.value, Scalar) else ""
        return f"{config.optimizer.type} {lr}".strip() if config.optimizer else ""

    return _read(source, said)


def _read(source: Source, say: Callable[[Config], str]) -> str:
    try:
        return say(load(str(source.config)))
    except ZenError:
        return ""
