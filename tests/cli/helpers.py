"""Runs `zen`: in this process where that tells the same, as a process of its own where streams and signals matter."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple, TextIO
from unittest import mock

from zen_cli.cli.main import main

ROOT = Path(__file__).parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
XOR, IRIS, MPG, DIGITS = (str(ROOT / "configs" / f"{name}.yaml") for name in ("xor", "iris", "auto_mpg", "digits"))
IRIS_CSV, MPG_CSV = str(ROOT / "datasets" / "iris.csv"), str(ROOT / "datasets" / "auto_mpg.csv")
QUIET = ("PYTHONDONTWRITEBYTECODE", "PATH", "HOME", "LANG")


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return strict(self.out)

    @property
    def lines(self) -> list[Any]:
        return [strict(line) for line in self.out.splitlines()]


def zen(
    *arguments: str, stdin: bytes = b"", encoding: str = "utf-8", out: TextIO | None = None, err: TextIO | None = None
) -> Result:
    """The command in this process, with streams of its own; fails if it does not end by an exit code."""
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    own = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True) for _ in range(2)]
    code: Any = None
    streams = contextlib.redirect_stdout(out or own[0]), contextlib.redirect_stderr(err or own[1])
    with streams[0], streams[1], mock.patch.object(sys, "stdin", given), mock.patch.dict(os.environ):
        try:
            main(list(arguments))
        except SystemExit as end:
            code = end.code
    texts = [stream.buffer.getvalue().decode() for stream in own]  # type: ignore[attr-defined]
    assert isinstance(code, int), texts
    assert "Traceback" not in texts[1] and "zen: bug" not in texts[1], texts[1]
    return Result(code, *texts)


def terminal(*arguments: str) -> Result:
    """The command in this process with a terminal behind standard error, and what that was sent."""
    import pty

    main, other = pty.openpty()
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.extend(iter(lambda: _read(main), b"")))
    reader.start()
    with open(other, "w", encoding="utf-8") as err:
        result = zen(*arguments, err=err)
    reader.join()
    os.close(main)
    return result._replace(err=b"".join(said).decode())


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # its other end is closed
        return b""


def done(*arguments: str, stdin: bytes = b"") -> Result:
    """The command, which must succeed."""
    result = zen(*arguments, stdin=stdin)
    assert result.code == 0, result.err
    return result


def train(*arguments: str, stdin: bytes = b"") -> Path:
    """Trains quietly and gives the run directory."""
    return Path(done("train", *arguments, "-q", stdin=stdin).out.rstrip("\n"))


def strict(text: str) -> Any:
    """JSON without NaN and Infinity."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def process(*arguments: str, stdin: bytes = b"", **environment: str) -> Result:
    """The command as a process, in an environment with nothing but what it needs."""
    found = subprocess.run(
        [sys.executable, "-m", "zen_cli", *arguments], input=stdin, capture_output=True, timeout=60,
        env=environ(**environment),
    )  # fmt: skip
    return Result(found.returncode, found.stdout.decode(), found.stderr.decode())


def shell(script: str, **environment: str) -> Result:
    """A script of bash in which `zen` is the command."""
    found = subprocess.run(
        ["bash", "-c", script], capture_output=True, timeout=60, env=environ(PATH=path(), **environment),
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Result(found.returncode, found.stdout.decode(), found.stderr.decode())


def path() -> str:
    """A PATH on which zen is; it lies in a folder beside the test's own."""
    folder = Path.cwd().with_name("bin")
    folder.mkdir(exist_ok=True)
    (folder / "zen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zen_cli "$@"\n')
    (folder / "zen").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def environ(**more: str) -> dict[str, str]:
    return {name: os.environ[name] for name in QUIET if name in os.environ} | {"PYTHONPATH": str(ROOT)} | more


def table(path: str) -> list[list[str]]:
    """The rows of a CSV file, its header first."""
    return list(csv.reader(Path(path).read_text(encoding="utf-8").splitlines()))


def write(name: str, text: str) -> str:
    """A file in the current directory, which is the test's own."""
    Path(name).write_text(text, encoding="utf-8")
    return name
