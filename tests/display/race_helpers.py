"""A comparison whose numbers are made up: every optimizer in turn, through all phases."""

import math
from functools import cache
from pathlib import Path

from zen_cli.compare.flags import Flags
from zen_cli.compare.phases import Judged, Lost, Phase, Ran
from zen_cli.compare.settings import protocol_of
from zen_cli.experiment import from_file
from zen_cli.jobs.nets import Course, Net

ROOT = Path(__file__).parents[2]
CENTER = {"sgd": 1.0, "momentum": 0.1, "rmsprop": 0.00316, "adam": 0.01}


@cache
def protocol(names="sgd,momentum,rmsprop,adam", **flags):
    return protocol_of(from_file(str(ROOT / "configs" / "xor.yaml")), Flags(optimizers=names, seeds=10, **flags))


def many(count):
    """A protocol with so many optimizers."""
    entries = protocol().entries
    return protocol()._replace(
        entries=tuple(entries[i % 4]._replace(label=f"{entries[i % 4].label}-{i}") for i in range(count))
    )


def course(seed, lr, center, broke=None):
    """The nearer the rate to the centre, the faster the loss falls; each seed a little differently."""
    pace = 0.05 / (1 + abs(math.log10(lr / center))) * (1 + 0.01 * (seed % 10))
    at = tuple(range(0, 201, 10))
    losses = [math.nan if broke is not None and step >= broke else 0.25 * math.exp(-pace * step) for step in at]
    return Course(Net(seed, lr), 0.25, at, tuple({"loss": loss, "accuracy": 1.0} for loss in losses), {}, broke)


def race(clock, seconds=1.0, of=None, fail_after=None, lose=None, known=0):
    """The happenings; each Ran takes `seconds` of the clock. Rates three decades too large break."""
    of = of or protocol()
    count = 0

    def ran(phase, entry, nets):
        nonlocal count
        clock.now += seconds
        count += 1
        if count == fail_after:
            raise RuntimeError("the comparison broke off")
        center = CENTER[entry.optimizer.name]
        courses = [course(seed, lr, center, 30 if lr > 40 * center else None) for seed, lr in nets]
        return Ran(phase, entry.label, tuple(courses))

    yield Phase("tune", len(of.entries) * of.search.trials * len(of.tune_seeds), known)
    for entry in of.entries:
        nets = [(seed, lr) for lr, _ in entry.settings for seed in of.tune_seeds]
        if entry.label == lose:
            yield Lost(entry.label, (Net(*nets.pop()),), "ended by signal 9, maybe out of memory")
        yield ran("tune", entry, nets)
    yield Phase("evaluate", len(of.entries) * len(of.seeds), 0)
    for entry in of.entries:
        yield ran("evaluate", entry, [(seed, CENTER[entry.optimizer.name]) for seed in of.seeds])
    yield Judged(of, {}, {}, {}, ())
