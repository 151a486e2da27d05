"""How long a training step on sequences takes against torch: a character model, symbols in, the next ones out."""

from typing import Any

import numpy as np
import pytest

from tests.benchmarks.peers import Step
from tests.benchmarks.report import ZEN
from tests.benchmarks.timing import interleave
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.programs import Batch, TrainingStep
from zen_cli.nn.state import State

SYMBOLS = 64
NETS = {  # width, steps, rows of a batch
    "lstm": (128, 32, 32),
    "transformer block": (64, 64, 16),
}


def rows(name: str) -> tuple[np.ndarray, np.ndarray]:
    width, steps, batch = NETS[name]
    codes = np.random.default_rng(0).integers(SYMBOLS, size=(batch, steps + 1))
    return codes[:, :-1], codes[:, 1:]


def middle(name: str, width: int) -> Any:
    return layers["lstm"](width) if name == "lstm" else layers["transformer_block"](4, causal=True)


def zen_step(name: str) -> Step:
    width, steps, batch = NETS[name]
    chain = [layers["embedding"](width), middle(name, width), layers["output"]()]
    network = Network(chain, (steps,), SYMBOLS, SYMBOLS, stepwise=True)
    optimizer = optimizers["adam"]()
    state = State(network.describe().parameters, optimizer, None, np.float32)
    for place in state.views("parameters").values():
        place[...] = np.random.default_rng(1).normal(0, 0.1, place.shape)
    step = TrainingStep(network, losses["cross_entropy"](), optimizer, state, Batch(batch, (steps,), labels=True))
    step.x[...], step.y[...] = rows(name)
    count = iter(range(1, 1 << 30))

    def train() -> float:
        step.run(next(count), 1e-3)
        return float(step.loss)

    return train


def torch_step(name: str, fused: bool) -> Step:
    import torch

    torch.set_num_threads(1)
    x, y = map(torch.from_numpy, rows(name))
    net = torch_net(name)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=fused)

    def train() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x).flatten(0, 1), y.flatten())
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return train


def torch_net(name: str) -> Any:
    import torch

    width, steps, _ = NETS[name]
    ends = torch.nn.Embedding(SYMBOLS, width), torch.nn.Linear(width, SYMBOLS)
    if name == "lstm":
        lstm = torch.nn.LSTM(width, width, batch_first=True)
        return lambda_net([*ends, lstm], lambda x: ends[1](lstm(ends[0](x))[0]))

    def gelu(x: Any) -> Any:
        return torch.nn.functional.gelu(x, approximate="tanh")

    block = torch.nn.TransformerEncoderLayer(width, 4, 4 * width, 0.0, gelu, batch_first=True, norm_first=True)
    mask = torch.nn.Transformer.generate_square_subsequent_mask(steps)
    return lambda_net([*ends, block], lambda x: ends[1](block(ends[0](x), mask, is_causal=True)))


def lambda_net(modules: list[Any], forward: Any) -> Any:
    import torch

    net = torch.nn.ModuleList(modules)
    net.forward = forward
    return net


@pytest.mark.benchmark
@pytest.mark.parametrize("name", NETS)
def test_step_on_sequences(name: str, results: dict[str, Any], seconds: float) -> None:
    pytest.importorskip("torch")
    steps = {ZEN: zen_step(name), "torch": torch_step(name, False), "torch fused": torch_step(name, True)}
    results[name] = interleave(steps, total=seconds)
