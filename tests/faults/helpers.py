"""Runs that are stopped, damaged and gone on with, and what they are compared with."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.cli.helpers import done, write
from tests.training.helpers import interrupt_at
from zen_cli.cli.job import run
from zen_cli.cli.telling import Telling
from zen_cli.experiment import from_file
from zen_cli.runs.directory import RunDirectory
from zen_cli.training.training import Training

MOONS = """\
name: moons
data: {source: {type: moons, samples: 50}, split: {validation: 11}}
model: [linear: 6, tanh, dropout: 0.3, output]
optimizer: {type: adam, lr: 0.01}
trainer: {epochs: 4, batch_size: 8, checkpoint: {epochs: 1}}
"""  # 5 steps an epoch
SILENT = Telling(quiet=True, json=True, jsonl=True, progress="none", no_color=True)


def moons(**more: str) -> str:
    """The config as a file, with lines replaced or added."""
    text = MOONS
    for key, value in more.items():
        text = re.sub(rf"(?m)^{key}:.*\n", "", text) + f"{key}: {value}\n"
    return write("moons.yaml", text)


def stopped(config: str, step: int, *sets: str, seeds: range | None = None) -> Path:
    """The run directory of a training that was interrupted at a step."""
    training = Training(from_file(config, sets=sets), seeds)
    interrupt_at(training, step)
    silent = SILENT._replace(jsonl=False)
    return run(training, "runs", 1, silent).directory.path


def resume(run: Path, *arguments: str) -> Path:
    return Path(done("resume", str(run), "-q", *arguments).out.rstrip("\n"))


def receipt(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "run.json").read_text())
    return found


def events(run: Path) -> list[Any]:
    """Without what no two runs have in common: the time, and where they lie."""
    found = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in event.items() if key not in ("seconds", "run")} for event in found]


def content(run: Path) -> dict[str, Any]:
    """All that two runs of the same training have in common."""
    files = RunDirectory(run)
    paths = (files.last, files.best, files.resolved)
    return {"events": events(run), **{path.name: path.read_bytes() for path in paths}}
