"""A comparison as lines that stay: for pipes, files and simple terminals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TextIO

from zen_cli.compare.phases import Happening, Judged, Lost, Phase, Ran
from zen_cli.compare.protocol import Protocol
from zen_cli.display.cells import GAP, wrapped
from zen_cli.display.numbers import duration, short
from zen_cli.display.race.track import DEFAULTS, TUNE, Race, Racer
from zen_cli.display.terminal import BOLD, GREEN, YELLOW, Output, Terminal, escape, terminal

BETWEEN = 1.0  # seconds between two lines within a phase, at least


class PlainRace:
    """A line when a phase begins and when it ends, at most one a second between them, and the end."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float], environ: Mapping[str, str], protocol: Protocol
    ) -> None:
        self.output, self.to, self.clock = Output(stream), terminal(stream, environ), clock
        self.race = Race(protocol, clock())
        self.due = self.began = self.race.began

    def see(self, happening: Happening, /) -> None:
        now = self.clock()
        if isinstance(happening, (Phase, Judged)):
            self._end_phase(now)
        self.race.note(happening)
        if isinstance(happening, Phase):
            self.began, self.due = now, now + BETWEEN
            self.output.line(begun(self.race, happening, self.to))
        elif isinstance(happening, Ran) and now >= self.due and self.race.in_phase < self._runs():
            self.due = now + BETWEEN
            racer = self.race.racers[happening.label]
            self._line(f"{escape(racer.label)} {racer.phase}", _best(racer), now - self.began)
        elif isinstance(happening, Lost):
            self.output.line(lost(happening, self.to))
        elif isinstance(happening, Judged):
            self.output.line(compared(self.race, now, self.to))

    def _runs(self) -> int:
        return self.race.phase.runs if self.race.phase else 0

    def _end_phase(self, now: float) -> None:
        if self.race.phase is not None:
            leader = self.race.leader
            best = f"best {escape(leader.label)} {_best(leader)}" if leader else ""
            self._line("done", best, now - self.began)

    def _line(self, what: str, best: str, seconds: float) -> None:
        count = f"{self.race.in_phase:>{len(str(self._runs()))}}/{self._runs()} runs"
        parts = [f"{said_phase(self.race)}: {what}", count, duration(seconds), best]
        self.output.line(wrapped([part for part in parts if part], self.to.width))

    def close(self) -> None:
        """What there is to say was said."""


def begun(race: Race, phase: Phase, to: Terminal) -> str:
    """`tune: 108 runs of 4 optimizers  32 known`"""
    known = f"{phase.known} known" if phase.known else ""
    parts = [f"{said_phase(race)}: {phase.runs} runs of {len(race.racers)} optimizers", known]
    return wrapped([part for part in parts if part], to.width)


def said_phase(race: Race) -> str:
    """`tune`, `tune further`, `judge`, `judge further`, `judge untuned`."""
    name = race.phase.name if race.phase else ""
    if name == DEFAULTS:
        return "judge untuned"
    return f"{'tune' if name == TUNE else 'judge'}{' further' if race.seen.count(name) > 1 else ''}"


def started(race: Race) -> str:
    """`digits  4 optimizers  27 runs each to tune  10 to judge`"""
    counts = (f"{len(race.racers)} optimizers", f"{race.tuning} runs each to tune", f"{race.judging} to judge")
    return GAP.join((escape(race.protocol.experiment.config.name), *counts))


def lost(happening: Lost, to: Terminal) -> str:
    """`sgd: lost 27 runs: ended by signal 9, maybe out of memory`"""
    count = len(happening.nets)
    what = f"lost {count} run{'s' if count != 1 else ''}"
    text = wrapped([f"{escape(happening.label)}: {what}: {escape(happening.why)}"], to.width)
    return text.replace(f": {what}", f": {to.style(what, BOLD, YELLOW)}", 1)


def compared(race: Race, now: float, to: Terminal) -> str:
    """`digits: compared  4 optimizers  148 runs (32 known)  29 s`"""
    known = f" ({race.known} known)" if race.known else ""
    name = escape(race.protocol.experiment.config.name)
    parts = [
        f"{name}: compared", f"{len(race.racers)} optimizers", f"{race.done} runs{known}",
        f"{race.lost} lost" if race.lost else "", duration(now - race.began),
    ]  # fmt: skip
    text = wrapped([part for part in parts if part], to.width)
    return text.replace(": compared", f": {to.style('compared', BOLD, GREEN)}", 1)


def _best(racer: Racer) -> str:
    found = racer.standing
    if found is None:
        return ""
    broke = f" ({found.broke} of {found.of} broke)" if found.broke else ""
    number = short(found.value) if math.isfinite(found.value) else "diverged"
    return f"{number}{broke if number != 'diverged' else ''} at lr {found.lr:g}"
