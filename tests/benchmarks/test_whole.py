"""What a user waits for besides the step of one net: many nets stacked, and the whole process."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.nets import NETS, data
from tests.benchmarks.report import ZEN
from tests.benchmarks.timing import interleave
from tests.benchmarks.zen import compiled

STACKED = 200
CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.benchmark
def test_stacked_nets(results, seconds):
    net = NETS["xor"]
    step, _ = compiled(net, replicas=STACKED)
    step.x[...], step.y[...] = data(net)
    assert step.run(1, 0.02) is None and np.isfinite(step.loss).all()
    batches = {ZEN: STACKED}
    results["xor, 200 stacked, a net"] = interleave({ZEN: lambda: step.run(2, 0.02)}, batches=batches, total=seconds)


@pytest.mark.benchmark
def test_whole_process(results, seconds, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = {
        ZEN: [sys.executable, "-m", "zen_cli", "train", str(CONFIGS / "xor.yaml"), "-q"],
        "import numpy": [sys.executable, "-c", "import numpy"],
    }

    def process(command):
        return lambda: subprocess.run(command, cwd=tmp_path, env=environment, check=True, stdout=subprocess.DEVNULL)

    steps = {name: process(command) for name, command in commands.items()}
    results["zen train configs/xor.yaml"] = interleave(steps, total=max(seconds, 10.0))
