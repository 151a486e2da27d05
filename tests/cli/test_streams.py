"""What other programs rely on: streams, terminals, start-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.helpers import IRIS, XOR, done, environ, process, shell, terminal, write, zen
from tests.faults.cases import case

HEAVY = ("numpy", "rich", "yaml", "typer", "pydantic")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("options", ["-q", "--jsonl -q", "--seeds 2 --json -q"])
@case("E22")
def test_full_disk_behind_standard_output(options: str) -> None:
    with open("/dev/full", "w") as full:
        result = zen("train", XOR, *options.split(), out=full)
    assert result.code == 7
    assert result.err == "zen: error: cannot write: no space left on device\n"
    (receipt,) = Path("runs/xor").glob("2*/run.json")
    if "--jsonl" in options:  # the first event could not be told: nothing has been trained
        assert json.loads(receipt.read_text())["exit"] == 7
    else:
        assert zen("evaluate", "runs/xor", "--seed", "0").code == 0


@case("E23", "E24")
def test_closed_streams() -> None:
    assert shell(f"zen train {XOR} 2>&-").out.startswith("runs/xor/")
    assert shell(f"zen train {XOR} <&- >&- 2>&-").code == 0
    closed = shell("zen train - <&-")
    assert closed.code == 2 and "standard input is closed" in closed.err
    assert len(list(Path("runs/xor").glob("2*"))) == 2


def brief(*more: str) -> tuple[str, ...]:
    return ("train", IRIS, "--set", "trainer.epochs=3", *more)


@pytest.mark.parametrize(
    "environment",
    [
        {}, {"TERM": "dumb"}, {"TERM": "unknown"}, {"TERM": ""}, {"NO_COLOR": "1"}, {"COLUMNS": "20"},
        {"COLUMNS": "10"}, {"COLUMNS": "1"}, {"COLUMNS": "0"},
    ],
    ids=["E25", "E26 dumb", "E26 unknown", "E26 unset", "NO_COLOR", "E28 20", "E28 10", "E28 1", "E28 0"],
)  # fmt: skip
def test_a_pipe_gets_plain_lines(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = done(*brief())
    assert result.out.startswith("runs/iris/") and result.out.count("\n") == 1
    assert "loss" in result.err and "\x1b" not in result.err
    assert sum(line.startswith("epoch") for line in result.err.splitlines()) <= 3


@case("E30")
def test_ascii_is_enough() -> None:
    result = process(*brief(), LC_ALL="C", PYTHONIOENCODING="ascii", COLUMNS="20")
    assert result.code == 0 and "loss" in result.err and result.err.isascii()


def test_file_names_are_printed_in_any_encoding() -> None:
    config = write("é.yaml", f"data: {{source: xor}}\nmodel: [output]\nname: {'x' * 9}\n")
    options = ("train", config, "-q", "--out", "läufe", "--set", "trainer.epochs=1")
    assert zen(*options).out.startswith("läufe/xxx")
    assert zen(*options, encoding="ascii").out.startswith("l\\xe4ufe/xxx")


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_without_escapes_gets_none(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    result = terminal(*brief())
    assert result.code == 0 and "\x1b" not in result.err and "loss" in result.err


@pytest.mark.parametrize("columns", ["20", "10", "1"])
def test_a_narrow_terminal_shows_the_loss(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", columns)
    result = terminal(*brief())
    assert result.code == 0 and ("loss" in result.err or columns == "1")


def test_a_quiet_terminal_and_one_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert terminal(*brief("-q")).err == ""
    result = terminal("train", "none.yaml", "--no-color")
    assert result.code == 2 and "\x1b" not in result.err


def test_error_shows_the_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    write("bad.yaml", "data: {source: xor}\nmodel: [output]\noptimizer: {type: adam, lrr: 1}\n")
    result = terminal("train", "bad.yaml")
    assert result.code == 2
    assert "optimizer: {type: adam, lrr: 1}" in result.err and "^" in result.err and "\x1b[" in result.err


IMPORTS = "import sys; from zen_cli.cli.main import main\ntry: main({arguments})\nexcept SystemExit: pass\n"


@pytest.mark.parametrize(
    "arguments, allowed",
    [(["--help"], "typer"), (["--version"], ""), (["train", "--help"], "typer"), (["train", XOR, "-q"], "numpy yaml")],
)
def test_start_imports_what_it_needs(arguments: list[str], allowed: str) -> None:
    code = IMPORTS.format(arguments=arguments) + f"sys.stderr.write(str([m for m in {HEAVY} if m in sys.modules]))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environ(), check=True)
    assert found.stderr.decode() == str([name for name in HEAVY if name in allowed.split()])


@case("E33")
def test_nothing_is_imported_from_the_current_directory() -> None:
    for name in ("yaml", "numpy", "csv", "typer"):
        write(f"{name}.py", "raise SystemExit('hostile')")
    script = Path(sys.executable).with_name("zen")
    for command in ([script], [sys.executable, "-m", "zen_cli"]):
        if not Path(command[0]).exists():
            pytest.skip("not installed")
        found = subprocess.run([*command, "list", "layers"], capture_output=True, env={**environ(), "PYTHONPATH": ""})
        assert found.returncode == 0 and found.stdout.startswith(b"kind"), found.stderr
