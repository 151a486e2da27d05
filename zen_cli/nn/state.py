"""All the numbers that training changes: one flat vector each for parameters, gradients and every slot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.compiler.tensor import Shape
from zen_cli.nn.network import Parameter
from zen_cli.nn.optimizers.base import slot_shape

Array = np.ndarray[Any, Any]


class State:
    """Vectors of shape (P,), or (replicas, P), and views of them in the shape of each parameter.

    Among them are the numbers that an optimizer remembers, of shape () or (replicas,).
    """

    def __init__(self, parameters: Sequence[Parameter], slots: Sequence[str], replicas: int | None, dtype: Any) -> None:
        self.parameters, self.replicas, self.dtype = parameters, replicas, np.dtype(dtype)
        self.lead = () if replicas is None else (replicas,)
        self.size = sum(math.prod(parameter.shape) for parameter in parameters)
        shapes: dict[str, Shape] = {"parameters": (self.size,), "gradients": (self.size,)}
        shapes |= {f"optimizer.{slot}": slot_shape(slot, self.size) for slot in slots}
        self.vectors: dict[str, Array] = {
            name: np.zeros((*self.lead, *shape), self.dtype) for name, shape in shapes.items()
        }

    def views(self, vector: str) -> dict[str, Array]:
        """The parts of a vector by the name of their parameter, in its shape, without a copy."""
        found, start = {}, 0
        for parameter in self.parameters:
            end = start + math.prod(parameter.shape)
            part = self.vectors[vector][..., start:end]
            found[parameter.name] = part.reshape(*self.lead, *parameter.shape)
            start = end
        return found

    def draw(self, generators: Sequence[np.random.Generator]) -> None:
        """Initial weights, a generator a replica; drawn in float64, in the order of the layers."""
        rows = self.vectors["parameters"].reshape(len(generators), self.size)
        for rng, row in zip(generators, rows, strict=True):
            drawn = [p.init.draw(rng, p.shape, p.fans).ravel() for p in self.parameters]
            row[:] = np.concatenate(drawn) if drawn else ()

    def leaves(self) -> dict[str, Array]:
        """Every array that a program may name."""
        gradients = {f"gradient.{name}": view for name, view in self.views("gradients").items()}
        return {**self.vectors, **self.views("parameters"), **gradients}

    def tensors(self) -> dict[str, Array]:
        """What a checkpoint holds: parameters by name and shape, and the slots."""
        slots = {name: vector for name, vector in self.vectors.items() if name.startswith("optimizer.")}
        return {**self.views("parameters"), **slots}
