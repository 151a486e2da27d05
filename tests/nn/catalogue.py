"""Everything registered, as a config would say it, in every form that its options allow."""

import re
import typing
from typing import Any

import pytest

from zen_cli.config.component import build, component
from zen_cli.config.text import parse
from zen_cli.errors import Problems
from zen_cli.nn.initializers import Initializer
from zen_cli.nn.layers import layers
from zen_cli.registry import REQUIRED, Length, Option, Registry, Share, options_of

TRIED = (0.3, 2.0, 0.7, 3)
OWN_VALUES = {  # of options whose type alone does not say what they take
    ("cross_entropy", "class_weights"): ("balanced", "[0.5, 2, 1]", "[0.5, 2]"),
    ("adabelief", "betas"): ("[0.3, 0.7]",),  # with b1 = 0 nothing is a surprise, and steps have no bound
    ("adafactor", "beta2_decay"): ("-0.3", "-1.0"),
    ("adafactor", "eps"): ("[1e-4, 0.1]",),
    ("lbfgs", "max_eval"): ("3",),
    ("lbfgs", "tolerance_grad"): ("1e-3",),
    ("lbfgs", "tolerance_change"): ("1e-3",),
    ("muon", "rest"): ("sgd", "nadam"),
    ("sam", "of"): ("adamw", "muon", "schedule_free_sgd"),
    ("lookahead", "of"): ("nadam", "adafactor", "schedule_free_adamw"),
    ("nadam", "betas"): ("[0.3, 0.7]",),
    ("adan", "betas"): ("[0.3, 0.5, 0.7]", "[0.0, 0.0, 0.0]"),
    ("plateau", "monitor"): ("train.loss", "validation.accuracy"),
    ("rprop", "etas"): ("[0.3, 2.0]",),
    ("rprop", "step_sizes"): ("[1e-3, 0.3]", "[0.0, 1.0]"),
    ("reshape", "shape"): ("[2, 3]", "[-1, 2]", "[6]"),
    **{(name, "layers"): ("[linear: 6, tanh]",) for name in ("residual", "repeat", "time_distributed", "shared")},
    ("branches", "of"): ("[[], [linear: 6, tanh], [linear: 6]]",),
    ("shared", "label"): ("a",),
    **{(name, "channels"): (4,) for name in ("conv2d", "conv1d", "conv_transpose2d")},
    **{(name, "groups"): (2,) for name in ("conv2d", "conv1d", "conv_transpose2d", "group_norm")},
    **{(name, "kernel"): ("[1, 3]",) for name in ("conv2d", "conv_transpose2d")},
    **{(name, option): ("[1, 2]",) for name in ("conv2d", "conv_transpose2d") for option in ("stride", "dilation")},
    **{(name, "padding"): ("same", "[1, 0]") for name in ("conv2d", "conv_transpose2d", "max_pool", "avg_pool")},
    ("conv1d", "kernel"): (2,), ("conv1d", "stride"): (2,), ("conv1d", "dilation"): (2,),
    ("conv1d", "padding"): ("same", "causal"),
    ("conv_transpose2d", "output_padding"): (0,),  # below the stride, which is 1
    **{(name, "size"): ("[1, 2]",) for name in ("max_pool", "avg_pool")},
    **{(name, "stride"): ("[2, 1]",) for name in ("max_pool", "avg_pool")},
    ("upsample", "factor"): ("[1, 2]",), ("zero_pad", "width"): ("[1, 0]", "[1, 0, 0, 2]"),
    **{(name, "heads"): (2,) for name in ("attention", "transformer_block")},
}
SEQUENCES = (
    "attention", "transformer_block", "over_time", "positional", "time_distributed", "rnn", "lstm", "gru",
)  # fmt: skip
IMAGES = (
    "conv2d", "conv_transpose2d", "max_pool", "avg_pool", "global_avg_pool", "upsample", "zero_pad", "spatial_dropout",
)  # fmt: skip
FRONT = {  # what a layer needs in front of it, by its name or its text
    "shared: {label: a}": ("shared: {label: a, layers: [linear: 6, tanh]}",),
    **dict.fromkeys(SEQUENCES, ("reshape: [3, 2]", "linear: 4")),
    **dict.fromkeys(IMAGES, ("linear: 50", "reshape: [2, 5, 5]")),
    "conv1d": ("linear: 12", "reshape: [6, 2]"),
}


def from_text(registry: Registry, text: str) -> Any:
    """The object that the text stands for in a config."""
    problems = Problems()
    built = build(component(parse(text, "test.yaml"), problems), registry, problems)
    problems.check()
    return built


def in_a_net(text: str) -> list[str]:
    """The layer behind weights and what it needs in front of it."""
    layer = from_text(layers, text)
    return [text] if layer.takes_symbols else ["linear: 6", *FRONT.get(text, FRONT.get(layer.name, ())), text]


def taken_by(text: str) -> dict[str, Any]:
    """What rows such a net takes: of numbers, or of symbols."""
    return {"inputs": (3,), "symbols": 5} if from_text(layers, text).takes_symbols else {}


def example(cls: Any) -> str:
    return getattr(cls, "example", cls.name)


def variants(registry: Registry) -> list[str]:
    """As text: the example of each class, its defaults, and each of its options with other values."""
    found: dict[str, None] = {}
    for name in registry:
        options = [option for option in options_of(registry[name]) if not option.common]
        found[example(registry[name])] = None
        needed = {option.name: _other_values(name, option)[0] for option in options if option.required}
        found[_text(name, needed)] = None
        for option in options:
            for value in _other_values(name, option):
                found[_text(name, needed | {option.name: value})] = None
    return list(found)


def swept(registry: Registry, leave_out: str | None = None) -> list[Any]:
    """Parameters of a test: the example of each class, and among the slow tests every other variant.

    `leave_out`: a pattern that none of them may have.
    """
    examples = {example(registry[name]) for name in registry}
    found = [text for text in variants(registry) if leave_out is None or not re.search(leave_out, text)]
    return [pytest.param(text, id=text, marks=() if text in examples else pytest.mark.slow) for text in found]


def _text(name: str, options: dict[str, Any]) -> str:
    return f"{name}: {{{', '.join(f'{key}: {value}' for key, value in options.items())}}}" if options else name


def _other_values(name: str, option: Option) -> list[Any]:
    """Values of an option that are not its default: all there are, or some of each side."""
    if (name, option.name) in OWN_VALUES:
        return list(OWN_VALUES[name, option.name])
    values = _values_of(option)
    assert values, f"give {name}.{option.name} some values in OWN_VALUES"
    return [value for value in values if option.default is REQUIRED or value != option.default]


def _values_of(option: Option) -> list[Any]:
    if option.limits.choices:
        return list(option.limits.choices)
    allowed = [number for number in TRIED if option.limits.refuse(number) is None]
    if option.type is bool:
        return [str(not option.default).lower()]
    if option.type in (float, Share):
        return allowed[:2]
    if typing.get_origin(option.type) is typing.Literal:
        return list(typing.get_args(option.type))
    if option.type in (Length, list[Length]):
        lengths = ["30%", 2, "3 epochs"]
        return lengths if option.type == Length else [f"[{', '.join(map(str, lengths))}]"]
    if option.type in (int, int | None):
        return [3]
    if option.type == tuple[float, float]:
        return ["[0.3, 0.7]", "[0.0, 0.0]"]
    return ["uniform_0_1"] if option.type == Initializer | None else []
