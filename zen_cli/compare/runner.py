"""Runs the nets that a phase wants: what is known is read, the rest is trained, here or in processes."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import NamedTuple

from zen_cli.compare.held import Held
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.store import Store
from zen_cli.jobs.nets import Course, Net
from zen_cli.jobs.processes import Died, run_all
from zen_cli.jobs.stack import ALONE, Stack, stacks

TUNING, JUDGING, DEFAULTS = "tune", "evaluate", "defaults"
MOST_GAIN, SAVED = 6, 20e-6  # of a stack, as measured: times, and seconds a step
WORTH = 1.0  # seconds of work from which processes pay for themselves
Wanted = dict[str, list[Net]]
Courses = dict[str, tuple[Course, ...]]
Task = tuple[str, Sequence[Net]]


class Phase(NamedTuple):
    """A phase begins: `runs` courses are wanted, `known` of them are there already."""

    name: str
    runs: int
    known: int


class Ran(NamedTuple):
    """Courses of one optimizer are done, maybe some of them only."""

    phase: str
    label: str
    courses: tuple[Course, ...]


class Lost(NamedTuple):
    """A worker died; its courses count as failed."""

    label: str
    nets: tuple[Net, ...]
    why: str


class Runner:
    """Trains for a protocol. `pace`: the seconds of a step of each optimizer, where they are known."""

    def __init__(self, protocol: Protocol, store: Store, jobs: int) -> None:
        self.protocol, self.store, self.held, self.jobs = protocol, store, Held(store), jobs
        self.entries = {entry.label: entry for entry in protocol.entries}
        self.pace: dict[str, float] = {}
        self.lost: list[Lost] = []
        self.trained: set[tuple[str, Net]] = set()  # rather than read

    def run(self, phase: str, wanted: Wanted) -> Generator[Phase | Ran | Lost, None, Courses]:
        """Yields what is done as it is done; returns the courses of each label in the order wanted."""
        found = self._known(wanted, phase)
        yield Phase(phase, sum(map(len, wanted.values())), len(found))
        for label, nets in wanted.items():
            known = tuple(found[label, net] for net in nets if (label, net) in found)
            if known:
                yield Ran(phase, label, known)
        missing = {label: [net for net in nets if (label, net) not in found] for label, nets in wanted.items()}
        for (label, group), result in self._trained(missing, phase):
            if isinstance(result, Died):
                self.lost.append(Lost(label, tuple(group), result.message))
                found |= {(label, net): self._failed(net, result.message) for net in group}
                yield self.lost[-1]
                continue
            self.trained |= {(label, course.net) for course in result}
            found |= {(label, course.net): course for course in result}
            yield Ran(phase, label, tuple(result))
        return {label: tuple(found[label, net] for net in nets) for label, nets in wanted.items()}

    def missing(self, wanted: Wanted, phase: str) -> Wanted:
        """What is not in the store."""
        return {
            label: [net for net in nets if not self.store.has(self.entries[label], net, phase)]
            for label, nets in wanted.items()
        }  # fmt: skip

    def seconds(self, missing: Wanted, phase: str) -> float:
        """About how long that takes in one process; infinitely long where nobody knows."""
        return sum(len(nets) * self._seconds(label, phase) for label, nets in missing.items() if nets)

    def _seconds(self, label: str, phase: str) -> float:
        """Of one net: its steps, and its curve where it judges. A stack saves what a step costs however small it is."""
        alone, budget = self.pace.get(label, math.inf), self.protocol.budget_of(self.entries[label])
        stacked = alone if self._alone else max(alone / MOST_GAIN, alone - SAVED)
        return budget.steps * stacked + (budget.steps / budget.every * alone if phase == JUDGING else 0.0)

    @property
    def _alone(self) -> bool:
        return self.protocol.experiment.parameters >= ALONE

    def _known(self, wanted: Wanted, phase: str) -> dict[tuple[str, Net], Course]:
        pairs = ((label, net) for label, nets in wanted.items() for net in nets)
        read = ((label, net, self.store.get(self.entries[label], net, phase)) for label, net in pairs)
        return {(label, net): course for label, net, course in read if course is not None}

    def _trained(self, missing: Wanted, phase: str) -> Iterator[tuple[Task, list[Course] | Died]]:
        jobs = self.jobs if self.seconds(missing, phase) >= WORTH else 0
        tasks = [(label, piece) for label, nets in missing.items() for piece in self._pieces(label, nets, phase, jobs)]

        def work(task: Task, asked: Callable[[], bool]) -> list[Course] | None:
            return self._work(*task, phase, asked)

        for number, result in run_all(work, tasks, jobs):
            yield tasks[number], result

    def _work(
        self, label: str, nets: Sequence[Net], phase: str, asked: Callable[[], bool]
    ) -> list[Course] | None:  # fmt: skip
        """Trains, and keeps what came of it: a worker does that itself, so that nothing is lost on the way."""
        entry, stack = self.entries[label], self._stack(label, nets, phase)
        if not stack.run(asked):
            self.held.keep(entry, stack, phase)
            return None
        courses = stack.courses(test=phase != TUNING)
        for course in courses:
            self.store.put(entry, course, phase)
        self.held.drop(entry, nets, phase)
        return courses

    def _stack(self, label: str, nets: Sequence[Net], phase: str) -> Stack:
        """As far as it was trained before it was stopped."""
        stack, saved = self._fresh(label, nets, phase), self.held.saved(self.entries[label], nets, phase)
        try:
            if saved is not None:
                stack.thaw(*saved)
        except (LookupError, ValueError):  # kept by a program that trains otherwise
            return self._fresh(label, nets, phase)
        return stack

    def _fresh(self, label: str, nets: Sequence[Net], phase: str) -> Stack:
        entry = self.entries[label]
        budget = self.protocol.budget_of(entry)
        budget = budget if phase == JUDGING else budget._replace(every=budget.steps)  # only the end counts
        return Stack(self.protocol.of(entry, nets[0].setting), nets, budget, self.protocol.split_of)

    def _pieces(self, label: str, nets: list[Net], phase: str, jobs: int) -> Iterator[Sequence[Net]]:
        """What was stopped together; then a stack a job: results do not depend on how nets are put together."""
        entry = self.entries[label]
        stopped = self.held.groups(entry, nets, phase)
        yield from stopped
        for alike in _alike([net for net in nets if not any(net in group for group in stopped)]):
            size = -(-len(alike) // max(jobs, 1))
            for start in range(0, len(alike), size):
                yield from stacks(self.protocol.of(entry), alike[start : start + size])

    def _failed(self, net: Net, why: str) -> Course:
        """What stands for a course that nobody can tell about."""
        names = ("loss", *(metric.label for metric in self.protocol.experiment.metrics))
        return Course(net, math.nan, (0,), (dict.fromkeys(names, math.nan),), {}, None, why)


def _alike(nets: list[Net]) -> list[list[Net]]:
    """The nets that one program trains: they differ in the seed and the rate alone."""
    found: dict[tuple[tuple[str, float], ...], list[Net]] = {}
    for net in nets:
        found.setdefault(net.others, []).append(net)
    return list(found.values())
