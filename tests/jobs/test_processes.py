"""Tasks over processes: all results, whatever happens to a worker; nothing is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from zen_cli.errors import ZenError
from zen_cli.jobs.processes import Died, cores, run_all


@pytest.mark.parametrize("jobs", [1, 2, 7])
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
    begun = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 1 and not multiprocessing.active_children()


def test_there_is_a_core() -> None:
    assert cores() >= 1
