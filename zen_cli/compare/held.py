"""Trainings that were stopped before their end: asking again goes on from there, to the bit."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from zen_cli.compare.entries import Entry
from zen_cli.compare.store import Store
from zen_cli.errors import ZenError
from zen_cli.jobs.nets import Net
from zen_cli.jobs.stack import Saved, Stack
from zen_cli.runs.checkpoint import load, peek, save
from zen_cli.runs.files import writing


class Held:
    """A folder `partial` of the store with a checkpoint for each stack. What cannot be read begins anew."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.folder = store.root / "partial" if store.root else None

    def keep(self, entry: Entry, stack: Stack, phase: str) -> None:
        if self.folder is None:
            return
        tensors, values = stack.freeze()
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        keys = [self.store.key(entry, net, phase) for net in stack.nets]
        save(self._path(keys), tensors, {"keys": json.dumps(keys), "stack": json.dumps(values)})

    def saved(self, entry: Entry, nets: Sequence[Net], phase: str) -> Saved | None:
        """What was kept of a stack of these nets, if anything was."""
        path = self._path([self.store.key(entry, net, phase) for net in nets])
        if self.folder is None or self.store.fresh or not path.exists():
            return None
        with contextlib.suppress(ZenError, ValueError, KeyError):
            found = load(path)
            return found.tensors, json.loads(found.metadata["stack"])
        return None

    def drop(self, entry: Entry, nets: Sequence[Net], phase: str) -> None:
        """What is finished is kept as courses."""
        if self.folder is not None:
            with contextlib.suppress(OSError):
                self._path([self.store.key(entry, net, phase) for net in nets]).unlink()

    def groups(self, entry: Entry, nets: Sequence[Net], phase: str) -> list[list[Net]]:
        """Those of the nets that were stopped together."""
        if self.folder is None or self.store.fresh or not self.folder.is_dir():
            return []
        by_key = {self.store.key(entry, net, phase): net for net in nets}
        found = [[by_key[key] for key in keys] for keys in self._kept() if set(keys) <= by_key.keys()]
        distinct: list[list[Net]] = []
        for group in found:
            if not any(net in other for other in distinct for net in group):
                distinct.append(group)
        return distinct

    def _kept(self) -> Iterator[list[str]]:
        assert self.folder is not None
        for path in sorted(self.folder.glob("*.safetensors")):
            with contextlib.suppress(ZenError, ValueError, KeyError):
                load(path)  # a damaged one would only fail later
                yield json.loads(peek(path)["keys"])

    def _path(self, keys: Sequence[str]) -> Path:
        name = sha256(" ".join(keys).encode()).hexdigest()[:32]
        return (self.folder or Path()) / f"{name}.safetensors"
