"""What the display remembers of a comparison while it runs."""

from __future__ import annotations

import math
from itertools import zip_longest
from typing import NamedTuple

from zen_cli.compare.phases import Happening, Lost, Phase, Ran
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.tuning import Trial, best, score
from zen_cli.display.numbers import spread
from zen_cli.jobs.nets import Setting

TUNE, JUDGE, DEFAULTS = "tune", "evaluate", "defaults"
DOING = {TUNE: "tuning", JUDGE: "judging", DEFAULTS: "judging"}
DONE = {TUNE: "tuned", JUDGE: "judged", DEFAULTS: "judged"}


class Standing(NamedTuple):
    """An optimizer's best rate so far: the mean of its finite numbers, how many of how many broke, the course."""

    lr: float
    value: float
    broke: int
    of: int
    curve: list[float]


class Racer:
    """One optimizer: its runs done of those wanted, in all and in this phase, and what it has shown."""

    def __init__(self, label: str, wanted: int) -> None:
        self.label, self.wanted, self.done = label, wanted, 0
        self.phase, self.left = "waiting", 0  # of this phase
        self.standing: Standing | None = None
        self.trials: dict[str, dict[Setting, Trial]] = {TUNE: {}, JUDGE: {}}

    def begin(self, phase: str, runs: int) -> None:
        self.phase, self.left = DOING.get(phase, phase), runs

    def count(self, phase: str, runs: int) -> None:
        self.done, self.left = self.done + runs, self.left - runs
        if self.left <= 0:
            self.phase = DONE.get(phase, phase)

    def take(self, ran: Ran, protocol: Protocol) -> None:
        trials = self.trials.setdefault(ran.phase, {})
        for course in ran.courses:
            at = course.net.setting
            trials[at] = Trial(at, (*(trials[at].courses if at in trials else ()), course))
        if trials:
            self.standing = standing(best(list(trials.values()), protocol), protocol)


class Race:
    """All of them, and the pace. Rates that are added where the best lies at an edge are counted as they come."""

    def __init__(self, protocol: Protocol, now: float) -> None:
        self.protocol, self.began = protocol, now
        self.tuning, self.judging = protocol.search.trials * len(protocol.tune_seeds), len(protocol.seeds)
        tuning = {entry.label: len(entry.settings) * len(protocol.tune_seeds) for entry in protocol.entries}
        self.racers = {label: Racer(label, runs + self.judging) for label, runs in tuning.items()}
        self.phase: Phase | None = None
        self.seen: list[str] = []
        self.phases = self.in_phase = self.known = self.lost = 0

    def note(self, happening: Happening) -> None:
        if isinstance(happening, Phase):
            self._begin(happening)
        elif isinstance(happening, Ran):
            racer = self.racers[happening.label]
            racer.take(happening, self.protocol)
            self._count(racer, happening.phase, len(happening.courses))
        elif isinstance(happening, Lost):
            self.lost += len(happening.nets)
            phase = self.phase.name if self.phase else TUNE
            self._count(self.racers[happening.label], phase, len(happening.nets))

    def _begin(self, phase: Phase) -> None:
        added = phase.name == DEFAULTS or phase.name in self.seen
        self.seen.append(phase.name)
        self.phase, self.in_phase = phase, 0
        self.phases, self.known = self.phases + 1, self.known + phase.known
        each = phase.runs // max(len(self.racers), 1)
        for racer in self.racers.values():
            racer.begin(phase.name, each)
            racer.wanted += each if added else 0

    def _count(self, racer: Racer, phase: str, runs: int) -> None:
        racer.count(phase, runs)
        self.in_phase += runs

    @property
    def done(self) -> int:
        return sum(racer.done for racer in self.racers.values())

    @property
    def wanted(self) -> int:
        return sum(racer.wanted for racer in self.racers.values())

    @property
    def leader(self) -> Racer | None:
        """Who is best of those that are as far as any; nobody as long as one is there alone."""
        ran = [racer for racer in self.racers.values() if racer.standing]
        judged = [racer for racer in ran if racer.phase == DONE[JUDGE]]
        sign = 1.0 if self.protocol.goal == "min" else -1.0

        def place(racer: Racer) -> tuple[int, float]:
            found = racer.standing
            assert found is not None
            return found.broke, sign * found.value

        return min(judged or ran, key=place) if len(judged or ran) > 1 else None

    def left(self, now: float) -> float | None:
        """Seconds to go, at the pace of what was computed so far."""
        computed = self.done - self.known
        return (now - self.began) * max(self.wanted - self.done, 0) / computed if computed > 0 else None


def standing(trial: Trial, protocol: Protocol) -> Standing:
    """A rate's numbers as they are shown; the curve is the median over the seeds."""
    broke, value = score(trial, protocol)
    sign = 1.0 if protocol.goal == "min" else -1.0
    curves = ([measured[protocol.metric] for measured in course.measured] for course in trial.courses)
    points = zip_longest(*curves, fillvalue=math.nan)
    curve = [spread(point, larger=protocol.goal == "max").median for point in points]
    return Standing(trial.setting.lr, sign * value, broke, len(trial.courses), curve)
