"""How long a step of each optimizer takes, where that says how many steps there are: measured once on a machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from zen_cli import __version__
from zen_cli.compare.budgets import SECONDS
from zen_cli.compare.entries import Entry, options_but_rate
from zen_cli.compare.protocol import Protocol, fixed
from zen_cli.compare.timing import calibrate
from zen_cli.runs.files import write_atomically, writing
from zen_cli.runs.strict_json import strict_json


def paced(
    protocol: Protocol, root: Path, env: Mapping[str, Any], clock: Callable[[], float], fresh: bool = False
) -> Protocol:
    """The protocol with as many steps for each as take the seconds that it states; others as they are.

    What was measured is kept in `root/pace`, so that asking again trains the same steps; `fresh` measures anew.
    """
    if protocol.length.unit != SECONDS:
        return protocol
    files = {entry.label: root / "pace" / f"{_key(protocol, entry, env)}.json" for entry in protocol.entries}
    known = {} if fresh else {label: _read(path) for label, path in files.items()}
    unknown = tuple(entry for entry in protocol.entries if not known.get(entry.label))
    found = calibrate(protocol._replace(entries=unknown), clock) if unknown else {}
    for label, cost in found.items():
        known[label] = cost.step / 1e6
        with writing(files[label].parent):
            files[label].parent.mkdir(parents=True, exist_ok=True)
        write_atomically(files[label], [strict_json(known[label]).encode()])
    return protocol._replace(entries=tuple(it._replace(pace=known[it.label]) for it in protocol.entries))


def _key(protocol: Protocol, entry: Entry, env: Mapping[str, Any]) -> str:
    machine = [env.get("cpu"), env.get("blas_threads"), __version__]
    whole = [*machine, fixed(protocol.of(entry)), entry.optimizer.name, options_but_rate(entry.optimizer)]
    return sha256(strict_json(whole).encode()).hexdigest()[:32]


def _read(path: Path) -> float | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return float(found) if isinstance(found, float) and found > 0 else None
