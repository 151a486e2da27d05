"""The hash of the content and the schema as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.data.helpers import read, read_text, refused
from zen_cli.data.dataset import Schema

TEXT = "a,b,kind\n1,2,x\n3,4,y\n5,6,x\n"


def test_every_part_of_the_content_counts(tmp_path: Path) -> None:
    variants = [
        TEXT, "a,b,kind\n3,4,y\n1,2,x\n5,6,x\n", TEXT.replace("b,k", "c,k"), TEXT.replace("6", "7"),
        TEXT.replace("y", "z"), TEXT.replace("5,6,x", "5,6,y"), TEXT + "5,6,x\n",
    ]  # fmt: skip
    hashes = [read_text(tmp_path, text, target="kind").sha256 for text in variants]
    assert len(set(hashes)) == len(variants)
    assert read_text(tmp_path, TEXT.replace("1,", "1.0,"), target="kind").sha256 == hashes[0]


def test_the_hash_stays_what_it_was() -> None:
    assert read("xor").sha256[:16] == "59a1e950e23e2219"


def test_a_schema_survives_json(tmp_path: Path) -> None:
    table = read_text(tmp_path, TEXT, target="kind").schema
    for schema in (table, read("sine").schema, Schema("image", (), (1, 8, 8))):
        assert Schema.from_dict(json.loads(json.dumps(schema.to_dict()))) == schema


GOOD = Schema("table", ("a",), (1,), ("b",), ("x", "y")).to_dict()


@pytest.mark.parametrize(
    "plain",
    [
        None, [], {}, GOOD | {"kind": "pickle"}, GOOD | {"features": "a"}, GOOD | {"features": [1]},
        GOOD | {"shape": [0]}, GOOD | {"shape": [True]}, GOOD | {"delimiter": ",,"}, GOOD | {"divisor": 0},
        GOOD | {"classes": [1]}, GOOD | {"x": 1},
        {key: value for key, value in GOOD.items() if key != "target"},
    ],
)  # fmt: skip
def test_a_damaged_schema_is_refused(plain: Any) -> None:
    assert "schema" in refused(lambda: Schema.from_dict(plain)).what
