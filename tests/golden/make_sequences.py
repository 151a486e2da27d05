"""Writes sequences.npz: what torch's layers on sequences give, and the gradients by the input and by every weight.

Weights are named and turned as zen does it: (inputs, outputs), by the number of the layer.

Arrays of each case: `case.x`, `case.vector` (what the value is multiplied with before it is added up),
`case.value`, `case.gradient.x` where x is numbers, and for each weight `case.weight.NAME`, `case.gradient.NAME`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tests.golden import About, Arrays, write

SIZES = {"batch": 3, "time": 5, "inputs": 4, "units": 3}
SYMBOLS = 6


class Case(NamedTuple):
    """Layers as a config has them, and torch's module for them, with what it is called with."""

    layers: list[str]
    module: Callable[[Any, dict[str, int]], Any]
    symbols: int = 0  # the input is symbols, through an embedding
    filled: bool = False  # and 0 fills rows up


def _recurrent(kind: str, last: bool = False, **options: Any) -> Callable[[Any, dict[str, int]], Any]:
    def make(torch: Any, sizes: dict[str, int]) -> Any:
        class Net(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.layer = getattr(torch.nn, kind)(sizes["inputs"], sizes["units"], batch_first=True, **options)

            def forward(self, x: Any, lengths: Any = None) -> Any:
                if lengths is None:
                    states, ends = self.layer(x)
                else:
                    pack = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, True, enforce_sorted=False)
                    packed, ends = self.layer(pack)
                    states, _ = torch.nn.utils.rnn.pad_packed_sequence(packed, True, total_length=x.shape[1])
                ends = ends[0] if isinstance(ends, tuple) else ends
                return torch.cat([*ends], -1) if last else states

        return Net()

    return make


