"""A comparison that takes a moment: a sine, three optimizers, few rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zen_cli.compare.flags import Flags
from zen_cli.compare.phases import Comparison, Judged, Phase
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.store import Store
from zen_cli.experiment import from_file

SINE = """\
name: sine
data: {source: {type: sine, samples: 60}, split: {validation: 0.2, test: 0.2}}
model: [linear: 4, tanh, output]
trainer: {epochs: 2, batch_size: 8}
compare: {seeds: {eval: 6, tune: 2}, tune: {trials: 3, extend: 0}}
"""
HUGE = "{type: sgd, tune: {lr: [1e3, 1e6]}}"


def protocol(folder: Path, optimizers: str = "adam, momentum, sgd", **flags: Any) -> Protocol:
    (folder / "sine.yaml").write_text(SINE.replace("compare: {", f"compare: {{optimizers: [{optimizers}], "))
    return protocol_of(from_file(str(folder / "sine.yaml")), Flags(**flags))


def run(it: Protocol, cache: Path | None = None, jobs: int = 0, fresh: bool = False) -> tuple[Judged, list[Phase]]:
    """The end, and the phases that there were."""
    happenings = list(Comparison(it, Store(cache, it, fresh), jobs).happenings())
    assert isinstance(happenings[-1], Judged)
    return happenings[-1], [each for each in happenings if isinstance(each, Phase)]


def new(phases: list[Phase]) -> list[int]:
    """How many nets each phase trained."""
    return [phase.runs - phase.known for phase in phases]
