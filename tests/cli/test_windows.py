"""Without what only Unix has, as on Windows: every module is imported, and trains, goes on, measures and compares."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.helpers import XOR, environ

SIMULATED = """
import os, signal, sys
for name in ("fcntl", "resource", "termios", "tty", "pwd", "grp", "readline"):
    sys.modules[name] = None
for name in ("SIGHUP", "SIGPIPE", "SIGALRM", "SIGKILL", "SIGUSR1", "setitimer", "pthread_sigmask"):
    delattr(signal, name)
import pathlib, pkgutil, subprocess, tempfile, multiprocessing, importlib, numpy  # Windows has parts of its own there
for name in ("fork", "uname", "getuid", "getppid", "sched_getaffinity", "killpg", "mkfifo", "set_blocking"):
    delattr(os, name)

class Windows:
    name = "nt"
    def __getattr__(self, name):
        return getattr(os, name)
    def open(self, path, *rest):
        if os.path.isdir(path):
            raise PermissionError(13, "Permission denied", path)
        return os.open(path, *rest)

import zen_cli
for found in pkgutil.walk_packages(zen_cli.__path__, "zen_cli."):
    if not found.name.endswith("__main__"):
        module = importlib.import_module(found.name)
        if getattr(module, "os", None) is os:
            module.os = Windows()
from zen_cli.cli.main import main
for line in sys.argv[1:]:
    try:
        main(line.split())
    except SystemExit as end:
        assert end.code == 0, (line, end.code)
    except AttributeError as error:
        raise AssertionError(line) from error
"""


def test_all_of_it_works_without_what_windows_lacks() -> None:
    lines = [
        f"train {XOR} -q --set trainer.epochs=2", "resume runs/xor -q --set trainer.epochs=4", "evaluate runs/xor",
        "verify runs/xor -q", "describe runs/xor", f"train {XOR} --set trainer.epochs=2 --seeds 3 -q", "runs",
        f"compare {XOR} -o sgd,adam --seeds 5 --set trainer.epochs=2 --no-time -q --jobs 2", "list layers",
    ]  # fmt: skip
    found = subprocess.run([sys.executable, "-c", SIMULATED, *lines], capture_output=True, text=True, env=environ())
    assert found.returncode == 0, found.stderr
    assert "xor" in found.stdout and list(Path("runs/xor").glob("2*/last.safetensors"))
