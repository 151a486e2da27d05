"""Courses that were run before, by the hash of all that they depend on: asking again computes only what is new."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zen_cli import __version__
from zen_cli.compare.entries import Entry, options_but_rate
from zen_cli.compare.protocol import Protocol, fixed
from zen_cli.jobs.nets import Course, Net
from zen_cli.runs.files import write_atomically
from zen_cli.runs.strict_json import strict_json


class Store:
    """A folder of small JSON files, `ab/abcdef....json`, one a course. What cannot be read is run again.

    `fresh`: nothing is read, what is run replaces what is there. `threads`: of matrix products, which may round anew.
    """

    def __init__(self, root: Path | None, protocol: Protocol, fresh: bool = False, threads: int = 1) -> None:
        card = protocol.card()
        self._keys: dict[tuple[str, Net, str], str] = {}
        self.root, self.fresh = root, fresh
        self.fixed = [__version__, card["problem"], card["data_sha256"], protocol.split]
        self.budgets = {entry.label: protocol.budget_of(entry)._asdict() for entry in protocol.entries}
        self.fixed += [threads] if threads > 1 else []
        self.fixed += [["split", protocol.split_of]] if protocol.split_of is not None else []
        apart = [entry for entry in protocol.entries if entry.experiment or entry.stated]
        self.own = {entry.label: fixed(protocol.of(entry)) for entry in apart}

    def key(self, entry: Entry, net: Net, phase: str) -> str:
        """The hash of all that a course depends on."""
        place = (entry.label, net, phase)
        if place not in self._keys:
            self._keys[place] = self._key(entry, net, phase)
        return self._keys[place]

    def _key(self, entry: Entry, net: Net, phase: str) -> str:
        from hashlib import sha256

        optimizer = entry.at(net)
        whole = [*self._fixed(entry), optimizer.name, options_but_rate(optimizer), net.lr, net.seed, phase]
        return sha256(strict_json(whole).encode()).hexdigest()

    def _fixed(self, entry: Entry) -> list[Any]:
        """All but the optimizer; where the entry has an experiment of its own, that one's."""
        version, problem, sha256, *rest = self.fixed
        sha256 = entry.experiment.dataset.sha256 if entry.experiment else sha256
        return [version, self.own.get(entry.label, problem), sha256, self.budgets[entry.label], *rest]

    def get(self, entry: Entry, net: Net, phase: str) -> Course | None:
        if self.root is None or self.fresh:
            return None
        try:
            return _course(json.loads(self._path(self.key(entry, net, phase)).read_bytes()), net)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def has(self, entry: Entry, net: Net, phase: str) -> bool:
        return not self.fresh and self.root is not None and self._path(self.key(entry, net, phase)).exists()

    def put(self, entry: Entry, course: Course, phase: str) -> None:
        if self.root is None:
            return
        path = self._path(self.key(entry, course.net, phase))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, [strict_json(_plain(course)).encode()])

    def _path(self, key: str) -> Path:
        assert self.root is not None
        return self.root / key[:2] / f"{key}.json"


def _plain(course: Course) -> dict[str, Any]:
    """Curves by metric; numbers that are not finite become null."""
    names = course.measured[0]
    curves = {name: [measured[name] for measured in course.measured] for name in names}
    rest = {"at": course.at, "test": course.test, "broke": course.broke, "traits": course.traits}
    return {"first_loss": course.first_loss, "curves": curves, **rest}


def _course(plain: Any, net: Net) -> Course:
    number: Callable[[Any], float] = lambda value: float("nan") if value is None else float(value)  # noqa: E731
    curves = {name: [number(value) for value in values] for name, values in plain["curves"].items()}
    measured = tuple(dict(zip(curves, values, strict=True)) for values in zip(*curves.values(), strict=True))
    test = {name: number(value) for name, value in plain["test"].items()}
    traits = {name: number(value) for name, value in plain["traits"].items()}
    first, at = number(plain["first_loss"]), tuple(plain["at"])
    return Course(net, first, at, measured, test, plain["broke"], traits=traits)
