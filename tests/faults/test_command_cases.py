"""Configs and data that a user gets wrong, given to the command: the cases C01 to D55, by number.

What each reader says of damaged text is in tests/config and tests/data; here it is seen that the command ends with the
code, says it, prints nothing and makes nothing.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.helpers import done, train, zen
from tests.config.test_bad_inputs import ACCEPTED, ONE
from tests.data.test_bad_tables import TABLES
from tests.faults.helpers import MOONS, events, stopped
from zen_cli.runs.checkpoint import load

ROWS = "a,b,kind\n1,2,x\n3,4,y\n5,6,z\n7,8,x\n9,1,y\n2,3,z\n"
CONFIG = "data: {{source: {source}, target: {target}{more}}}\nmodel: [{model}]\ntrainer: {{epochs: 2}}\n"


def config(source: str = "rows.csv", target: str = "kind", model: str = "output", more: str = "") -> str:
    """The name of a config; the table it names is there."""
    Path("rows.csv").write_text(ROWS)
    text = CONFIG.format(source=source, target=target, model=model, more=more)
    Path("c.yaml").write_text(text.replace(", target: -", ""))
    return "c.yaml"


def refused(*arguments: str, code: int) -> str:
    """What is said; nothing is printed and no run is made."""
    result = zen("train", *arguments, "-q")
    assert (result.code, result.out) == (code, ""), result.err
    assert result.err.startswith("zen: error: ") and not Path("runs").exists()
    return result.err


def said_after(table: list[Any]) -> list[Any]:
    return [pytest.param(*row[1:], id=row[0]) for row in table if re.match(r"[CD]\d\d", row[0])]


@pytest.mark.parametrize(("text", "expected"), said_after(ONE))
def test_configs_that_are_refused(text: str | bytes, expected: str) -> None:
    Path("c.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    said, _, hint = expected.partition(" (")
    told = refused("c.yaml", code=2)
    assert said in told and ("hint: " in told or not hint)


@pytest.mark.parametrize("text", [pytest.param(row[1], id=row[0]) for row in ACCEPTED if row[0].startswith("C")])
def test_configs_that_are_accepted(text: str) -> None:
    Path("c.yaml").write_bytes(text.encode())
    done("config", "show", "c.yaml")


@pytest.mark.parametrize(("text", "message", "hint"), said_after(TABLES))
def test_tables_that_are_refused(text: str | bytes, message: str, hint: str) -> None:
    Path("data.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    told = refused(config("data.csv"), code=3)
    assert re.search(message.removesuffix("$"), told) and re.search(hint, told)


def test_c42_layers_that_do_not_fit_together() -> None:
    told = refused(config(model="linear: 4, residual: [linear: 3], output"), code=2)
    assert "c.yaml:2:20: model[1]: cannot add rows of shape [3] to the input's rows of shape [4]\nhint: " in told


def test_c43_as_many_outputs_as_classes() -> None:
    told = refused(config(model="linear: 4, relu, linear: 2"), code=2)
    assert "c.yaml:2:26: model[2]: the network gives 2 numbers a row" in told
    assert "the 3 classes of rows.csv needs 3\nhint: " in told


def test_c45_a_batch_larger_than_the_data() -> None:
    said = done("train", config(), "--set", "trainer.batch_size=99", "--progress", "none").err
    warning = "zen: warning: batch_size 99 is more than the 6 training rows: one batch of 6 an epoch\n"
    assert said.count("batch_size") == 1 and warning in said


def test_c76_a_config_that_is_changed_or_gone_while_it_trains() -> None:
    """What was read at the start is in the run, and a resumed run goes by it."""
    Path("moons.yaml").write_text(MOONS)
    whole = train("moons.yaml")
    run = stopped("moons.yaml", 13)
    Path("moons.yaml").unlink()
    done("resume", str(run), "-q")
    assert events(run) == events(whole) and (run / "config.yaml").read_text() == MOONS


def test_c77_more_memory_than_there_is() -> None:
    told = refused(config(), "--set", "model=[linear: 1000000000, output]", code=2)
    assert re.search(r"model\[1\]: needs [\d.]+ .iB of memory, [\d.]+ .iB are available\nhint: ", told)


def test_d01_no_data() -> None:
    assert "c.yaml:1:16: data.source: no such file: no.csv\n" in refused(config("no.csv"), code=3)


def numbers(source: str) -> tuple[dict[str, bytes], Any]:
    """The weights after training on a table, and what they measure."""
    run = train(config(source, "kind"))
    tensors = {name: array.tobytes() for name, array in load(run / "last.safetensors").tensors.items()}
    return tensors, json.loads(done("evaluate", str(run), "--json").out)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + ROWS, id="D15"),
        pytest.param(ROWS.replace("\n", "\r\n"), id="D16 CRLF"),
        pytest.param(ROWS.replace("\n", "\r"), id="D16 CR"),
        pytest.param(ROWS.replace("\n", "\r\n", 3), id="D16 mixed"),
        pytest.param(ROWS.rstrip(), id="D16 no final newline"),
        pytest.param(ROWS + "\n\n", id="D17 blank at the end"),
    ],
)
def test_tables_that_mean_the_same(text: str) -> None:
    Path("other.csv").write_bytes(text.encode())
    assert numbers("other.csv") == numbers("rows.csv")


def test_d32_a_label_that_is_no_class_of_the_model() -> None:
    run = train(config())
    Path("new.csv").write_text(ROWS + "1,1,w\n")
    result = zen("evaluate", str(run), "--data", "new.csv")
    assert (result.code, result.out) == (3, "") and "new.csv:8:3" in result.err and "'w'" in result.err


def test_d36_a_constant_column() -> None:
    Path("same.csv").write_text(re.sub(r"(?m)^\d", "1", ROWS))
    result = done("train", config("same.csv"), "--progress", "none", "--json")
    assert result.err.count("constant in the training rows") == 1
    assert result.json["train"]["loss"] is not None


def test_d37_no_row_without_a_gap() -> None:
    Path("gaps.csv").write_text(re.sub(r"(?m)^\d", "", ROWS))
    told = refused(config("gaps.csv", more=", missing: drop, columns: {a: number}"), code=3)
    assert "gaps.csv: 0 of 6 rows left" in told and "hint: " in told


def npy(rows: int, body: bytes) -> bytes:
    """An array of float64 that says it has so many rows."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 1)}}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\0v\0" + header.encode() + body


