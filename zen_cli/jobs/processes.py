"""Tasks spread over forked processes, in order of their results; a task that dies takes no other with it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, TypeVar

from zen_cli.errors import ZenError

T = TypeVar("T")


class Died(NamedTuple):
    """A worker that ended without a result: by a signal (most likely out of memory when it is 9), or by itself."""

    signal: int | None
    message: str


class _Worker(NamedTuple):
    task: int
    process: Any
    results: Connection


def run_all(work: Callable[[T], Any], tasks: Sequence[T], jobs: int) -> Iterator[tuple[int, Any]]:
    """The number of each task and its result, or `Died`, as they come. `jobs` 1, or no `fork`, runs them here.

    Closing the iterator (Ctrl-C, an error) ends every worker at once.
    """
    if jobs <= 1 or len(tasks) <= 1 or not hasattr(os, "fork"):
        yield from ((number, work(task)) for number, task in enumerate(tasks))
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
        for worker in running:
            worker.process.kill()
            worker.process.join()


def _start(work: Callable[[T], Any], number: int, task: T) -> _Worker:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, task, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(number, process, ours)


def _work(work: Callable[[T], Any], task: T, results: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers for all
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        found: Any = work(task)
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



