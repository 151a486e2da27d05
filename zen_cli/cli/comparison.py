"""Running one comparison and summing it up, for every form of `zen compare`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from zen_cli.cli import options

if TYPE_CHECKING:
    from zen_cli.compare.phases import Judged
    from zen_cli.compare.protocol import Protocol
    from zen_cli.compare.summary import Material


class Shown(NamedTuple):
    """How progress is shown."""

    quiet: bool
    progress: str
    no_color: bool


def race(protocol: Protocol, cache: Path | None, jobs: int | None, shown: Shown) -> Judged:
    """Runs what is not in the cache, shown on standard error."""
    from zen_cli.compare.phases import Comparison, Judged
    from zen_cli.compare.store import Store
    from zen_cli.display.race import show_race
    from zen_cli.jobs.processes import cores

    comparison = Comparison(protocol, Store(cache, protocol), jobs or cores())
    happening = show_race(
        comparison.happenings(), protocol=protocol, progress=shown.progress, quiet=shown.quiet, stream=sys.stderr,
        clock=time.perf_counter, environ=options.environment(shown.no_color),
    )  # fmt: skip
    *_, last = happening
    assert isinstance(last, Judged)
    return last


def summarized(protocol: Protocol, judged: Judged, timed: bool) -> tuple[dict[str, Any], Material]:
    """The summary, and the rows that it is a function of; `timed` measures what a step costs."""
    from zen_cli.compare.rows import curve_rows, run_rows, tuning_rows
    from zen_cli.compare.summary import Material, summarize
    from zen_cli.compare.timing import calibrate

    costs = calibrate(protocol, time.perf_counter) if timed else {}
    rows = run_rows(protocol, judged), curve_rows(protocol, judged), tuning_rows(protocol, judged)
    material = Material(protocol.card(), *rows)
    name = protocol.experiment.config.name
    return summarize(material, costs, environment(), name, protocol.hash()), material


def environment() -> dict[str, Any]:
    """What the machine is, and how busy."""
    import os
    import platform

    import numpy

    from zen_cli import __version__
    from zen_cli.jobs.processes import cores

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    versions = {"zen": __version__, "numpy": numpy.__version__, "python": platform.python_version()}
    return {"cpu": platform.machine(), "cores": cores(), "blas_threads": 1, "load": load, **versions}