def _attention(causal: bool) -> Callable[[Any, dict[str, int]], Any]:
    def make(torch: Any, sizes: dict[str, int]) -> Any:
        class Net(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.layer = torch.nn.MultiheadAttention(sizes["inputs"], 2, batch_first=True)

            def forward(self, x: Any, lengths: Any = None) -> Any:
                time = x.shape[1]
                mask = torch.triu(torch.ones(time, time, dtype=torch.bool), 1) if causal else None
                padding = None if lengths is None else torch.arange(time)[None] >= lengths[:, None]
                return self.layer(x, x, x, attn_mask=mask, key_padding_mask=padding, need_weights=False)[0]

        return Net()

    return make


def _block(torch: Any, sizes: dict[str, int]) -> Any:
    units = sizes["inputs"]

    def gelu(x: Any) -> Any:
        return torch.nn.functional.gelu(x, approximate="tanh")

    return torch.nn.TransformerEncoderLayer(units, 2, 4 * units, 0.0, gelu, batch_first=True, norm_first=True)


CASES = {
    "rnn": Case(["rnn: UNITS"], _recurrent("RNN")),
    "rnn relu": Case(["rnn: {units: UNITS, activation: relu}"], _recurrent("RNN", nonlinearity="relu")),
    "lstm": Case(["lstm: UNITS"], _recurrent("LSTM")),
    "lstm last": Case(["lstm: {units: UNITS, last: true}"], _recurrent("LSTM", True)),
    "lstm bidirectional": Case(["lstm: {units: UNITS, bidirectional: true}"], _recurrent("LSTM", bidirectional=True)),
    "lstm filled": Case(["lstm: {units: UNITS, last: true, bidirectional: true}"],
                        _recurrent("LSTM", True, bidirectional=True), SYMBOLS, True),
    "gru": Case(["gru: UNITS"], _recurrent("GRU")),
    "gru bidirectional last": Case(["gru: {units: UNITS, bidirectional: true, last: true}"],
                                   _recurrent("GRU", True, bidirectional=True)),
    "gru filled": Case(["gru: {units: UNITS, last: true}"], _recurrent("GRU", True), SYMBOLS, True),
    "attention": Case(["attention: 2"], _attention(False)),
    "attention causal": Case(["attention: {heads: 2, causal: true}"], _attention(True)),
    "attention filled": Case(["attention: 2", "over_time: first"], _attention(False), SYMBOLS, True),
    "transformer_block": Case(["transformer_block: 2"], _block),
    "layer_norm": Case(["layer_norm"], lambda torch, sizes: torch.nn.LayerNorm(sizes["inputs"])),
    "rms_norm": Case(["rms_norm: {eps: 1e-6}"], lambda torch, sizes: torch.nn.RMSNorm(sizes["inputs"], eps=1e-6)),
    "embedding": Case([], lambda torch, sizes: torch.nn.Identity(), SYMBOLS),
}  # fmt: skip
NAMES = {  # of torch's parameters, behind the number of the layer
    "layer.weight_ih_l0": "weight", "layer.weight_hh_l0": "recurrent_weight", "layer.bias_ih_l0": "bias",
    "layer.bias_hh_l0": "recurrent_bias", "layer.in_proj_weight": "in_weight", "layer.in_proj_bias": "in_bias",
    "layer.out_proj.weight": "out_weight", "layer.out_proj.bias": "out_bias", "weight": "weight", "bias": "bias",
    "self_attn.in_proj_weight": "0.1.in_weight", "self_attn.in_proj_bias": "0.1.in_bias",
    "self_attn.out_proj.weight": "0.1.out_weight", "self_attn.out_proj.bias": "0.1.out_bias",
    "norm1.weight": "0.0.weight", "norm1.bias": "0.0.bias", "norm2.weight": "1.0.weight", "norm2.bias": "1.0.bias",
    "linear1.weight": "1.1.weight", "linear1.bias": "1.1.bias", "linear2.weight": "1.3.weight",
    "linear2.bias": "1.3.bias",
}  # fmt: skip


def our_name(name: str, layer: int) -> str:
    reverse = name.endswith("_reverse")
    return f"model.{layer}.{'backward_' * reverse}{NAMES[name.removesuffix('_reverse')]}"


def layers_of(case: Case, sizes: dict[str, int]) -> list[str]:
    texts = [text.replace("UNITS", str(sizes["units"])) for text in case.layers]
    return [f"embedding: {sizes['inputs']}", *texts] if case.symbols else texts


def evaluate(case: Case, sizes: dict[str, int], seed: int) -> Arrays:
    """What torch gives for a case, by the names above without the case."""
    import torch

    rng, batch, time = np.random.default_rng(seed), sizes["batch"], sizes["time"]
    module = case.module(torch, sizes).double()
    named = {our_name(name, int(case.symbols > 0)): p for name, p in module.named_parameters()}
    x, lengths = rng.standard_normal((batch, time, sizes["inputs"])), None
    if case.symbols:
        named["model.0.weight"] = torch.nn.Parameter(torch.zeros(case.symbols, sizes["inputs"], dtype=torch.float64))
        x = rng.integers(1 if case.filled else 0, case.symbols, (batch, time))
    if case.filled:
        lengths = torch.tensor([time, *rng.integers(1, time, batch - 1)])
        x = np.where(np.arange(time) < lengths[:, None].numpy(), x, 0)
    for parameter in named.values():
        parameter.data[...] = torch.tensor(0.5 * rng.standard_normal(tuple(parameter.shape)))
    taken = named["model.0.weight"][torch.tensor(x)] if case.symbols else torch.tensor(x, requires_grad=True)
    value = module(taken) if lengths is None else module(taken, lengths)
    value = value[:, 0] if case.layers[1:] == ["over_time: first"] else value
    vector = rng.standard_normal(tuple(value.shape))
    value.backward(torch.tensor(vector))
    arrays = {"x": x, "vector": vector, "value": value.detach().numpy()}
    arrays |= {} if case.symbols else {"gradient.x": taken.grad.numpy()}
    for name, parameter in named.items():
        turned = not name.startswith("model.0.weight") or not case.symbols
        for kind, found in (("weight", parameter.detach()), ("gradient", parameter.grad)):
            arrays[f"{kind}.{name}"] = found.numpy().T.copy() if turned else found.numpy().copy()
    return arrays


def make() -> tuple[About, Arrays]:
    import torch

    arrays, cases = {}, {}
    for number, (name, case) in enumerate(CASES.items()):
        cases[name] = {"layers": layers_of(case, SIZES), "symbols": case.symbols, "filled": case.filled}
        arrays |= {f"{name}.{key}": array for key, array in evaluate(case, SIZES, number).items()}
    return {"torch": torch.__version__, "cases": cases}, arrays


if __name__ == "__main__":
    write("sequences", *make())
