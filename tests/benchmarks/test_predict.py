"""Rows a second of `zen predict` on a small net, the whole process, against reading the same table with NumPy alone."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.report import ZEN
from tests.benchmarks.timing import interleave

ROWS = 1_000_000
IRIS = str(Path(__file__).parents[2] / "configs" / "iris.yaml")
COLUMNS = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm"


@pytest.mark.benchmark
def test_predicting_a_million_rows(results, tmp_path):
    zen = [sys.executable, "-m", "zen_cli"]
    settings = {"cwd": tmp_path, "check": True, "stdout": subprocess.PIPE, "env": os.environ}
    run = subprocess.run([*zen, "train", IRIS, "-q"], **settings).stdout.decode().strip()
    block = np.random.default_rng(0).uniform(0.1, 8, (1000, 4)).round(1).tolist()
    lines = "".join(",".join(map(str, row)) + "\n" for row in block)
    (tmp_path / "rows.csv").write_text(f"{COLUMNS}\n{lines * (ROWS // 1000)}")
    read = "import numpy; numpy.loadtxt('rows.csv', delimiter=',', skiprows=1)"
    commands = {ZEN: [*zen, "predict", run, "-i", "rows.csv", "-o", "out.csv"], "loadtxt": [sys.executable, "-c", read]}
    steps = {name: lambda command=command: subprocess.run(command, **settings) for name, command in commands.items()}
    results["predict, a row of 4"] = interleave(steps, batches=dict.fromkeys(steps, ROWS), total=5.0, least=2)
    assert (tmp_path / "out.csv").read_bytes().count(b"\n") == ROWS + 1
