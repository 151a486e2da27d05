"""What this machine lets a command take: memory, and a folder for large tables."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from zen_cli.errors import Place, ZenError

if TYPE_CHECKING:
    from zen_cli.data.room import Room

CACHE_LIMIT = "10GB"


def room(quiet: bool = False) -> Room:
    """Memory as the system says, and the folder for large tables: XDG_CACHE_HOME/zen, or ~/.cache/zen."""
    from zen_cli.data.room import Room

    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    limit = os.environ.get("ZEN_CACHE_LIMIT", CACHE_LIMIT)

    def say(text: str) -> None:
        if not quiet:
            sys.stderr.write(f"zen: {text}\n")
            sys.stderr.flush()

    return Room(available_memory(), os.path.join(home, "zen"), size(limit, Place("ZEN_CACHE_LIMIT")), say)


def size(text: str, where: Place) -> int:
    """`10GB` in bytes."""
    from zen_cli.data.sizes import bytes_of

    try:
        return bytes_of(text)
    except ValueError:
        raise ZenError(f"expected a size, found '{text}'", where, "write it like 500MB or 10GB") from None


def available_memory() -> int | None:
    """Bytes that can be had: without swapping, within the limits of the process and of its group; None if unknown."""
    found = [each for each in (_free_memory(), _process_limit(), _group_limit()) if each is not None]
    return min(found) if found else None


def _free_memory() -> int | None:
    try:
        with open("/proc/meminfo", encoding="utf-8") as file:
            found = dict(line.split(":", 1) for line in file)
        return int(found["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None


def _process_limit() -> int | None:
    """What `ulimit -v` leaves."""
    try:
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return None
    return None if limit == resource.RLIM_INFINITY else max(0, limit - used)


def _group_limit() -> int | None:
    """What a container's control group leaves."""
    try:
        numbers = []
        for name in ("max", "current"):
            with open(f"/sys/fs/cgroup/memory.{name}", encoding="ascii") as file:
                numbers.append(int(file.read()))
    except (OSError, ValueError):  # no such group, or no limit: `max`
        return None
    return max(0, numbers[0] - numbers[1])
