"""Large tables: read once as text, then from the cache, to the same bits; found again by their content alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import CONFIG, refused
from zen_cli.config.sections import Data, Split
from zen_cli.data import cache as module
from zen_cli.data import large, load, sink
from zen_cli.data.cache import Cache
from zen_cli.data.dataset import Dataset
from zen_cli.data.room import Room
from zen_cli.errors import Exit

TEXT = "a,town,name,g,y\n" + "".join(
    f"{i * 0.37:.3f},{'Bern' if i % 3 else 'Chur'},name {i},{i % 7},{i % 5}\n" for i in range(500)
)


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "LARGE", 1)
    monkeypatch.setattr(sink, "KEPT", 100)
    monkeypatch.setattr(sink.Sink.__init__, "__defaults__", (100,))


class Told(list[str]):
    """What the cache says."""


def room(tmp_path: Path, told: list[str] | None = None, limit: int = 10**9) -> Room:
    return Room(None, str(tmp_path / "cache"), limit, (told if told is not None else Told()).append)


def read(tmp_path: Path, told: list[str] | None = None, limit: int = 10**9, **options: Any) -> Dataset:
    path = tmp_path / "x.csv"
    if not path.exists():
        path.write_text(TEXT)
    given = {"target": "y", "split": Split(group="g")} | options
    return load.load(Data(source=str(path), **given), CONFIG, task="classes", room=room(tmp_path, told, limit))


def entries(tmp_path: Path) -> list[str]:
    return sorted(os.listdir(tmp_path / "cache" / "tables"))


def same(one: Dataset, other: Dataset) -> None:
    assert one.sha256 == other.sha256 and one.schema[:5] == other.schema[:5]
    for name in ("numbers", "codes"):
        np.testing.assert_array_equal(getattr(one.features, name)[:], getattr(other.features, name)[:], strict=True)
    np.testing.assert_array_equal(one.targets, other.targets, strict=True)
    np.testing.assert_array_equal(one.keys.group, other.keys.group, strict=True)
    assert (one.left_out, one.notes, one.own_test) == (other.left_out, other.notes, other.own_test)


def plain(tmp_path: Path) -> Dataset:
    """Without a cache."""
    section = Data(source=str(tmp_path / "x.csv"), target="y", split=Split(group="g"))
    return load.load(section, CONFIG, task="classes")


def test_it_is_read_once_and_stays_the_same(tmp_path: Path) -> None:
    told = Told()
    first, second = read(tmp_path, told), read(tmp_path, told)
    same(first, second)
    same(first, plain(tmp_path))
    assert len(entries(tmp_path)) == 1 and len(told) == 1 and "once as text" in told[0]
    assert first.left_out == ("name",) and first.schema.features == ("a", "town")


def test_a_copy_and_another_time_are_the_same_content(tmp_path: Path) -> None:
    read(tmp_path)
    os.rename(tmp_path / "x.csv", tmp_path / "other.csv")
    told = Told()
    read(tmp_path / "..", told)  # written anew
    os.utime(tmp_path / ".." / "x.csv", (1, 1))
    section = Data(source=str(tmp_path / "other.csv"), target="y", split=Split(group="g"))
    load.load(section, CONFIG, task="classes", room=room(tmp_path, told))
    assert len(entries(tmp_path)) == 1


def test_what_is_asked_for_is_part_of_the_key(tmp_path: Path) -> None:
    read(tmp_path)
    for options in ({"missing": "mean"}, {"drop": ["town"]}, {"scale": "none"}, {"split": Split()}):
        read(tmp_path, **options)
    read(tmp_path, memory="1GB", split=Split(group="g", validation=0.2))  # decides no row
    assert len(entries(tmp_path)) == 5


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    first = read(tmp_path)
    (tmp_path / "x.csv").write_text(TEXT.replace("0.370", "0.371"))
    assert read(tmp_path).sha256 != first.sha256 and len(entries(tmp_path)) == 2


def test_a_file_is_hashed_once_while_it_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, hashed = tmp_path / "x.csv", Told()
    path.write_text(TEXT)
    true = module._sha256
    monkeypatch.setattr(module, "_sha256", lambda path: hashed.append(path) or true(path))
    cache = Cache(str(tmp_path / "cache"), 10**9)
    assert cache.content(str(path)) == cache.content(str(path)) and len(hashed) == 2  # it is too young to be sure
    monkeypatch.setattr(module, "YOUNG", -1)
    assert cache.content(str(path)) == cache.content(str(path)) and len(hashed) == 3
    path.write_text(TEXT.replace("0.370", "0.371"))
    cache.content(str(path))
    assert len(hashed) == 4


@pytest.mark.parametrize("damage", ["cut", "meta", "schema", "gone"])
def test_a_damaged_entry_is_made_anew(tmp_path: Path, damage: str) -> None:
    read(tmp_path)
    (entry,) = (tmp_path / "cache" / "tables").iterdir()
    meta = json.loads((entry / "meta.json").read_text())
    if damage == "cut":
        os.truncate(entry / "numbers", 100)
    elif damage == "meta":
        (entry / "meta.json").write_text("{")
    elif damage == "schema":
        (entry / "meta.json").write_text(json.dumps(meta | {"schema": {}}))
    else:
        os.remove(entry / "targets")
    told = Told()
    same(read(tmp_path, told), plain(tmp_path))
    assert len(told) == 1


def test_what_was_not_used_for_longest_makes_room(tmp_path: Path) -> None:
    read(tmp_path)
    (old,) = entries(tmp_path)
    os.utime(tmp_path / "cache" / "tables" / old, (1, 1))
    read(tmp_path, drop=["town"])
    size = sum(file.stat().st_size for file in (tmp_path / "cache" / "tables" / old).iterdir())
    assert len(entries(tmp_path)) == 2
    read(tmp_path, limit=int(size * 2.2), scale="none")
    left = entries(tmp_path)
    assert old not in left and len(left) == 2


def test_what_was_never_finished_is_cleared_away(tmp_path: Path) -> None:
    tables = tmp_path / "cache" / "tables"
    (tables / ".making-old").mkdir(parents=True)
    (tables / ".making-new").mkdir()
    os.utime(tables / ".making-old", (1, 1))
    read(tmp_path)
    assert ".making-old" not in entries(tmp_path) and ".making-new" in entries(tmp_path)


def test_two_processes_make_one_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = large.keep

    def second_comes_first(dataset: Any, cache: Any, key: Any, place: Any) -> None:
        monkeypatch.setattr(large, "keep", keep)
        same(read(tmp_path), dataset)
        keep(dataset, cache, key, place)

    monkeypatch.setattr(large, "keep", second_comes_first)
    first = read(tmp_path)
    assert len(entries(tmp_path)) == 1
    np.testing.assert_array_equal(first.features.numbers[:], read(tmp_path).features.numbers[:])


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    told = Told()
    data = read(tmp_path, told)
    assert isinstance(data.features.numbers, np.ndarray) and told[0].startswith("no cache: cannot write")


def test_no_room_is_told_before_it_is_read(tmp_path: Path) -> None:
    error = refused(lambda: read(tmp_path, limit=100), Exit.ENVIRONMENT)
    assert "are too much for the cache" in error.what and "ZEN_CACHE_LIMIT" in (error.hint or "")
    with open(tmp_path / "big.csv", "wb") as file:
        file.truncate(1 << 40)
    section = Data(source=str(tmp_path / "big.csv"))
    refused(lambda: load.load(section, CONFIG, room=room(tmp_path, limit=1 << 38)), Exit.ENVIRONMENT)


def test_standard_input_is_not_kept(tmp_path: Path) -> None:
    import io

    section = Data(source="-", target="y", split=Split(group="g"))
    data = load.load(section, CONFIG, task="classes", stdin=io.BytesIO(TEXT.encode()), room=room(tmp_path))
    same(data, read(tmp_path, split=Split(group="g")))
    assert len(entries(tmp_path)) == 1  # of the file that was read to compare


def test_small_standard_input_makes_no_folder(tmp_path: Path) -> None:
    import io

    load.load(Data(source="-"), CONFIG, stdin=io.BytesIO(b"a\n1\n"), room=room(tmp_path))
    assert not (tmp_path / "cache").exists()


def test_a_read_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(TEXT + "x,Bern,name,1,1\n")
    assert ":502:1 " in str(refused(lambda: read(tmp_path)))
    assert entries(tmp_path) == []
