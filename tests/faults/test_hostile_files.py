"""Files from strangers: mutated by the thousand, each ends in a line; nothing is run, read or written elsewhere."""

from __future__ import annotations

import contextlib
import random
import re
import resource
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.helpers import zen
from tests.faults import hostile
from tests.faults.audit import watched


class Kind(NamedTuple):
    make: Callable[[], list[hostile.Sound]]
    few: int
    many: int


KINDS = {
    "configs": Kind(hostile.configs, 100, 1500), "tables": Kind(hostile.tables, 100, 1500),
    "runs": Kind(hostile.runs, 25, 250), "models": Kind(hostile.models, 30, 250),
}  # fmt: skip
LARGEST = 1024  # MiB; what a config of a kilobyte may ask for is bounded by the machine's memory only
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
CODES = {0, 2, 3, 4, 6, 7}


def attack(kind: str, count: int, seed: int) -> str:
    """Gives every file to a command, one after the other; what was found."""
    sounds, rng, ended = KINDS[kind].make(), random.Random(seed), Counter[int]()
    folder, faults, events, before = Path.cwd(), [], 0, peak()
    shutil.copytree(folder, folder / ".sound", symlinks=True)
    for number, (sound, data, command) in enumerate(hostile.drawn(sounds, count, rng)):
        sound.path.write_bytes(data)
        with watched(folder) as watch:
            code, wrong = judged(command)
        wrong += [f"forbidden: {watch.forbidden[:3]}"] if watch.forbidden else []
        faults += [(number, sound.path.name, command, *wrong)] if wrong else []
        ended[code] += 1
        events += watch.seen
        restore(folder)
    assert not faults, f"{len(faults)} of {count}, seed {seed}:\n" + "\n".join(map(str, faults[:20]))
    assert not Path("canary").exists()
    grown = peak() - before
    assert grown < LARGEST, f"{grown} MiB were taken"
    said = f"{events} events seen, 0 forbidden; at most {grown} MiB more; exit codes {dict(sorted(ended.items()))}"
    return f"{count} mutated {kind}: {said}"


def judged(command: Sequence[str]) -> tuple[int, list[str]]:
    """The exit code of a command, and what is wrong with how it ended."""
    try:
        result = zen(*command)
    except (Exception, AssertionError) as error:
        return 1, [f"{type(error).__name__}: {error}"[:600]]
    both = result.out + result.err
    wrong = [f"ends with {result.code}: {result.err[:300]}"] if result.code not in CODES else []
    wrong += [f"raw {both[:300]!r}"] if RAW.search(both) else []
    wrong += (
        [f"says {result.err[:300]!r}"]
        if result.code and not result.err.startswith("zen: ") and "--json" not in command
        else []
    )
    return result.code, wrong


def restore(folder: Path) -> None:
    """What a command wrote is taken away, what it changed is put back."""
    shutil.rmtree(folder / "runs", ignore_errors=True)
    if (folder / ".sound" / "runs").exists():
        shutil.copytree(folder / ".sound" / "runs", folder / "runs", symlinks=True)


def peak() -> int:
    """MiB that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def tell(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n{text}")  # noqa: T201


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_files_do_nothing_but_end_in_a_line(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(capsys, attack(kind, KINDS[kind].few, seed=1))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_mutated_files(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(capsys, attack(kind, KINDS[kind].many, seed=2))


FORBIDDEN = [
    "import os; os.system('true')", "open('outside', 'w').close()", "open('/etc/passwd').close()",
    "import antigravity_", "import socket; socket.socket().close()", "import pickle; pickle.loads(b'cos\\nsystem\\n.')",
    "exec(compile('1', 'elsewhere', 'exec'))",
]  # fmt: skip


@pytest.mark.parametrize("event", FORBIDDEN)
def test_the_watch_sees(event: str, tmp_path: Path) -> None:
    """What is forbidden is seen: a watch that sleeps would prove nothing."""
    code = compile(event, "<string>", "exec")
    with watched(tmp_path / "inside") as watch, contextlib.suppress(ImportError):
        exec(code)
    assert watch.forbidden


@pytest.mark.parametrize("twice", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_hundred_thousand_tensors_are_refused_in_a_line(twice: bool) -> None:
    entries = [f'"{number}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}' for number in range(100_000)]
    header = ("{" + ",".join([*entries, *entries[: int(twice)]]) + "}").encode()
    Path("many.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    result = zen("evaluate", "many.safetensors")
    assert (result.code, result.out) == (3, "") and len(result.err) < 300


@pytest.mark.parametrize(
    "start", [b"PK\x03\x04", b"\x93NUMPY\x01\0", b"\x80\x04\x95", b"\x1f\x8b\x08", b"GIF89a\0", b"#!/bin/sh\n"]
)
def test_files_that_are_two_things_at_once(start: bytes) -> None:
    """A table, a checkpoint or a config behind the first bytes of something else."""
    (sound,) = (each for each in hostile.tables() if each.path.name == "m.csv")
    Path("m.csv").write_bytes(start + sound.data)
    Path("m.safetensors").write_bytes(start + sound.data)
    Path("m.yaml").write_bytes(start + Path("m.csv.yaml").read_bytes())
    for command in (["check", "m.csv.yaml"], ["evaluate", "m.safetensors"], ["check", "m.yaml"]):
        with watched(Path.cwd()) as watch:
            result = zen(*command)
        assert result.code in (2, 3) and not RAW.search(result.err) and not watch.forbidden


def test_markup_and_escapes_in_a_table_are_shown_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    names = ("[red]a[/red]", "[link=http://x]b[/]", "c\x1b[2J\x9b31m")
    rows = "".join(f"{number},{names[number % 3]}\n" for number in range(30))
    Path("m.csv").write_text(f"[/x],[bold]kind\n{rows}", encoding="utf-8")
    Path("m.yaml").write_text("data: {source: m.csv, target: '[bold]kind'}\nmodel: [output]\ntrainer: {epochs: 1}\n")
    told = ""
    for command in (
        ["check"],
        ["train"],
        ["evaluate", "runs/m"],
        ["evaluate", "runs/m", "--worst", "3"],
        ["describe", "runs/m"],
    ):
        result = zen(*command, *([] if len(command) > 1 else ["m.yaml"]))
        assert result.code == 0, result.err
        told += re.sub(r"\x1b\[[\d;]*m", "", result.out + result.err)
    assert names[0] in told and names[1] in told and r"c\x1b[2J\x9b31m" in told
    assert not RAW.search(told)