@pytest.fixture
def arrays() -> None:
    y = np.arange(6) % 2
    np.savez("D38.npz", x=np.zeros((5, 2)), y=y[:4])
    np.savez("D39.npz", x=np.array([{}] * 6, dtype=object), y=y)
    np.savez("D48.npz", x=np.full((6, 2), 200, np.uint8), y=y)
    Path("D40.npy").write_bytes(npy(10**12, bytes(32)))
    np.save("y.npy", y)


@pytest.mark.usefixtures("arrays")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("D38.npz", "5 rows of features, but 4 rows of targets", id="D38"),
        pytest.param("D39.npz", "contains Python objects", id="D39"),
        pytest.param("D40.npy", "8000000000000 bytes", id="D40"),
        pytest.param("folder", "folder is a directory, not a file\nhint: ", id="D51"),
    ],
)
def test_arrays_that_are_refused(name: str, told: str) -> None:
    Path("folder").mkdir()
    assert told in refused(config(name, "-"), code=3)


def test_d44_an_archive_that_grows() -> None:
    with zipfile.ZipFile("bomb.npz", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("x.npy", npy(12_500_000, bytes(100_000_000)))
        bomb.writestr("y.npy", npy(2, bytes(16)))
    assert "bytes that grow to 100000128, refused\nhint: " in refused(config("bomb.npz", "-"), code=3)


@pytest.mark.usefixtures("arrays")
def test_d48_small_integers_are_numbers_before_they_are_added() -> None:
    (found,) = done("check", config("D48.npz", "-"), "--json").lines
    assert found["ok"] and found["first_loss"] < 100


def test_d49_more_data_than_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from zen_cli.cli import machine

    room = machine.room()
    monkeypatch.setattr(machine, "room", lambda *rest: room._replace(memory=1 << 20, folder=None))
    with open("big.csv", "w") as file:
        file.write(ROWS)
        file.truncate(1 << 36)
    assert "big.csv" in refused(config("big.csv"), code=7)


def test_d50_the_data_has_changed_since() -> None:
    run = train(config())
    Path("rows.csv").write_text(ROWS + "1,1,x\n")
    more = ("resume", str(run), "--set", "trainer.epochs=3", "-q")
    result = zen(*more)
    assert (result.code, result.out) == (3, "")
    assert "the data has changed since the checkpoint: sha256" in result.err and "--allow-data-change" in result.err
    done(*more, "--allow-data-change")
    assert len(set(re.findall(r'"data_sha256": "(\w+)"', (run / "run.json").read_text()))) == 2


def test_d54_the_last_of_a_million_rows() -> None:
    with open("many.csv", "w") as file:
        file.write("a,b,kind\n" + "1,2,x\n3,4,y\n" * 500_000 + "1,oops,x\n")
    assert 'many.csv:1000002:2 (column "b")' in refused(config("many.csv"), code=3)


def test_d55_the_same_rows_in_another_order() -> None:
    head, *rows = ROWS.splitlines()
    Path("turned.csv").write_text("\n".join([head, *reversed(rows)]) + "\n")
    names = [train(config(name), "--set", "trainer.shuffle=none").name for name in ("rows.csv", "turned.csv")]
    assert names[0][-6:] != names[1][-6:]
