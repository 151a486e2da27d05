"""The phases of a comparison, as a generator: tune with equal budgets, then judge with fresh seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zen_cli.compare.protocol import Protocol
from zen_cli.compare.store import Store
from zen_cli.compare.tuning import Trial, best, more_rates, wants_more
from zen_cli.errors import ZenError
from zen_cli.jobs.processes import Died, run_all
from zen_cli.jobs.stack import Course, Net, train_all

ADDED = 2  # rates an extension adds for each


class Phase(NamedTuple):
    """A phase begins: `runs` courses are wanted, `known` of them are there already."""

    name: str
    runs: int
    known: int


class Ran(NamedTuple):
    """Courses of one optimizer are done."""

    phase: str
    label: str
    courses: tuple[Course, ...]


class Lost(NamedTuple):
    """A worker died; its courses are missing."""

    label: str
    nets: tuple[Net, ...]
    why: str


class Judged(NamedTuple):
    """The end: what tuning tried, the rate chosen, and the courses that judge, in the order of the seeds."""

    tried: dict[str, list[Trial]]
    rates: dict[str, float]
    courses: dict[str, tuple[Course, ...]]
    lost: tuple[Lost, ...]


Happening = Phase | Ran | Lost | Judged
Wanted = dict[str, list[Net]]


class Comparison:
    """Runs a protocol; closing the generator of `happenings` ends its workers and loses nothing that is done."""

    def __init__(self, protocol: Protocol, store: Store, jobs: int) -> None:
        self.protocol, self.store, self.jobs = protocol, store, jobs
        self.entries = {entry.label: entry for entry in protocol.entries}
        self.lost: list[Lost] = []

    def happenings(self) -> Iterator[Happening]:
        protocol = self.protocol
        tried: dict[str, list[Trial]] = {label: [] for label in self.entries}
        rates: dict[str, Sequence[float]] = {label: entry.rates for label, entry in self.entries.items()}
        while True:
            yield from self._tune(tried, rates)
            added = len(next(iter(tried.values()))) - protocol.trials
            if added + ADDED > protocol.extend or not wants_more(tried, protocol.entries, protocol):
                break
            rates = {label: more_rates(trials, protocol) for label, trials in tried.items()}
        chosen = {label: best(trials, protocol).lr for label, trials in tried.items()}
        wanted = {label: [Net(seed, lr) for seed in protocol.seeds] for label, lr in chosen.items()}
        judged: dict[str, tuple[Course, ...]] = {}
        for happening in self._run("evaluate", wanted, test=True):
            if isinstance(happening, Ran):
                judged[happening.label] = happening.courses
            yield happening
        self._check_pairing(judged)
        yield Judged(tried, chosen, judged, tuple(self.lost))

    def _tune(self, tried: dict[str, list[Trial]], rates: dict[str, Sequence[float]]) -> Iterator[Happening]:
        seeds = self.protocol.tune_seeds
        wanted = {label: [Net(seed, lr) for lr in rates[label] for seed in seeds] for label in self.entries}
        for happening in self._run("tune", wanted, test=False):
            if isinstance(happening, Ran):
                by_rate: dict[float, list[Course]] = {}
                for course in happening.courses:
                    by_rate.setdefault(course.net.lr, []).append(course)
                tried[happening.label] += [Trial(lr, tuple(courses)) for lr, courses in by_rate.items()]
            yield happening

    def _run(self, phase: str, wanted: Wanted, test: bool) -> Iterator[Happening]:
        """Runs what is not in the store; gives one Ran a label, its courses in the order wanted."""
        found: dict[tuple[str, Net], Course] = {}
        for label, nets in wanted.items():
            for net in nets:
                course = self.store.get(self.entries[label], net, test)
                if course is not None:
                    found[label, net] = course
        missing = {label: [net for net in nets if (label, net) not in found] for label, nets in wanted.items()}
        yield Phase(phase, sum(map(len, wanted.values())), len(found))
        complete = {label for label, nets in missing.items() if not nets}
        yield from (self._ran(phase, label, wanted, found) for label in wanted if label in complete)
        tasks = [(label, piece) for label, nets in missing.items() for piece in self._pieces(nets)]
        budget = self.protocol.budget
        budget = budget if test else budget._replace(every=budget.steps)  # only the end chooses a rate

        def work(task: tuple[str, list[Net]]) -> list[Course]:
            entry = self.entries[task[0]]
            return train_all(self.protocol.of(entry), task[1], budget, test)

        for number, result in run_all(work, tasks, self.jobs):
            label, nets = tasks[number]
            if isinstance(result, Died):
                self.lost.append(Lost(label, tuple(nets), result.message))
                yield self.lost[-1]
                result = []
            for course in result:
                self.store.put(self.entries[label], course, test)
                found[label, course.net] = course
            missing[label] = [net for net in missing[label] if net not in nets]
            if not missing[label]:
                yield self._ran(phase, label, wanted, found)

    def _ran(self, phase: str, label: str, wanted: Wanted, found: dict[tuple[str, Net], Course]) -> Ran:
        return Ran(phase, label, tuple(found[label, net] for net in wanted[label] if (label, net) in found))

    def _pieces(self, nets: list[Net]) -> list[list[Net]]:
        """A stack a job: results do not depend on how nets are put together."""
        size = -(-len(nets) // self.jobs) if nets else 1
        return [nets[start : start + size] for start in range(0, len(nets), size)]

    def _check_pairing(self, judged: dict[str, tuple[Course, ...]]) -> None:
        """The first loss of a seed is the same bits for all: same rows, same weights, same first batch."""
        if any(entry.experiment for entry in self.entries.values()):
            return  # other nets or losses begin elsewhere
        for courses in zip(*judged.values(), strict=False):
            if len({course.first_loss for course in courses}) > 1 and len({c.net.seed for c in courses}) == 1:
                raise ZenError(f"seed {courses[0].net.seed} begins with different losses: optimizers are not paired")
