"""What can be drawn: a run, or a config that is trained while it is drawn; and short names that tell several apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from zen_cli.config.load import load
from zen_cli.config.node import Scalar
from zen_cli.config.sections import Config
from zen_cli.errors import Place, ZenError
from zen_cli.registry import options_of
from zen_cli.runs.metrics_file import History, read
from zen_cli.runs.opening import open_run

if TYPE_CHECKING:
    from zen_cli.experiment import Experiment


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


def surface_of(sources: Sequence[Source]) -> list[Experiment]:
    """Their experiments, if all are of the same function of two numbers, wherever they start; else none."""
    if not all(_read(source, lambda config: config.problem.type if config.problem else "") for source in sources):
        return []
    from zen_cli.experiment import from_file
    from zen_cli.problems.surface import Surface

    experiments = [from_file(str(source.config)) for source in sources]
    problems = [experiment.problem for experiment in experiments]
    alike = all(isinstance(problem, Surface) and _function(problem) == _function(problems[0]) for problem in problems)
    return experiments if alike else []


def _function(problem: Any) -> tuple[Any, ...]:
    """What the function is; not where one starts on it."""
    options = (option.name for option in options_of(type(problem)))
    return type(problem), *(getattr(problem, name) for name in options if name not in ("start", "jitter"))


def labels(sources: Sequence[Source], by_optimizer: bool = False) -> list[str]:
    """A name for each: its own, or what tells it from the others: its optimizer, the rate, its folder."""
    own: list[Callable[[Source], str]] = [lambda source: source.name]
    several: list[Callable[[Source], str]] = [_optimizer, _rate]
    folder: list[Callable[[Source], str]] = [lambda source: f"{source.name} {source.path.name}"]
    for name in [*several, *own, *folder] if by_optimizer else [*own, *several, *folder]:
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
