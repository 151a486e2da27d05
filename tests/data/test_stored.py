"""Rows on disk are the rows in memory."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.helpers import refused
from zen_cli.data import stored as module
from zen_cli.data.sink import Sink
from zen_cli.data.stored import Piece, Stored
from zen_cli.errors import Exit

ROWS = np.arange(60, dtype=np.float32).reshape(20, 3)


def pieces(tmp_path: Path) -> Stored:
    """The rows in three files, one of them with something before them, one empty."""
    (tmp_path / "a").write_bytes(b"head" + ROWS[:7].tobytes())
    (tmp_path / "b").write_bytes(b"")
    (tmp_path / "c").write_bytes(ROWS[7:].tobytes() + b"tail")
    parts = [("a", 4, 7), ("b", 0, 0), ("c", 0, 13)]
    return Stored([Piece(str(tmp_path / name), offset, rows) for name, offset, rows in parts], np.float32, (3,))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 19), max_size=20), st.integers(1, 100))
def test_chosen_rows(tmp_path_factory: pytest.TempPathFactory, chosen: list[int], span: int) -> None:
    found = pieces(tmp_path_factory.mktemp("rows"))
    rows = np.array(sorted(chosen), np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SPAN", span)
        np.testing.assert_array_equal(found[rows], ROWS[rows], strict=True)


def test_slices_and_blocks(tmp_path: Path) -> None:
    found = pieces(tmp_path)
    assert (found.shape, found.ndim, len(found), found.nbytes) == ((20, 3), 2, 20, 240)
    for rows in (slice(None), slice(5, 9), slice(3, 20, 4), slice(18, 40), slice(9, 2), slice(0, 0)):
        np.testing.assert_array_equal(found[rows], ROWS[rows], strict=True)
    np.testing.assert_array_equal(np.concatenate(list(found.blocks(6))), ROWS)


def test_a_deleted_file_stays_readable(tmp_path: Path) -> None:
    found = pieces(tmp_path)
    os.remove(tmp_path / "a")
    np.testing.assert_array_equal(found[:], ROWS)


def test_a_file_that_was_cut_off_is_an_error(tmp_path: Path) -> None:
    found = pieces(tmp_path)
    os.truncate(tmp_path / "c", 12)
    assert "shorter" in refused(lambda: found[:]).what


@pytest.mark.parametrize("kept", [0, 100, 10_000])
@pytest.mark.parametrize("width", [0, 3])
def test_a_sink_gives_back_what_it_took(tmp_path: Path, kept: int, width: int) -> None:
    sink = Sink(width, np.float32, lambda: str(tmp_path / "sink"), kept)
    for block in np.array_split(ROWS[:, :width], 5):
        sink.append(block)
    found = sink.result(lambda block: block[:, :1] * 2)
    assert sink.rows == 20 and isinstance(found, Stored) == (width > 0 and kept < 240)
    np.testing.assert_array_equal(found[:], ROWS[:, : min(width, 1)] * 2, strict=True)


def test_a_sink_in_memory_writes_nothing() -> None:
    sink = Sink(3, np.float32, None, 0)
    sink.append(ROWS)
    np.testing.assert_array_equal(sink.result(), ROWS, strict=True)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    sink = Sink(3, np.float32, lambda: str(tmp_path / "gone" / "sink"), 0)
    assert "cannot write" in refused(lambda: sink.append(ROWS), Exit.ENVIRONMENT).what
