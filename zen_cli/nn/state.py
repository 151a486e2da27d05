"""All the numbers that training changes: one flat vector each for parameters, gradients and every slot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.compiler.tensor import Shape
from zen_cli.nn.network import Memory, Parameter
from zen_cli.nn.optimizers import Optimizer
from zen_cli.nn.optimizers.limits import COUNT
from zen_cli.nn.optimizers.segments import segments

Array = np.ndarray[Any, Any]
AVERAGES = {"average": "parameters", "average_memory": "memory"}


class State:
    """Vectors of shape (P,), or (replicas, P), and views of them in the shape of each parameter.

    Among them are the numbers that an optimizer remembers, of shape () or (replicas,). `average`: whether there is an
    average of the weights, which then predicts, and how much of it each step keeps; 0: somebody else keeps it.
    """

    def __init__(
        self, parameters: Sequence[Parameter], optimizer: Optimizer | None, replicas: int | None, dtype: Any,
        rules: Sequence[Optimizer] | None = None, memories: Sequence[Memory] = (), average: float | None = None,
    ) -> None:  # fmt: skip
        self.parameters, self.replicas, self.dtype = parameters, replicas, np.dtype(dtype)
        self.lead = () if replicas is None else (replicas,)
        self.size = sum(math.prod(parameter.shape) for parameter in parameters)
        self.segments = segments(optimizer, parameters, rules) if optimizer else []
        shapes: dict[str, Shape] = {"parameters": (self.size,), "gradients": (self.size,)}
        for slot in dict.fromkeys(slot for segment in self.segments for slot in segment.rule.slots()):
            each = [segment.slot_shape(slot) for segment in self.segments if slot in segment.rule.slots()]
            alone = each == [()] and not self.segments[0].name
            shapes[f"optimizer.{slot}"] = () if alone else (sum(map(math.prod, each)),)
        self.keeps_mean = average or 0.0  # how much of the average each step keeps
        shapes |= {"average": (self.size,)} if average is not None else {}
        self.memories = memories
        remembered = (sum(math.prod(memory.shape) for memory in memories),)
        shapes |= {"memory": remembered} if memories else {}
        shapes |= {"average_memory": remembered} if memories and average is not None else {}
        self.clipped = np.zeros(self.lead, self.dtype)  # steps whose gradient was clipped, until somebody looks
        self.vectors: dict[str, Array] = {
            name: np.zeros((*self.lead, *shape), self.dtype) for name, shape in shapes.items()
        }
        for memory, view in zip(memories, self.remembered().values(), strict=True):
            view[...] = memory.start
        self._start_averages()

    @property
    def predicting(self) -> str:
        """The vector of the weights that predict."""
        return "average" if "average" in self.vectors else "parameters"

    @property
    def averaged(self) -> dict[str, str]:
        """What is averaged, by the vector that the average is in: weights, and what layers remember."""
        return {average: name for average, name in AVERAGES.items() if average in self.vectors}

    def predicts(self, vector: str) -> dict[str, Array]:
        """The weights in a vector, and what layers remember with them, by name and shape."""
        return {**self.views(vector), **self.remembered("average_memory" if vector == "average" else "memory")}

    @property
    def trained(self) -> list[Parameter]:
        """The parameters that are not frozen."""
        return [parameter for parameter in self.parameters if not parameter.treatment.freeze]

    def views(self, vector: str) -> dict[str, Array]:
        """The parts of a vector by the name of their parameter, in its shape, without a copy."""
        slot = vector.startswith("optimizer.")  # which remembers nothing of frozen weights
        return self.parts(self.vectors[vector], self.trained if slot else self.parameters)

    def remembered(self, vector: str = "memory") -> dict[str, Array]:
        """What layers remember, by name and shape, without a copy."""
        return self.parts(self.vectors[vector], self.memories) if self.memories else {}

    def parts(self, array: Array, parameters: Sequence[Parameter | Memory]) -> dict[str, Array]:
        """The parts of an array in which these parameters lie one after the other."""
        found, start = {}, 0
        for parameter in parameters:
            found[parameter.name] = self._part(array, start, parameter.shape)
            start += math.prod(parameter.shape)
        return found

    def _part(self, array: Array, start: int, shape: Shape) -> Array:
        return array[..., start : start + math.prod(shape)].reshape((*array.shape[:-1], *shape))

    def _segment_parts(self) -> dict[str, Array]:
        """Each segment's parts of all vectors, where it is not all there is."""
        found, starts = {}, dict.fromkeys(self.vectors, 0)
        for segment in self.segments if self.segments and self.segments[0].name else ():
            for vector in ("parameters", "gradients"):
                found[segment.named(vector)] = self._part(self.vectors[vector], segment.start, segment.shape)
            for slot in segment.rule.slots():
                vector, shape = f"optimizer.{slot}", segment.slot_shape(slot)
                found[segment.named(vector)] = self._part(self.vectors[vector], starts[vector], shape)
                starts[vector] += math.prod(shape)
        return found

    def draw(self, generators: Sequence[np.random.Generator]) -> None:
        """Initial weights, a generator a replica; drawn in float64, in the order of the layers."""
        rows = self.vectors["parameters"].reshape(len(generators), self.size)
        for rng, row in zip(generators, rows, strict=True):
            drawn = [p.init.draw(rng, p.shape, p.fans).ravel() for p in self.parameters]
            row[:] = np.concatenate(drawn) if drawn else ()
        self._start_averages()

    def _start_averages(self) -> None:
        for average, name in self.averaged.items():
            self.vectors[average][...] = self.vectors[name]

    def leaves(self) -> dict[str, Array]:
        """Every array that a program may name."""
        gradients = {f"gradient.{name}": view for name, view in self.views("gradients").items()}
        named = {**self.views("parameters"), **self.remembered(), **gradients, **self._segment_parts()}
        return {**self.vectors, **named, COUNT: self.clipped}

    def tensors(self) -> dict[str, Array]:
        """What a checkpoint holds: the weights that predict and what layers remember by name and shape, the slots."""
        slots = {name: vector for name, vector in self.vectors.items() if name.startswith("optimizer.")}
        return {**self.predicts(self.predicting), **slots}
