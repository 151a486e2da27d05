"""Tasks over processes: all results, whatever happens to a worker; nothing is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.cases import case
from zen_cli.errors import ZenError
from zen_cli.jobs.processes import Died, cores, run_all


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_gives_its_result(jobs: int) -> None:
    found = dict(run_all(lambda task, asked: task * task, [1, 2, 3, 4, 5], jobs))
    assert found == {0: 1, 1: 4, 2: 9, 3: 16, 4: 25}


def test_no_task_gives_nothing() -> None:
    assert list(run_all(lambda task, asked: task, [], 2)) == []


def test_a_killed_worker_takes_no_other_with_it() -> None:
    def work(task: int, asked: object) -> int:
        if task == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return task

    found = dict(run_all(work, [0, 1, 2], 2))
    assert found[0] == 0 and found[2] == 2
    assert found[1] == Died(9, "ended by signal 9, maybe out of memory")


def test_an_error_in_a_worker_is_told() -> None:
    def work(task: int, asked: object) -> int:
        raise (ZenError("no such thing") if task else MemoryError)

    assert dict(run_all(work, [0, 1], 2)) == {0: Died(None, "out of memory"), 1: Died(None, "no such thing")}


def test_closing_ends_the_workers_at_once() -> None:
    def work(task: int, asked: object) -> int:
        time.sleep(60 * task)
        return task

    results = run_all(work, [0, 1, 1], 2)
    assert next(results) == (0, 0)
    results.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


@case("E17")
def test_no_more_workers_than_cores() -> None:
    """However many are asked for: at no time do more of them work."""
    found = [times for _, times in run_all(lambda task, asked: (time.monotonic(), time.monotonic()), range(7), 1000)]
    assert max(sum(begin <= at <= end for begin, end in found) for at, _ in found) <= cores()


def test_who_is_asked_to_stop_may_keep_what_it_has(tmp_path: Path) -> None:
    def work(task: int, asked: Callable[[], bool]) -> int:
        while task and not asked():
            time.sleep(0.001)
        (tmp_path / str(task)).write_text("kept")
        return task

    results = run_all(work, [1, 0], 2)
    assert cores() == 1 or next(results) == (1, 0)
    results.close()  # type: ignore[attr-defined]
    assert cores() == 1 or (tmp_path / "1").exists()


def test_there_is_a_core() -> None:
    assert cores() >= 1
