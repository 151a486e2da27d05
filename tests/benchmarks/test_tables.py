"""Reading a large table: at first sight against NumPy's own reader, and from the cache; and what memory that takes."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.report import ZEN
from tests.benchmarks.timing import interleave

ROWS, COLUMNS, MOST_MIB = 1_000_000, 20, 150
MEMORY = """
def most_memory():  # of this program alone: getrusage counts what the one that started it held
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) // 1024
"""
READ = """
import json, sys
from zen_cli.config.sections import Data
from zen_cli.data.load import load
from zen_cli.data.room import Room
data = load(Data(source=sys.argv[1], target="c19"), task="numbers", room=Room(None, sys.argv[2], 10**10))
print(json.dumps({"rows": data.rows, "MiB": most_memory()}))
"""
LOADTXT = """
import json, sys
import numpy as np
data = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, dtype=np.float32)
print(json.dumps({"rows": len(data), "MiB": most_memory()}))
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A fifth of the rows, five times."""
    folder = tmp_path_factory.mktemp("tables")
    np.savetxt(folder / "fifth", np.random.default_rng(0).normal(size=(ROWS // 5, COLUMNS)), "%.6g", ",")
    body = (folder / "fifth").read_bytes()
    with open(folder / "large.csv", "wb") as file:
        file.write(",".join(f"c{i}" for i in range(COLUMNS)).encode() + b"\n")
        for _ in range(5):
            file.write(body)
    return folder / "large.csv"


def process(script, *arguments):
    command = [sys.executable, "-c", MEMORY + script, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["rows"] == ROWS
    return found["MiB"]


@pytest.mark.benchmark
def test_first_sight(results, seconds, table, tmp_path):
    taken = {}
    fresh = iter(range(1000))

    def read():
        taken[ZEN] = process(READ, str(table), str(tmp_path / str(next(fresh))))

    def loadtxt():
        taken["numpy.loadtxt"] = process(LOADTXT, str(table))

    steps = {ZEN: read, "numpy.loadtxt": loadtxt}
    results["CSV of 1M x 20 numbers, read"] = interleave(steps, total=max(seconds, 30.0))
    assert taken[ZEN] <= MOST_MIB


@pytest.mark.benchmark
def test_second_sight(results, seconds, table, tmp_path):
    cache = str(tmp_path / "cache")
    process(READ, str(table), cache)
    assert any(Path(cache).rglob("numbers"))
    steps = {ZEN: lambda: process(READ, str(table), cache), "numpy.loadtxt": lambda: process(LOADTXT, str(table))}
    results["the same, read again"] = interleave(steps, total=max(seconds, 20.0))
