"""The peers train the same net: a race against one that computes something else would prove nothing."""

import numpy as np
import pytest

from tests.benchmarks import peers
from tests.benchmarks.nets import NETS, batches, data

MOMENTUM = NETS["digits"]._replace(optimizer="momentum", options={"lr": 0.01, "momentum": 0.9})


@pytest.mark.slow
@pytest.mark.parametrize("net", [NETS["xor"], NETS["digits"], NETS["mnist"], MOMENTUM])
def test_torch_and_the_textbook_lose_the_same(net):
    pytest.importorskip("torch")
    makers = (peers.textbook, peers.torch_eager, peers.torch_fused)
    steps = [step for step in (make(net) for make in makers) if step]
    for _ in range(8):
        losses = [step() for step in steps]
        np.testing.assert_allclose(losses, losses[0], rtol=1e-4)


def test_scikit_learn_starts_at_the_loss_of_guessing():
    pytest.importorskip("sklearn")
    assert 2 < peers.scikit_learn(NETS["digits"])() < 4
    assert peers.scikit_learn(NETS["xor"]) is None


@pytest.mark.parametrize("name", ["xor", "digits"])
def test_batches_visit_every_row_once_a_round(name):
    net = NETS[name]
    order = batches(net)
    seen = np.concatenate([next(order) for _ in range(net.rows // net.batch)])
    assert sorted(seen) == list(range(net.rows))
    assert len(data(net)[0]) == net.rows
