"""Networks of convolutions against PyTorch: the same net, and how long a step takes. None fails for being slow."""

import numpy as np
import pytest

from tests.benchmarks.images import IMAGE_NETS, torch_step, zen_step
from tests.benchmarks.timing import interleave


@pytest.mark.slow
def test_torch_loses_the_same():
    pytest.importorskip("torch")
    net = IMAGE_NETS["cnn on 8x8"]
    steps = [zen_step(net), torch_step(net, fused=False), torch_step(net, fused=True)]
    for _ in range(8):
        losses = [step() for step in steps]
        np.testing.assert_allclose(losses, losses[0], rtol=1e-4)


@pytest.mark.benchmark
@pytest.mark.parametrize("name", IMAGE_NETS)
def test_step(name, results, seconds):
    pytest.importorskip("torch")
    net = IMAGE_NETS[name]
    steps = {"zen": zen_step(net), "torch": torch_step(net, fused=False), "torch fused": torch_step(net, fused=True)}
    results[name] = interleave(steps, total=seconds)
