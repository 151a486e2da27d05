"""What other programs rely on: streams, pipes, terminals, start-up. Each test is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.helpers import DIGITS, IRIS, XOR, environ, process, shell, write, zen

LONG = "--set trainer.epochs=1000000"
HEAVY = ("numpy", "rich", "yaml", "typer", "pydantic")
full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")


def test_run_of_a_pipeline() -> None:
    result = shell(f'RUN=$(zen train {XOR} -q) && zen evaluate "$RUN" --json | jq -e ".train.accuracy >= 0.99"')
    if "jq: command not found" in result.err:
        pytest.skip("no jq here")
    assert (result.code, result.out, result.err) == (0, "true\n", "")


def test_stream_edited_config_and_exit_code() -> None:
    result = shell(f"sed 's/lr: .*/lr: fast}}/' {XOR} | zen train - || echo \"exit $?\"")
    assert result.out == "exit 2\n"
    assert "<stdin>:13:32" in result.err and "optimizer.lr" in result.err


def test_closed_pipe_ends_silently_and_keeps_the_run() -> None:
    result = shell(f'zen train {IRIS} {LONG} --jsonl -q | head -2; echo "${{PIPESTATUS[0]}}"')
    start, epoch, status = result.out.splitlines()
    assert json.loads(start)["event"] == "start" and json.loads(epoch)["epoch"] == 1
    assert (status, result.err) == ("141", "")
    run = Path(json.loads(start)["run"])
    assert json.loads((run / "run.json").read_text())["status"] == "interrupted"
    assert zen("evaluate", str(run)).code == 0


def test_closed_pipe_ends_predictions() -> None:
    shell(f"zen train {IRIS} -q")
    head, row = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n", "5.1,3.5,1.4,0.2\n"
    write("many.csv", head + row * 50_000)
    result = shell('zen predict runs/iris -i many.csv | head -1; echo "${PIPESTATUS[0]}"')
    assert (result.out, result.err) == ("species\n141\n", "")


@full
@pytest.mark.parametrize("options", ["-q", "--jsonl -q", "--seeds 2 --json -q"])
def test_full_disk_behind_standard_output(options: str) -> None:
    result = shell(f"zen train {XOR} {options} > /dev/full")
    assert result.code == 7
    assert result.err == "zen: error: cannot write: no space left on device\n"
    (receipt,) = Path("runs/xor").glob("2*/run.json")
    if "--jsonl" in options:  # the first event could not be told: nothing has been trained
        assert json.loads(receipt.read_text())["exit"] == 7
    else:
        assert zen("evaluate", "runs/xor", "--seed", "0").code == 0


def test_closed_streams() -> None:
    assert shell(f"zen train {XOR} 2>&-").out.startswith("runs/xor/")
    assert shell(f"zen train {XOR} -q >&-").code == 0
    assert shell(f"zen train {XOR} <&- >&- 2>&-").code == 0
    closed = shell("zen train - <&-")
    assert closed.code == 2 and "standard input is closed" in closed.err
    assert len(list(Path("runs/xor").glob("2*"))) == 3


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "COLUMNS": "20"},
        {"PYTHONIOENCODING": "ascii", "COLUMNS": "0"},
    ],
)
def test_environments(environment: dict[str, str]) -> None:
    result = process("train", IRIS, "--set", "trainer.epochs=3", **environment)
    assert result.code == 0
    assert result.out.startswith("runs/iris/") and result.out.count("\n") == 1
    assert "loss" in result.err and "\x1b" not in result.err


def test_file_names_are_printed_in_any_encoding() -> None:
    text = f"data: {{source: xor}}\nmodel: [output]\nname: {'x' * 9}\n"
    config, options = write("é.yaml", text), ("-q", "--out", "läufe", "--set", "trainer.epochs=1")
    assert process("train", config, *options).out.startswith("läufe/xxx")
    assert process("train", config, *options, PYTHONIOENCODING="ascii").out.startswith("l\\xe4ufe/xxx")


def terminal(command: str, **environment: str) -> tuple[int, bytes]:
    """Exit code and what a terminal behind standard error was sent."""
    import pty

    main, other = pty.openpty()
    script = [sys.executable, "-m", "zen_cli", *command.split()]
    child = subprocess.Popen(script, stdout=subprocess.DEVNULL, stderr=other, env=environ(**environment))
    os.close(other)
    said = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:  # its other end is closed
            break
        said += piece
    os.close(main)
    return child.wait(), said


def test_terminals() -> None:
    code, said = terminal(f"train {DIGITS}", TERM="dumb")
    assert code == 0 and b"\x1b" not in said and b"loss" in said
    code, said = terminal(f"train {DIGITS}", TERM="xterm", COLUMNS="20", LC_ALL="C")
    assert code == 0 and b"loss" in said and said.isascii()
    code, said = terminal(f"train {DIGITS} -q", TERM="xterm")
    assert (code, said) == (0, b"")
    code, said = terminal("train none.yaml --no-color", TERM="xterm")
    assert code == 2 and b"\x1b" not in said


def test_error_shows_the_line_on_a_terminal() -> None:
    write("bad.yaml", "data: {source: xor}\nmodel: [output]\noptimizer: {type: adam, lrr: 1}\n")
    code, said = terminal("train bad.yaml", TERM="xterm")
    assert code == 2
    assert b"optimizer: {type: adam, lrr: 1}" in said and b"^" in said and b"\x1b[" in said


IMPORTS = "import sys; from zen_cli.cli.main import main\ntry: main({arguments})\nexcept SystemExit: pass\n"


@pytest.mark.parametrize(
    "arguments, allowed",
    [(["--help"], "typer"), (["--version"], ""), (["train", "--help"], "typer"), (["train", XOR, "-q"], "numpy yaml")],
)
def test_start_imports_what_it_needs(arguments: list[str], allowed: str) -> None:
    code = IMPORTS.format(arguments=arguments) + f"sys.stderr.write(str([m for m in {HEAVY} if m in sys.modules]))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environ(), check=True)
    assert found.stderr.decode() == str([name for name in HEAVY if name in allowed.split()])


def test_command_does_not_import_from_the_current_directory() -> None:
    script = Path(sys.executable).with_name("zen")
    if not script.exists():
        pytest.skip("not installed")
    for name in ("yaml", "numpy", "csv", "typer"):
        write(f"{name}.py", "raise SystemExit('hostile')")
    found = subprocess.run([script, "check", XOR], capture_output=True, env={**environ(), "PYTHONPATH": ""})
    assert found.returncode == 0 and found.stdout.startswith(XOR.encode())
