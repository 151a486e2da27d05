"""Completion: what may come next, and that the shells ask for it."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.helpers import IRIS, XOR, environ, path, train, write, zen
from tests.make_index import INDEX, index_text
from zen_cli.cli.commands import COMMANDS
from zen_cli.cli.complete import candidates

ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])|.\x08|\x07")
PATIENCE = 15.0  # seconds for a shell to answer


def words(line: str) -> list[str]:
    """The candidates for the last word of a line."""
    typed = line.split(" ")
    return [each.word for each in candidates(typed) if each.word.startswith(typed[-1])]


def test_index_is_current() -> None:
    assert INDEX.read_text("utf-8") == index_text(), "run python -m tests.make_readme"


def test_commands_and_groups() -> None:
    assert words("tr") == ["train"]
    assert {name.split()[0] for name in COMMANDS} <= set(words(""))
    assert words("config ") == ["show", "diff", "schema"]
    assert words("runs b") == ["best"]


def test_options_that_are_left() -> None:
    assert words("train a.yaml --see") == ["--seeds", "--seed"]
    assert words("train a.yaml --seeds 3 --see") == ["--seed"]
    assert words("train a.yaml --set a=1 --se")[0] == "--set"
    assert "--no-time" in words("compare --no")
    assert words("plot --pn") == []  # hidden


def test_files_by_what_is_wanted() -> None:
    for name in ("a.yaml", "b.yml", "rows.csv", ".hidden.yaml", "m.safetensors"):
        write(name, "")
    Path("configs").mkdir()
    write("configs/c.yaml", "")
    assert words("train ") == ["a.yaml", "b.yml", "configs/", "configs/c.yaml"]
    assert words("train a.yaml configs/") == ["configs/c.yaml"]
    assert words("predict m.safetensors --input r") == ["rows.csv"]
    assert words("predict m.safetensors --input=ro") == ["--input=rows.csv"]
    assert words("train nowhere/") == []


def test_runs_by_name() -> None:
    run = train(XOR, "--set", "trainer.epochs=1")
    assert words("evaluate ") == ["runs/xor/", "runs/"]
    assert words("evaluate runs/xor/2") == [str(run)]


def test_values_of_options() -> None:
    assert words("train --progress p") == ["plain"]
    assert words("list op") == ["optimizers"]
    assert words("describe adamw") == ["adamw"]
    assert words("compare x.yaml -o sgd,momen") == ["sgd,momentum"]
    assert words("runs --status diverged,comp") == ["diverged,completed"]
    assert words("evaluate runs/x --metric validation.acc") == ["validation.accuracy"]
    assert words("train x --seeds ") == []


def test_keys_of_a_config_and_their_values() -> None:
    assert words("train x --set trainer.e") == ["trainer.early_stopping.", "trainer.early_stopping=", "trainer.epochs="]
    assert words("train x --set trainer.shuffle=o") == ["trainer.shuffle=once"]
    assert "optimizer.amsgrad" in words("train x --unset optimizer.ams")
    assert words(f"train {IRIS} --set optimizer.bet") == ["optimizer.betas="]
    assert words(f"train {XOR} --set optimizer.a") == ["optimizer.alpha="]
    assert words(f"train {XOR} --set optimizer.type=adam --set optimizer.bet") == ["optimizer.betas="]
    assert words(f"train {XOR} --set optimizer.type=adamw") == ["optimizer.type=adamw"]
    assert words(f"train {XOR} --set model[2") == ["model[2].", "model[2]="]
    assert words(f"train {XOR} --set model[0].init=he_") == ["model[0].init=he_normal", "model[0].init=he_uniform"]
    assert words(f"train {XOR} --set model[0]=lin") == ["model[0]=linear"]
    assert words(f"compare {XOR} --over loss=hub") == ["loss=huber"]


def test_a_config_that_is_broken_stops_nothing() -> None:
    write("bad.yaml", "model: [\n")
    result = zen("--complete", "fish", "train", "bad.yaml", "--set", "optimizer.")
    assert (result.code, result.err) == (0, "")


def test_completion_imports_nothing_heavy() -> None:
    code = (
        "import sys; from zen_cli.cli.main import main\ntry: main(['--complete', 'zsh', *sys.argv[1:]])\n"
        "except SystemExit: sys.stderr.write(str([n for n in ('numpy', 'rich', 'typer') if n in sys.modules]))"
    )
    Path("runs/xor").mkdir(parents=True)
    for line in ([""], ["train", XOR, "--set", "optimizer."], ["runs", "show", ""]):
        found = subprocess.run([sys.executable, "-c", code, *line], capture_output=True, env=environ(), check=True)
        assert found.stderr == b"[]" and found.stdout


# --- the shells themselves ----------------------------------------------------------------------
class Session:
    """An interactive shell behind a terminal."""

    def __init__(self, command: list[str], **environment: str) -> None:
        import pty

        self.main, other = pty.openpty()
        self.child = subprocess.Popen(
            command, stdin=other, stdout=other, stderr=other, start_new_session=True, close_fds=True,
            env=environ(TERM="xterm", HOME=os.getcwd(), **environment),
        )  # fmt: skip
        os.close(other)
        self.seen = ""

    def type(self, text: str, until: str) -> None:
        """Types, and waits for what the terminal shows then."""
        os.write(self.main, text.encode())
        end, start = time.monotonic() + PATIENCE, len(self.seen)
        while until not in self.seen[start:]:
            ready, _, _ = select.select([self.main], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"{until!r} does not come: {self.seen[start:]!r}"
            self.seen += ESCAPES.sub("", os.read(self.main, 65536).decode(errors="replace"))

    def close(self) -> None:
        self.child.kill()
        self.child.wait()
        os.close(self.main)


SHELLS = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}


@pytest.fixture(params=SHELLS)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    if shutil.which(request.param) is None:
        pytest.skip(f"no {request.param} here")
    session = Session(SHELLS[request.param], PATH=path(), PS1="> ")
    prepare = "autoload -Uz compinit; compinit -u; " if request.param == "zsh" else ""
    session.type(f"{prepare}source <(zen completion {request.param}) && echo rea''dy\n", "ready")
    yield session
    session.close()


def test_shell_completes(session: Session) -> None:
    write("net.yaml", Path(XOR).read_text("utf-8"))
    session.type("zen tra\t", "zen train ")
    session.type("ne\t", "net.yaml ")
    session.type("--see\t", "--seed")
    session.type("\x15zen train net.yaml --set optimizer.alp\t", "optimizer.alpha=")
    session.type("\x15zen train net.yaml --set optimizer.type=adamw\t", "adamw ")
    session.type("\x15zen train net.yaml --progress=pl\t", "plain ")
    session.type("\x15zen config sch\t", "schema ")


def test_fish_completes() -> None:
    if shutil.which("fish") is None:
        pytest.skip("no fish here")
    write("net.yaml", Path(XOR).read_text("utf-8"))
    lines = ["zen tra", "zen train ne", "zen train net.yaml --set optimizer.al", "zen config s"]
    script = "zen completion fish | source\n" + "".join(f"complete -C '{line}'\necho end\n" for line in lines)
    found = subprocess.run(
        ["fish", "--no-config", "-c", script], capture_output=True, env=environ(PATH=path(), HOME=os.getcwd()),
        timeout=60,
    )
    answers = [part.strip().split("\n") for part in found.stdout.decode().split("end\n")[:-1]]
    assert [[line.partition("\t")[0] for line in answer] for answer in answers] == [
        ["train"], ["net.yaml"], ["optimizer.alpha="], ["schema", "show"]
    ]  # fmt: skip


def test_unknown_shell() -> None:
    result = zen("completion", "tcsh")
    assert result.code == 2 and "bash, zsh or fish" in result.err
