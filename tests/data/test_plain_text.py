"""Numbers out of lines of text, all at once: the same bits as `float`, and nothing that it would refuse."""

from __future__ import annotations

import io

import numpy as np
import pytest

from zen_cli.data.plain_block import plain_block
from zen_cli.data.plain_text import cells_of, numbers_of
from zen_cli.data.table import Table

PLAIN = [
    "0", "-0", "1", "-1", "5.", ".5", "-.5", "00012", "-00.50", "12345678", "-1234567", "123456789", "-12345678",
    "1234567.8", "12345678.9", "-123456.78", "0.1234567", "-0.123456", "0.12345678", "-0.12345678", "0.00000000000001",
    "1234567890123456", "12345678901234.5", "-1234567890123.4", "9007199254740992", "99999999", "9999999.9",
]  # fmt: skip
ODD = [
    "", " ", "-", ".", "-.", "..", "1.2.3", "1-2", "--1", "+1", "1e5", "nan", "inf", "a", "é", "1_0", "0x1", "1/2",
    "1:2",
    "9007199254740993", "9999999999999999", "12345678901234567", "0.12345678901234567", "123456789-", "1234567.8.9",
    "٣", "1 ", "1\x00",
]  # fmt: skip


def read(texts: list[str]) -> tuple[list[float], list[bool]]:
    cells = cells_of(("\n".join(texts) + "\n").encode(), b",", 1)
    assert cells is not None
    values, plain = numbers_of(cells)
    return values.tolist(), plain.tolist()


def test_plain_and_odd() -> None:
    values, plain = read([*PLAIN, *ODD])
    assert plain == [True] * len(PLAIN) + [False] * len(ODD)
    assert [value.hex() for value in values[: len(PLAIN)]] == [float(text).hex() for text in PLAIN]
    for text in PLAIN:  # no neighbour helps or harms
        assert read([text])[0][0].hex() == float(text).hex()


@pytest.mark.parametrize("count", [20_000, pytest.param(400_000, marks=pytest.mark.slow)])
def test_same_bits_as_float(count: int) -> None:
    rng = np.random.default_rng(count)
    sizes, digits = rng.integers(-6, 12, count), rng.integers(0, 12, count)
    numbers = rng.normal(size=count) * 10.0**sizes
    texts = [f"{number:.{places}f}" for number, places in zip(numbers, digits, strict=True)]
    mixed = rng.choice(list("0123456789.-"), (count, 17))
    texts += ["".join(row[: 1 + i % 17]) for i, row in enumerate(mixed)]
    for text, value, plain in zip(texts, *read(texts), strict=True):
        if plain:
            assert value.hex() == float(text).hex(), text
        else:
            assert len(text) > 15 or not is_number(text), text


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", ["1,2\n3\n", "1,2\n3,4,5\n", "1\n2\n", "1,2\n\n3,4\n", "1,2\n3\n4\n5,6\n"])
def test_lines_of_another_length_are_not_plain(text: str) -> None:
    assert plain_block("x.csv", ("a", "b"), text, ",", 1) is None


def test_a_column_may_hold_some_odd_numbers() -> None:
    rows = [f"{i},{'1e3' if i == 7 else i},{'x' if i == 9 else i}" for i in range(30)]
    (block,) = Table(io.BytesIO(("a,b,c\n" + "\n".join(rows) + "\n").encode()), "x.csv").blocks()
    first, second = block.numbers(0), block.numbers(1)
    assert first is not None and first.tolist() == [*range(30)]
    assert second is not None and second.tolist() == [1000.0 if i == 7 else i for i in range(30)]
    assert block.numbers(2) is None and block.column(2)[9] == "x" and block.row(9) == ["9", "9", "x"]
