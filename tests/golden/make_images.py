"""Writes images.npz: what torch's layers on images give, and the gradients by the image and by every weight.

Weights are named and turned as zen does it: (kernel height, kernel width, in, out), by the number of the layer.

Arrays of each case: `case.x`, `case.vector` (what the value is multiplied with before it is added up), `case.value`,
`case.gradient.x`, and for each weight `case.weight.NAME`, `case.gradient.NAME`. `batch_norm.steps`: what it remembers
after each of a few steps, on the batches `batch_norm.batches`.
"""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tests.golden import About, Arrays, write


class Case(NamedTuple):
    """Layers as a config has them, torch's module for them, and the shape of the input."""

    layers: list[str]
    module: Callable[[Any], Any]
    shape: tuple[int, ...]
    training: bool = False


def one(kind: str, *arguments: Any, **options: Any) -> Callable[[Any], Any]:
    return lambda torch: getattr(torch.nn, kind)(*arguments, **options)


def _turned(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A module that takes (batch, channels, time), for (batch, time, channels)."""

    def made(torch: Any) -> Any:
        class Turned(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.layer = make(torch)

            def forward(self, x: Any) -> Any:
                return self.layer(x.transpose(1, 2)).transpose(1, 2)

        return Turned()

    return made


def _net(torch: Any) -> Any:
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, (2, 3)), nn.BatchNorm2d(4),
        nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(16, 3),
    )  # fmt: skip


NET = ["conv2d: {channels: 3, padding: same}", "relu", "max_pool: 2", "conv2d: {channels: 4, kernel: [2, 3]}",
       "batch_norm", "tanh", "avg_pool: 2", "flatten", "linear: 3"]  # fmt: skip
CASES = {
    "conv2d": Case(["conv2d: 3"], one("Conv2d", 2, 3, 3), (2, 2, 5, 6)),
    "conv2d of one": Case(["conv2d: {channels: 2, kernel: 1, bias: false}"], one("Conv2d", 3, 2, 1, bias=False),
                          (1, 3, 1, 1)),
    "conv2d same": Case(["conv2d: {channels: 2, kernel: [4, 3], padding: same, dilation: [1, 2]}"],
                        one("Conv2d", 3, 2, (4, 3), padding="same", dilation=(1, 2)), (2, 3, 5, 7)),
    "conv2d stride": Case(["conv2d: {channels: 4, kernel: 3, stride: 2, padding: 1}"],
                          one("Conv2d", 1, 4, 3, 2, 1), (1, 1, 7, 8)),
    "conv2d odd": Case(["conv2d: {channels: 2, kernel: [2, 3], stride: [3, 2], padding: [0, 2], dilation: [2, 1]}"],
                       one("Conv2d", 5, 2, (2, 3), (3, 2), (0, 2), (2, 1)), (2, 5, 9, 5)),
    "conv2d groups": Case(["conv2d: {channels: 6, kernel: 3, padding: 1, groups: 2}"],
                          one("Conv2d", 4, 6, 3, padding=1, groups=2), (2, 4, 4, 4)),
    "conv2d depthwise": Case(["conv2d: {channels: 3, kernel: 3, stride: 2, padding: 1, groups: 3}"],
                             one("Conv2d", 3, 3, 3, 2, 1, groups=3), (2, 3, 5, 5)),
    "conv1d": Case(["conv1d: {channels: 4, kernel: 3, stride: 2, padding: 1}"],
                   _turned(one("Conv1d", 3, 4, 3, 2, 1)), (2, 8, 3)),
    "conv1d dilated": Case(["conv1d: {channels: 2, kernel: 2, dilation: 3, padding: same, groups: 2}"],
                           _turned(one("Conv1d", 4, 2, 2, dilation=3, padding="same", groups=2)), (1, 7, 4)),
    "conv_transpose2d": Case(["conv_transpose2d: {channels: 2, kernel: 3, stride: 2, padding: 1, output_padding: 1}"],
                             one("ConvTranspose2d", 3, 2, 3, 2, 1, 1), (2, 3, 3, 4)),
    "conv_transpose2d groups": Case(
        ["conv_transpose2d: {channels: 4, kernel: [2, 3], stride: [1, 3], dilation: [2, 1], groups: 2}"],
        one("ConvTranspose2d", 2, 4, (2, 3), (1, 3), groups=2, dilation=(2, 1)), (1, 2, 3, 2)),
    "max_pool": Case(["max_pool: 2"], one("MaxPool2d", 2), (2, 3, 5, 4)),
    "max_pool overlapping": Case(["max_pool: {size: 3, stride: 2, padding: 1}"], one("MaxPool2d", 3, 2, 1),
                                 (1, 2, 7, 6)),
    "max_pool over time": Case(["max_pool: 2"], _turned(one("MaxPool1d", 2)), (2, 5, 3)),
    "avg_pool": Case(["avg_pool: {size: [2, 3], stride: 2, padding: 1}"], one("AvgPool2d", (2, 3), 2, 1),
                     (2, 2, 5, 5)),
    "global_avg_pool": Case(["global_avg_pool"], lambda torch: torch.nn.Sequential(
        torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()), (2, 3, 4, 5)),
    "upsample": Case(["upsample: [2, 3]"], one("Upsample", scale_factor=(2, 3)), (2, 2, 2, 3)),
    "upsample bilinear": Case(["upsample: {factor: [2, 3], mode: bilinear}"],
                              one("Upsample", scale_factor=(2, 3), mode="bilinear"), (2, 2, 3, 4)),
    "zero_pad": Case(["zero_pad: [1, 0, 2, 1]"], one("ZeroPad2d", (2, 1, 1, 0)), (2, 1, 2, 3)),
    "group_norm": Case(["group_norm: 2"], one("GroupNorm", 2, 4), (2, 4, 3, 2)),
    "group_norm of a row": Case(["group_norm: 3"], one("GroupNorm", 3, 6), (2, 6)),
    "batch_norm": Case(["batch_norm"], one("BatchNorm2d", 3), (4, 3, 2, 3), True),
    "batch_norm of rows": Case(["batch_norm: {eps: 0.01}"], one("BatchNorm1d", 4, eps=0.01), (5, 4), True),
    "batch_norm over time": Case(["batch_norm"], _turned(one("BatchNorm1d", 3)), (3, 4, 3), True),
    "batch_norm in inference": Case(["batch_norm"], one("BatchNorm2d", 3), (2, 3, 2, 3)),
    "net": Case(NET, _net, (3, 2, 10, 12), True),
}  # fmt: skip


def as_ours(weight: np.ndarray) -> np.ndarray:
    """(out, in, ...) -> (..., in, out)."""
    return np.ascontiguousarray(np.moveaxis(weight, (0, 1), (-1, -2))) if weight.ndim > 1 else weight.copy()


def evaluate(case: Case, seed: int) -> Arrays:
    """What torch gives for a case, by the names above without the case."""
    import torch

    rng = np.random.default_rng(seed)
    module = case.module(torch).double().train(case.training)
    for parameter in module.parameters():
        parameter.data[...] = torch.tensor(0.5 * rng.standard_normal(tuple(parameter.shape)))
    x = torch.tensor(rng.standard_normal(case.shape), requires_grad=True)
    with warnings.catch_warnings(action="ignore"):  # torch copies its input where `same` is not the same on both sides
        value = module(x)
    vector = rng.standard_normal(tuple(value.shape))
    value.backward(torch.tensor(vector))
    arrays = {"x": x.detach().numpy(), "vector": vector, "value": value.detach().numpy(), "gradient.x": x.grad.numpy()}
    for name, parameter in module.named_parameters():
        ours = f"model.{name if len(case.layers) > 1 else '0.' + name.removeprefix('layer.')}"
        arrays[f"weight.{ours}"] = as_ours(parameter.detach().numpy())
        arrays[f"gradient.{ours}"] = as_ours(parameter.grad.numpy())
    return arrays


def remembered(seed: int, steps: int = 5) -> Arrays:
    """The running mean and variance of a batch_norm after each step, and the batches (steps, batch, channels, ...)."""
    import torch

    batches = 3 * np.random.default_rng(seed).standard_normal((steps, 4, 3, 2, 2)) + 1
    module, found = torch.nn.BatchNorm2d(3, momentum=0.3).double(), []
    for batch in batches:
        module(torch.tensor(batch))
        found.append(np.stack([module.running_mean.numpy(), module.running_var.numpy()]))
    return {"batches": batches, "steps": np.stack(found)}


def make() -> tuple[About, Arrays]:
    import torch

    arrays, cases = {}, {}
    for number, (name, case) in enumerate(CASES.items()):
        cases[name] = {"layers": case.layers, "training": case.training}
        arrays |= {f"{name}.{key}": array for key, array in evaluate(case, number).items()}
    arrays |= {f"batch_norm.{key}": array for key, array in remembered(7).items()}
    return {"torch": torch.__version__, "cases": cases}, arrays


if __name__ == "__main__":
    write("images", *make())
