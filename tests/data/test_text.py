"""What texts are read as: one that is cut into rows, lines, and a column of a table."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import read, refused
from zen_cli.config.sections import Split
from zen_cli.config.sequences import Text
from zen_cli.data.dataset import Dataset
from zen_cli.data.rows import read_rows
from zen_cli.data.schema import from_plain, to_plain
from zen_cli.data.split import split
from zen_cli.data.symbols import LEFT_OUT, Symbols
from zen_cli.errors import Exit, ZenError

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def of_text(tmp_path: Path, text: str | bytes, name: str = "a.txt", **options: Any) -> Dataset:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    options = {key: value for key, value in options.items() if key not in ("context", "stride", "lines", "column")} | {
        "text": Text(**{key: options[key] for key in ("context", "stride", "lines", "column") if key in options})
    }  # fmt: skip
    return read(path, **options)


def texts(data: Dataset, rows: Any) -> list[str]:
    """Rows as text; what fills them up is left out."""
    names = (*data.schema.symbols, "")  # the last is -1
    return ["".join(names[code] for code in row) for row in rows.tolist()]


def parts(data: Dataset, **of_split: Any) -> dict[str, list[str]]:
    rows = split(data, Split(**of_split), np.random.default_rng(0))
    return {name: texts(data, data.features[chosen]) for name, chosen in rows._asdict().items()}


# --- one text -------------------------------------------------------------------------------------
def test_a_text_is_cut_into_rows_whose_targets_are_the_next_characters(tmp_path: Path) -> None:
    data = of_text(tmp_path, "abcabcab", context=3)
    assert data.schema.symbols == data.schema.classes == ("a", "b", "c")
    assert texts(data, data.features) == ["abc", "abc"] and texts(data, data.targets) == ["bca", "bca"]
    assert (data.schema.shape, data.schema.steps, data.schema.filled) == ((3,), 3, False)
    assert data.labels is None


def test_the_last_part_tests_and_the_one_before_it_validates(tmp_path: Path) -> None:
    data = of_text(tmp_path, ALPHABET, context=2, split=Split(validation=6, test=0.25))
    assert parts(data, validation=6, test=0.25) == {
        "train": ["ab", "cd", "ef", "gh", "ij", "kl"], "validation": ["no", "pq"], "test": ["tu", "vw", "xy"]
    }  # fmt: skip
    assert texts(data, data.targets)[-1] == "yz"


def test_rows_of_training_overlap_by_the_stride_and_those_that_measure_do_not(tmp_path: Path) -> None:
    data = of_text(tmp_path, ALPHABET, context=4, stride=1, split=Split(test=10))
    found = parts(data, test=10)
    assert found["train"][:2] == ["abcd", "bcde"] and found["train"][-1] == "lmno"  # p is the last target
    assert found["test"] == ["qrst", "uvwx"]


def test_ends_of_lines_and_packing_change_nothing(tmp_path: Path) -> None:
    wanted = of_text(tmp_path, "ab\ncd\nab\ncd\n", context=3).sha256
    assert of_text(tmp_path, "ab\r\ncd\r\nab\rcd\n", context=3).sha256 == wanted
    assert of_text(tmp_path, gzip.compress(b"ab\ncd\nab\ncd\n"), "a.txt.gz", context=3).sha256 == wanted


def test_several_files_are_one_text_and_standard_input_is_one(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(name * 3)
    data = read([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")], text=Text(context=2))
    assert texts(data, data.features) == ["aa", "ab"]
    assert texts(data, read("-", text=Text(context=5), stdin=io.BytesIO(b"aaabbb")).features) == ["aaabb"]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("", {}, "nothing in it"),
        ("aaaa", {"context": 2}, "only the character 'a' in it"),
        ("abc", {"context": 3}, "3 of 3 characters are left for training, a row needs 4: data.text.context is 3"),
        ("abcdefgh", {"context": 3, "split": Split(test=2)}, "2 of 8 characters are left for test, a row needs 4"),
        (b"\xff\xfe\x00", {}, "looks like UTF-16"),
        ("ab" * 9, {"context": 3, "drop": ["x"]}, "a text has no columns to choose from"),
    ],
)
def test_a_text_that_cannot_be_cut_is_refused(tmp_path: Path, text: Any, options: Any, words: str) -> None:
    with pytest.raises(ZenError, match=words):
        of_text(tmp_path, text, **options)


@pytest.mark.parametrize("way", ["stratify", "group", "column", "order"])
def test_a_text_is_split_in_its_own_order(way: str) -> None:
    from zen_cli.config.sections import Data

    with pytest.raises(ZenError, match="a text is split in its own order"):
        Data(source="a.txt", text=Text(), split=Split(**{way: True if way == "stratify" else "x"}))
    assert Data(source="a.txt", text=Text(lines=True), split=Split(order="rows")).split.order == "rows"


# --- several texts --------------------------------------------------------------------------------
def test_each_line_is_a_text_with_an_end_before_and_behind_it(tmp_path: Path) -> None:
    data = of_text(tmp_path, "ab\n\nb\n", lines=True)
    assert data.schema.symbols == ("", "\n", "a", "b") and data.schema.filled
    assert texts(data, data.features) == ["\nab", "\nb"] and data.schema.shape == (3,)
    assert data.targets.tolist() == [[2, 3, 1], [3, 1, LEFT_OUT]]


def test_texts_that_are_too_long_are_cut_and_told_of(tmp_path: Path) -> None:
    data = of_text(tmp_path, "abcdef\nab\n", lines=True, context=4)
    assert texts(data, data.features) == ["\nabc", "\nab"] and texts(data, data.targets) == ["abcd", "ab\n"]
    assert data.notes == ("1 of 2 texts are longer than 3 characters and are cut",)


NAMES = "name,kind\nAnn,x\nBo,y\nNan,x\nNone,y\n"


def test_a_column_without_a_target_is_continued_and_no_name_is_a_missing_cell(tmp_path: Path) -> None:
    data = of_text(tmp_path, NAMES, "a.csv", column="name")
    assert texts(data, data.features) == ["\nAnn", "\nBo", "\nNan", "\nNone"]
    assert (data.schema.target, data.schema.steps, data.schema.features) == ((), 5, ("name",))
    assert data.cells(2) == ["\nNan"]


def test_a_target_is_predicted_from_all_of_a_text(tmp_path: Path) -> None:
    data = of_text(tmp_path, NAMES, "a.csv", column="name", target="kind")
    assert texts(data, data.features) == ["Ann", "Bo", "Nan", "None"] and data.schema.shape == (4,)
    assert (data.schema.classes, data.targets.tolist(), data.schema.steps) == (("x", "y"), [0, 1, 0, 1], 0)
    assert data.labels is data.targets


def test_a_column_is_split_by_others(tmp_path: Path) -> None:
    data = of_text(tmp_path, "name,part\nAnn,train\nBo,test\nCy,train\n", "a.csv", column="name",
                   split=Split(column="part"))  # fmt: skip
    assert parts(data, column="part") == {"train": ["\nAnn", "\nCy"], "validation": [], "test": ["\nBo"]}


def test_files_of_their_own_test(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("kind,name\ny,Zoe\nx,Al\n")
    data = of_text(tmp_path, NAMES, "a.csv", column="name", target="kind", test=str(tmp_path / "test.csv"))
    assert parts(data)["test"] == ["Zoe", "Al"] and data.targets.tolist() == [0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        (NAMES, {"column": "nme"}, "no column 'nme'; did you mean 'name'"),
        (NAMES, {"column": "name", "target": "kin"}, "no column 'kin'; did you mean 'kind'"),
        ("name,kind\nAnn,x\n,y\n", {"column": "name", "target": "kind"}, "3:1.*empty cell, expected a text"),
        ("name,kind\nAnn,x\nBo,\n", {"column": "name", "target": "kind"}, "3:2.*missing target"),
        ("name,kind\n,x\n,y\n", {"column": "name"}, "no text in it"),
    ],
)
def test_a_column_that_cannot_be_read_is_refused(tmp_path: Path, table: str, options: Any, words: str) -> None:
    with pytest.raises(ZenError, match=words):
        of_text(tmp_path, table, "a.csv", **options)


# --- new rows -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("a.txt", "abcabcab", {"context": 3}), ("a.txt", "ab\nb\n", {"lines": True}),
        ("a.csv", NAMES, {"column": "name"}), ("a.csv", NAMES, {"column": "name", "target": "kind"}),
    ],
)  # fmt: skip
def test_new_rows_are_read_as_those_of_training(tmp_path: Path, name: str, text: str, options: Any) -> None:
    data = of_text(tmp_path, text, name, **options)
    schema = from_plain(to_plain(data.schema))
    assert to_plain(schema) == to_plain(data.schema)
    (rows,) = read_rows(str(tmp_path / name), schema, targets=True)
    np.testing.assert_array_equal(rows.features, data.features)
    np.testing.assert_array_equal(rows.targets, data.targets)
    assert rows.features.dtype == data.features.dtype == np.int32


@pytest.mark.parametrize("change", [{"symbols": ["a", "a"]}, {"symbols": ["ab"]}, {"symbols": []}, {"classes": ["a"]},
                                    {"symbols": ["", "a"]}, {"symbols": "ab"}])  # fmt: skip
def test_a_damaged_schema_is_refused(tmp_path: Path, change: Any) -> None:
    plain = to_plain(of_text(tmp_path, "abcabcab", context=3).schema)
    refused(lambda: from_plain({**plain, **change}))


def test_a_character_that_the_net_does_not_know_is_named_with_its_place(tmp_path: Path) -> None:
    schema = of_text(tmp_path, "abc\nabc\n", context=3).schema
    (tmp_path / "new.txt").write_text("abc\nabxc\n")
    error = refused(lambda: [*read_rows(str(tmp_path / "new.txt"), schema)])
    assert str(error).endswith("new.txt:2:3: character 'x' is not among the 4 that the net knows")
    assert error.hint == "it knows abc"


def test_a_text_too_short_for_a_row_is_refused(tmp_path: Path) -> None:
    schema = of_text(tmp_path, "abcabc", context=3).schema
    (tmp_path / "new.txt").write_text("abc")
    assert "no row in it" in refused(lambda: [*read_rows(str(tmp_path / "new.txt"), schema)], Exit.FILES).what


def test_symbols_are_turned_into_text_again() -> None:
    symbols = Symbols.of(["cab"], several=False)
    assert symbols.decode(symbols.encode("abba", lambda at: None).tolist()) == "abba"  # type: ignore[arg-type,return-value]
