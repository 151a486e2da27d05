"""The random streams of a run: one generator for each purpose, all from its seed, and nothing else draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.nn.layers import Law

PURPOSES = ("split", "init", "order", "noise", "augmentation")
BEFORE_TRAINING = ("split", "init")  # drawn from when a training is made, and never again
OF_AN_EPOCH = "order"  # drawn from at the beginning of an epoch; where that was, the epoch knows


class Streams(NamedTuple):
    """Independent generators: what one draws never moves another."""

    split: np.random.Generator
    init: np.random.Generator
    order: np.random.Generator
    noise: np.random.Generator
    augmentation: np.random.Generator


def streams(seed: int) -> Streams:
    """The generators of a seed, the same on every machine (PCG64, O'Neill 2014)."""
    children = np.random.SeedSequence(seed).spawn(len(PURPOSES))
    return Streams(*(np.random.Generator(np.random.PCG64(child)) for child in children))


def where(generators: Sequence[np.random.Generator]) -> list[Any]:
    """Where each generator stands, in plain values: half of a number that is kept back counts too."""
    return [rng.bit_generator.state for rng in generators]


def move(generators: Sequence[np.random.Generator], places: Sequence[Any]) -> None:
    """Has each generator go on from its place."""
    for rng, place in zip(generators, places, strict=True):
        rng.bit_generator.state = place


class Running:
    """The streams that are drawn from while training goes on: where they stand, for each seed."""

    def __init__(self, each: Sequence[Streams]) -> None:
        names = [name for name in PURPOSES if name not in (*BEFORE_TRAINING, OF_AN_EPOCH)]
        self.generators = {name: [getattr(found, name) for found in each] for name in names}

    def saved(self) -> dict[str, Any]:
        return {name: where(generators) for name, generators in self.generators.items()}

    def restore(self, saved: Mapping[str, Any]) -> None:
        for name, generators in self.generators.items():
            move(generators, saved[name])


class Noise:
    """Fills arrays with numbers uniform in [0, 1) or standard normal, each replica's part from its own generator."""

    def __init__(self, generators: list[np.random.Generator], stacked: bool) -> None:
        self.generators, self.stacked = generators, stacked

    def __call__(self, array: np.ndarray[Any, Any], law: Law = "uniform") -> None:
        for rng, part in zip(self.generators, array if self.stacked else (array,), strict=True):
            draw = rng.random if law == "uniform" else rng.standard_normal
            draw(out=part, dtype=array.dtype)

    def again(self) -> Callable[[], None]:
        """What has the same numbers drawn again, from here on."""
        places = where(self.generators)
        return lambda: move(self.generators, places)
