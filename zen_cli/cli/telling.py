"""What a training tells: its progress, its result, why it ended as it did, and how it can go on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from zen_cli.cli import options
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.cli.job import Listener, Outcome
    from zen_cli.training.conditions import Condition
    from zen_cli.training.events import Event
    from zen_cli.training.training import Training


class Telling(NamedTuple):
    """How the user wants it."""

    quiet: bool
    json: bool
    jsonl: bool
    progress: str
    no_color: bool

    def listeners(self, training: Training, written: Callable[[], int] = lambda: 0) -> list[Listener]:
        """Whoever shows the events; `written()` counts the lines that others write to standard error meanwhile."""
        hidden = self.quiet or (self.jsonl and sys.stdout.isatty())
        target, monitor = success_condition(training), training.best.monitor
        shown = options.progress(self.progress, hidden, self.no_color, monitor=monitor, goal=target, written=written)
        return [shown, *([_json_lines] if self.jsonl else [])]

    def result(self, outcome: Outcome, training: Training) -> None:
        """The run directory; with several seeds the table of their results; with --json one object."""
        if self.jsonl:
            return
        if self.json:
            from zen_cli.runs.strict_json import strict_json

            sys.stdout.write(strict_json(_as_json(outcome, training)) + "\n")
        elif training.stacked:
            from zen_cli.display.seeds import seeds_table

            target, environ = success_condition(training), options.environment(self.no_color)
            seeds_table(outcome.end, training.seeds, target, stream=sys.stdout, environ=environ)
        else:
            sys.stdout.write(f"{outcome.directory.path}\n")


def complain(outcome: Outcome, training: Training) -> None:
    """Says, whatever else is to be quiet, why the exit code is not 0."""
    end, until = outcome.end, training.until
    if outcome.code == Exit.DIVERGED:
        best = f"; the best model, of epoch {end.best['epoch']}, is {outcome.directory.best}" if end.best else ""
        hint = ("; ".join(end.notes) or "lower optimizer.lr, scale the data, or set trainer.clip") + best
        raise ZenError(f"training diverged: {end.message}", hint=hint, code=Exit.DIVERGED)
    if outcome.code == Exit.DONE and until is not None and not training.reached:
        raise ZenError(f"{until} did not hold in {end.epochs} epochs", Place("--until"), code=Exit.UNMET)


def _json_lines(events: Iterable[Event]) -> Iterator[Event]:
    """Each event as a line of JSON on standard output, at once."""
    from zen_cli.runs.strict_json import strict_json
    from zen_cli.training.events import Rest, as_json

    for event in events:
        if not isinstance(event, Rest):
            sys.stdout.write(strict_json(as_json(event)) + "\n")
            sys.stdout.flush()
        yield event


def _as_json(outcome: Outcome, training: Training) -> dict[str, Any]:
    from zen_cli.training.events import as_json

    whole = {name: value for name, value in as_json(outcome.end).items() if name != "event"}
    if training.stacked:
        from zen_cli.display.seeds import seeds_summary

        whole |= seeds_summary(outcome.end, training.seeds, success_condition(training))
    return whole


def success_condition(training: Training) -> Condition | None:
    """What counts as success: `--until`, else the config's `trainer.target`."""
    from zen_cli.training.conditions import condition

    config = training.experiment.config
    target = config.trainer.target
    return training.until or (condition(target, config.where("trainer", "target")) if target else None)
