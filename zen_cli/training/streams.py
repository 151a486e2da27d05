"""The random streams of a run: one generator for each purpose, all from its seed, and nothing else draws."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

PURPOSES = ("split", "init", "order", "noise", "augmentation")


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


def states(found: Streams) -> dict[str, Any]:
    """Where each generator stands, in plain values."""
    return {purpose: rng.bit_generator.state["state"] for purpose, rng in zip(PURPOSES, found, strict=True)}


class Noise:
    """Fills arrays with uniform numbers in [0, 1), each replica's part from its own generator."""

    def __init__(self, generators: list[np.random.Generator], stacked: bool) -> None:
        self.generators, self.stacked = generators, stacked

    def __call__(self, array: np.ndarray[Any, Any]) -> None:
        for rng, part in zip(self.generators, array if self.stacked else (array,), strict=True):
            rng.random(out=part, dtype=array.dtype)
