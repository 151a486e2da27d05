"""Tasks spread over forked processes, in order of their results; a task that dies takes no other with it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, TypeVar

from zen_cli.errors import ZenError

T = TypeVar("T")
Work = Callable[[T, Callable[[], bool]], Any]
GRACE = 2.0  # seconds for a worker to keep what it has


class Died(NamedTuple):
    """A worker that ended without a result: by a signal (most likely out of memory when it is 9), or by itself."""

    signal: int | None
    message: str


class _Worker(NamedTuple):
    task: int
    process: Any
    results: Connection


def run_all(work: Work[T], tasks: Sequence[T], jobs: int) -> Iterator[tuple[int, Any]]:
    """The number of each task and its result, or `Died`, as they come. `jobs` 0, or no `fork`, runs them here.

    Closing the iterator (Ctrl-C, an error) asks every worker to stop, and ends those that do not soon; so does the
    death of this process. `work` is given what says whether it was asked.
    """
    if jobs < 1 or not hasattr(os, "fork"):
        yield from ((number, work(task, lambda: False)) for number, task in enumerate(tasks))
        return
    waiting, running = list(enumerate(tasks)), list[_Worker]()
    try:
        while waiting or running:
            while waiting and len(running) < min(jobs, cores()):
                running.append(_start(work, *waiting.pop(0)))
            ready = wait([worker.results for worker in running])
            for worker in [worker for worker in running if worker.results in ready]:
                running.remove(worker)
                yield worker.task, _result(worker)
    finally:
        _end(running)


def _end(running: Sequence[_Worker]) -> None:
    for worker in running:
        worker.process.terminate()
    until = time.monotonic() + GRACE
    for worker in running:
        worker.process.join(max(0.0, until - time.monotonic()))
        worker.process.kill()
        worker.process.join()


def _start(work: Work[T], number: int, task: T) -> _Worker:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, task, theirs, os.getpid()), daemon=True)
    process.start()
    theirs.close()
    return _Worker(number, process, ours)


def _work(work: Work[T], task: T, results: Connection, parent: int) -> None:
    came: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: came.append(number))
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent answers for all
    try:
        found: Any = work(task, lambda: bool(came) or os.getppid() != parent)
    except ZenError as error:
        found = Died(None, str(error))
    except MemoryError:
        found = Died(None, "out of memory")
    with contextlib.suppress(BrokenPipeError):
        results.send(found)


def _result(worker: _Worker) -> Any:
    try:
        found = worker.results.recv()
    except EOFError:
        found = None
    worker.process.join()
    worker.results.close()
    code = worker.process.exitcode or 0
    if found is None:
        return Died(-code, f"ended by signal {-code}, maybe out of memory") if code < 0 else Died(None, "ended alone")
    return found


def cores() -> int:
    """How many processes can run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
