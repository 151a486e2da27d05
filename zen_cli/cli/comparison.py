"""Running one comparison and summing it up, for every form of `zen compare`."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from zen_cli.cli import machine, options
from zen_cli.cli.signals import say
from zen_cli.errors import Place, ZenError

if TYPE_CHECKING:
    from zen_cli.compare.flags import Flags
    from zen_cli.compare.phases import Comparison, Estimate, Judged
    from zen_cli.compare.protocol import Protocol
    from zen_cli.compare.summary import Material
    from zen_cli.compare.timing import Cost
    from zen_cli.data.room import Room


class Shown(NamedTuple):
    """How progress is shown."""

    quiet: bool
    progress: str
    no_color: bool


class Asked(NamedTuple):
    """What the command line says about every config."""

    flags: Flags
    sets: list[str]
    unsets: list[str]
    over: list[str]


class Kept(NamedTuple):
    """Where runs are kept; `fresh`: what lies there is not read. `threads`: of matrix products."""

    folder: Path
    fresh: bool
    threads: int = 1


class Running(NamedTuple):
    """How a comparison is run: where runs are kept, in how many processes, how it is shown, whether steps are timed."""

    kept: Kept
    jobs: int | None
    shown: Shown
    timed: bool


class Compared(NamedTuple):
    """What came of one config."""

    summary: dict[str, Any]
    material: Material
    judged: Judged


def frozen(source: str, asked: Asked, kept: Kept) -> Protocol:
    """The protocol for a config, with all that the command line says; a budget in seconds is measured out."""
    from zen_cli.compare.pace import paced
    from zen_cli.training.memory import require

    room = machine.room()
    protocol = _stated(source, asked, room)
    for entry in protocol.entries:
        require(protocol.of(entry), room.memory)
    return paced(protocol, kept.folder, environment(kept.threads), time.perf_counter, kept.fresh)


def _stated(source: str, asked: Asked, room: Room) -> Protocol:
    from zen_cli.compare.settings import protocol_of
    from zen_cli.experiment import from_file

    stdin = options.standard_input()
    experiment = from_file(source, sets=asked.sets, unsets=asked.unsets, stdin=stdin, room=room)
    if not asked.over:
        return protocol_of(experiment, asked.flags)
    from zen_cli.compare.over import entries_over, tunes_rate

    flags = asked.flags
    if tunes_rate(asked.over):
        if flags.tune not in (None, "none"):
            raise ZenError("the rate is what is compared, so it cannot be tuned", Place("--tune"))
        flags = flags._replace(tune="none")
    if flags.optimizers:
        raise ZenError("values of an option are compared at the config's own optimizer", Place("-o"), "leave it out")
    entries = entries_over(source, experiment, asked.over, sets=asked.sets, unsets=asked.unsets)
    return protocol_of(experiment, flags, entries)


def compared(protocol: Protocol, running: Running) -> Compared:
    """Runs what is not kept, shown on standard error, and sums it up; what a step costs is measured first."""
    from zen_cli.compare.looks import look
    from zen_cli.compare.timing import calibrate

    kept = running.kept
    load = environment(kept.threads)
    with ending(kept.folder):
        comparison = prepared(protocol, running)
        costs = calibrate(protocol, time.perf_counter) if running.timed else {}
        judged = _race(comparison, running.shown)
    again = judged.repeat if judged.repeat and judged.repeat.difference else None  # what is as it should be is no fact
    facts = {
        "looks": look(kept.folder, judged.protocol), "repeat": again._asdict() if again else None,
        "lost": [(lost.label, len(lost.nets), lost.why) for lost in judged.lost],
    }  # fmt: skip
    return _summarized(judged.protocol, judged, costs, load, facts)


def prepared(protocol: Protocol, running: Running) -> Comparison:
    """The comparison about to run: a few steps are tried, and how long it will take is said on standard error."""
    from zen_cli.compare.phases import Comparison
    from zen_cli.compare.plan import undecided
    from zen_cli.compare.store import Store
    from zen_cli.jobs.processes import cores

    kept = running.kept
    store = Store(kept.folder, protocol, kept.fresh, kept.threads)
    comparison = Comparison(protocol, store, min(running.jobs or cores(), cores()), undecided)
    _announce(comparison.prepare(time.perf_counter), protocol, running.shown)
    return comparison


def _announce(estimate: Estimate, protocol: Protocol, shown: Shown) -> None:
    """`digits: 258 runs of 800 steps, 32 known: about 12 s`"""
    from zen_cli.display.numbers import duration

    if shown.quiet or shown.progress == "none" or estimate.seconds is None:
        return
    known = f", {estimate.known} known" if estimate.known else ""
    runs = f"{estimate.runs} runs of {protocol.budget.steps:,} steps{known}"
    sys.stderr.write(f"{protocol.experiment.config.name}: {runs}: about {duration(estimate.seconds)}\n")


def _race(comparison: Comparison, shown: Shown) -> Judged:
    from zen_cli.compare.phases import Judged
    from zen_cli.display.race.show import show_race

    happening = show_race(
        comparison.happenings(), protocol=comparison.protocol, progress=shown.progress, quiet=shown.quiet,
        stream=sys.stderr, clock=time.perf_counter, environ=options.environment(shown.no_color),
    )  # fmt: skip
    *_, last = happening
    assert isinstance(last, Judged)
    return last


def _summarized(
    protocol: Protocol, judged: Judged, costs: dict[str, Cost], env: dict[str, Any], facts: dict[str, Any]
) -> Compared:
    """The summary, and the rows that it is a function of."""
    from zen_cli.compare.arrivals import with_arrivals
    from zen_cli.compare.rows import curve_rows, run_rows, tuning_rows
    from zen_cli.compare.summary import Material, summarize

    rows = run_rows(protocol, judged), curve_rows(protocol, judged), tuning_rows(protocol, judged)
    material = Material(protocol.card(), *rows, facts)
    summary = summarize(material, costs, env, protocol.experiment.config.name, protocol.hash())
    runs = with_arrivals(material.runs, material.curves, summary)
    return Compared(summary, material._replace(runs=runs), judged)


@contextlib.contextmanager
def ending(folder: Path) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP end what runs at once, workers too; what is done is kept in `folder`."""

    def end(number: int, frame: Any) -> None:
        raise SystemExit(-number)

    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    usual = (signal.SIG_DFL, signal.default_int_handler)
    previous = {each: signal.getsignal(each) for each in wanted if signal.getsignal(each) in usual}
    for each in previous:
        signal.signal(each, end)
    try:
        yield
    except SystemExit as error:  # by then the workers are gone, and the terminal is as it was
        name = signal.Signals(-int(str(error.code))).name
        say(f"zen: {name}: stopped; what is done is kept in {folder}, the same command goes on from there\n")
        raise
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


def environment(threads: int) -> dict[str, Any]:
    """What the machine is, and how busy."""
    import os
    import platform

    import numpy

    from zen_cli import __version__
    from zen_cli.jobs.processes import cores

    cpu, load = _processor() or platform.machine(), os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    versions = {"zen": __version__, "numpy": numpy.__version__, "python": platform.python_version()}
    return {"cpu": cpu, "cores": cores(), "blas_threads": threads, "load": load, **versions}


def _processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
