"""Tables that are large: read once as text, kept in the cache, and never whole in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from zen_cli.data.cache import Cache, usable
from zen_cli.data.cached import keep, key_of, restore
from zen_cli.data.dataset import Dataset
from zen_cli.data.reading import read_tables
from zen_cli.data.request import Request
from zen_cli.data.room import Room
from zen_cli.errors import Exit, ZenError

SHRINKS = 0.4  # bytes in the cache for a byte of text, at least, where columns are numbers


def cache_of(room: Room, wanted: bool) -> Cache | None:
    """The cache that there is room for; where it is `wanted` for sure, only if its folder can be written."""
    cache = Cache(room.folder, room.limit, room.say) if room.folder and room.limit else None
    return usable(cache) if cache and wanted else cache


def read_large(
    files: Mapping[str, list[str]], size: int, request: Request, cache: Cache, stdin: BinaryIO | None
) -> Dataset:
    """The dataset in files of `size` bytes, or in `stdin`, which is not kept.

    Raises:
        ZenError: as `read_tables`; exit 7: no room for it.
    """
    origin = files["source"][0]
    if origin == "-":
        with cache.aside() as place:
            return read_tables(files, request, stdin, place)
    _require(cache.limit, size, request, cache)
    key = key_of(cache, files, request)
    found = cache.find(key)
    dataset = restore(*found, origin) if found else None
    if dataset is not None:
        return dataset
    _require(cache.free(), size, request, cache)
    cache.say(f"reading {origin} ({size >> 20} MiB) once as text; from now on it comes from {cache.folder}")
    with cache.aside() as place:
        dataset = read_tables(files, request, stdin, place)
        keep(dataset, cache, key, place.path())
    return dataset


def _require(room: int, size: int, request: Request, cache: Cache) -> None:
    """Refuses what the cache cannot hold, before the files are even hashed."""
    if size * SHRINKS > room:
        what = f"{size >> 20} MiB of text are too much for the cache {cache.folder}: it has room for {room >> 20} MiB"
        hint = "ZEN_CACHE_LIMIT=50GB allows more, XDG_CACHE_HOME names another folder; or take a part of the rows"
        raise ZenError(what, request.place("source"), hint, Exit.ENVIRONMENT)
