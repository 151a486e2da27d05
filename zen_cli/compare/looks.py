"""How often one has looked at the same comparison with other seeds: p-values do not know of it."""

from __future__ import annotations

import json
from pathlib import Path

from zen_cli.compare.protocol import Protocol
from zen_cli.runs.files import write_atomically, writing
from zen_cli.runs.strict_json import strict_json


def look(root: Path | None, protocol: Protocol) -> int:
    """Notes that this protocol was looked at with its seeds; how many sets of seeds there were, 1 without a folder.

    The file `looks/HASH.json`, HASH that of the protocol without its seeds, is a list of (first seed, count).
    """
    if root is None:
        return 1
    path = root / "looks" / f"{_hash(protocol)}.json"
    seen, now = _read(path), [protocol.seeds[0], len(protocol.seeds)]
    if now not in seen:
        seen.append(now)
        with writing(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, [strict_json(seen).encode()])
    return len(seen)


def _hash(protocol: Protocol) -> str:
    from hashlib import sha256

    return sha256(strict_json({**protocol.card(), "seeds": None}).encode()).hexdigest()


def _read(path: Path) -> list[list[int]]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []
