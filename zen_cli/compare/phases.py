"""The phases of a comparison, as a generator: tune with equal budgets, then judge with fresh seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import NamedTuple

from zen_cli.compare.protocol import Protocol
from zen_cli.compare.runner import DEFAULTS, JUDGING, TUNING, WORTH, Courses, Lost, Phase, Ran, Runner, Wanted
from zen_cli.compare.smoke import smoke
from zen_cli.compare.store import Store
from zen_cli.compare.tuning import Trial, best, more_settings, wants_more
from zen_cli.errors import ZenError
from zen_cli.jobs.nets import Course, Net, Setting
from zen_cli.jobs.stack import train_all

__all__ = ["Comparison", "Estimate", "Happening", "Judged", "Lost", "Phase", "Ran", "Repeat"]
ADDED = 2  # rates an extension adds for each


class Repeat(NamedTuple):
    """One net trained a second time, alone: the largest difference of its losses; 0: the same bits."""

    label: str
    seed: int
    difference: float


class Judged(NamedTuple):
    """The end: what tuning tried, the setting chosen, and the courses that judge, in the order of the seeds.

    `defaults`: those of the same seeds at each optimizer's own rate, if that was asked for. `protocol` has the seeds
    that judged.
    """

    protocol: Protocol
    tried: dict[str, list[Trial]]
    chosen: dict[str, Setting]
    courses: dict[str, tuple[Course, ...]]
    lost: tuple[Lost, ...]
    defaults: dict[str, tuple[Course, ...]] = {}
    repeat: Repeat | None = None


class Estimate(NamedTuple):
    """Runs wanted at first, those known, and the seconds that the others will take; None: nothing is to be run."""

    runs: int
    known: int
    seconds: float | None


Happening = Phase | Ran | Lost | Judged


class Comparison:
    """Runs a protocol; closing the generator of `happenings` ends its workers and loses nothing that is done."""

    def __init__(
        self, protocol: Protocol, store: Store, jobs: int, undecided: Callable[[Judged], bool] | None = None
    ) -> None:
        self.protocol, self.runner = protocol, Runner(protocol, store, jobs)
        self.undecided = undecided  # whether a second look is due after the first
        self.entries = self.runner.entries

    def prepare(self, clock: Callable[[], float]) -> Estimate:
        """Tries a few steps of every optimizer that is to be run, so that mistakes come to light at once.

        Raises:
            ZenError: exit 4, a first loss that is not finite, or a gradient that is wrong.
        """
        tuning = self._tuning({label: entry.settings for label, entry in self.entries.items()})
        missing = self.runner.missing(tuning, TUNING)
        phases = [JUDGING, DEFAULTS] if self.protocol.track == "both" else [JUDGING]
        runs = sum(map(len, tuning.values())) + len(phases) * len(self.entries) * len(self.protocol.seeds)
        known = sum(map(len, tuning.values())) - sum(map(len, missing.values()))
        new = [label for label, nets in missing.items() if nets]
        if not new:
            return Estimate(runs, known, None)
        self.runner.pace = smoke(self.protocol, new, clock)
        judging = {label: self._nets(Setting(0.0)) for label in new}
        seconds = self.runner.seconds(missing, TUNING) + sum(self.runner.seconds(judging, phase) for phase in phases)
        return Estimate(runs, known, seconds / (self.runner.jobs if seconds >= WORTH else 1))

    def happenings(self) -> Iterator[Happening]:
        protocol = self.protocol
        tried: dict[str, list[Trial]] = {label: [] for label in self.entries}
        settings: dict[str, Sequence[Setting]] = {label: entry.settings for label, entry in self.entries.items()}
        while True:
            yield from self._tune(tried, settings)
            added = max(map(len, tried.values())) - protocol.search.trials
            if added + ADDED > protocol.extend or not wants_more(tried, protocol.entries, protocol):
                break
            settings = {label: more_settings(tried[label], entry, protocol) for label, entry in self.entries.items()}
        chosen = {label: best(trials, protocol).setting for label, trials in tried.items()}
        judged = yield from self._judge(tried, chosen)
        check_pairing(protocol, judged)
        repeat = self._repeat(judged)
        defaults: Courses = {}
        if protocol.track == "both":
            wanted = {label: self._nets(entry.default) for label, entry in self.entries.items()}
            defaults = yield from self.runner.run(DEFAULTS, wanted)
        yield Judged(self.protocol, tried, chosen, judged, tuple(self.runner.lost), defaults, repeat)

    def _judge(
        self, tried: dict[str, list[Trial]], chosen: dict[str, Setting]
    ) -> Generator[Phase | Ran | Lost, None, Courses]:
        """With the first seeds; with those of a second look too, where that was planned and something is undecided."""
        it = self.protocol
        judged = yield from self.runner.run(JUDGING, {label: self._nets(each) for label, each in chosen.items()})
        if not it.more or not self.undecided or not self.undecided(Judged(it, tried, chosen, judged, ())):
            return judged
        more = {label: [Net(seed, *each) for seed in it.more] for label, each in chosen.items()}
        further = yield from self.runner.run(JUDGING, more)
        self.protocol = it._replace(seeds=it.seeds + it.more, more=())
        return {label: courses + further[label] for label, courses in judged.items()}

    def _tuning(self, settings: dict[str, Sequence[Setting]]) -> Wanted:
        seeds = self.protocol.tune_seeds
        return {label: [Net(seed, *each) for each in settings[label] for seed in seeds] for label in self.entries}

    def _nets(self, setting: Setting) -> list[Net]:
        return [Net(seed, *setting) for seed in self.protocol.seeds]

    def _tune(
        self, tried: dict[str, list[Trial]], settings: dict[str, Sequence[Setting]]
    ) -> Iterator[Phase | Ran | Lost]:
        found = yield from self.runner.run(TUNING, self._tuning(settings))
        for label, courses in found.items():
            by_setting: dict[Setting, list[Course]] = {}
            for course in courses:
                by_setting.setdefault(course.net.setting, []).append(course)
            tried[label] += [Trial(setting, tuple(courses)) for setting, courses in by_setting.items()]

    def _repeat(self, judged: Courses) -> Repeat | None:
        """The first net that was trained and not read, a second time."""
        fresh = ((label, course) for label, courses in judged.items() for course in courses
                 if (label, course.net) in self.runner.trained)  # fmt: skip
        label, first = next(fresh, (None, None))
        if label is None or first is None:
            return None
        experiment = self.protocol.of(self.entries[label], first.net.setting)
        budget = self.protocol.budget_of(self.entries[label])
        again = train_all(experiment, [first.net], budget, test=True, split=self.protocol.split_of)[0]
        return Repeat(label, first.net.seed, difference(first, again))


def difference(first: Course, second: Course) -> float:
    """The largest of the losses' differences; 0 if they are the same bits, infinite where only one is finite."""
    pairs = zip((first.first_loss, *_losses(first)), (second.first_loss, *_losses(second)), strict=True)
    return max(_apart(a, b) for a, b in pairs)


def _losses(course: Course) -> list[float]:
    return [measured["loss"] for measured in course.measured]


def _apart(a: float, b: float) -> float:
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0.0
    return abs(a - b) if math.isfinite(a - b) else math.inf


def check_pairing(protocol: Protocol, judged: Courses) -> None:
    """The first loss of a seed is the same bits for all: same rows, same weights, same first batch.

    Raises:
        ZenError: exit 1, they are not: what follows would compare seeds, not optimizers.
    """
    if any(entry.experiment for entry in protocol.entries):
        return  # other nets or losses begin elsewhere
    for courses in zip(*judged.values(), strict=True):
        if len({repr(course.first_loss) for course in courses if not course.error}) > 1:
            raise ZenError(f"seed {courses[0].net.seed} begins with different losses: optimizers are not paired")
