"""How long a training step takes, against the peers. Nothing here fails for being slow: the table says so.

zen takes part as soon as `tests/benchmarks/zen.py` has `zen_step(name) -> step`, which makes a step like those
of peers.py for a net of nets.py.
"""

import importlib.util

import pytest

from tests.benchmarks.nets import NETS
from tests.benchmarks.peers import PEERS, Step, batches_a_call
from tests.benchmarks.report import ZEN
from tests.benchmarks.timing import interleave


def steps_for(name: str) -> dict[str, Step]:
    made = {peer: make(NETS[name]) for peer, make in PEERS.items()}
    steps = {peer: step for peer, step in made.items() if step is not None}
    if importlib.util.find_spec("tests.benchmarks.zen"):
        steps = {ZEN: importlib.import_module("tests.benchmarks.zen").zen_step(name), **steps}
    return steps


@pytest.mark.benchmark
@pytest.mark.parametrize("name", NETS)
def test_step(name, results, seconds):
    for package in ("torch", "sklearn"):
        pytest.importorskip(package)
    from threadpoolctl import threadpool_info

    steps = steps_for(name)
    assert {pool["num_threads"] for pool in threadpool_info()} == {1}, "run the benchmarks by themselves"
    batches = {peer: batches_a_call(peer, NETS[name]) for peer in steps}
    results[name] = interleave(steps, batches=batches, total=seconds)
