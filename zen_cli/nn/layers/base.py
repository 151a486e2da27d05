"""What a layer is, and what it may ask for while its network is traced."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Protocol

from zen_cli.compiler.tensor import Shape, Tensor
from zen_cli.errors import Place
from zen_cli.nn.initializers import Initializer
from zen_cli.nn.layers.treatment import Treated
from zen_cli.registry import Registry

Law = Literal["uniform", "normal"]


class Build(Protocol):
    """What surrounds a layer while a program is built."""

    training: bool
    outputs: int | None  # how many numbers a row the target and the loss ask for, where known
    symbols: int  # how many symbols the input is made of, counted from 0; 0: it is numbers
    stepwise: bool  # whether each step is asked what comes next, so that none may look ahead
    mask: Tensor | None  # (batch, time): 1 for a step of a sequence, 0 for what fills it up; None: all are steps

    def parameter(self, name: str, shape: Shape, init: Initializer | None, fans: tuple[int, int]) -> Tensor:
        """A trained array, drawn at the start by `init` (None: by the initializer that suits what follows).

        `fans`: how many inputs feed an output, and how many outputs an input feeds.
        """

    def state(self, name: str, shape: Shape, start: float) -> Tensor:
        """What the layer remembers under that name from step to step, beside its weights; `start` everywhere at first.

        It is saved with the weights, and read in inference.
        """

    def remember(self, name: str, value: Tensor) -> None:
        """Has a training step leave `value` in a state that was asked for."""

    def random(self, shape: Shape, law: Law = "uniform") -> Tensor:
        """Numbers uniform in [0, 1) or standard normal, new in every step, from the run's noise stream."""

    def layers(self, found: "Sequence[Layer]", x: Tensor, *below: int) -> Tensor:
        """What `found` make of x, one after the other.

        Their parameters are named below the layer that asks: by its index, the numbers `below`, then their own index.
        """

    def shared(self, name: str, found: "Sequence[Layer]", x: Tensor) -> Tensor:
        """What `found` make of x, with the weights of their first use under that name; `()`: the same layers again."""


class Layer(Treated):
    """A step of the network: what it computes, on symbolic tensors. It has no backward code and no arrays."""

    registry: ClassVar[Registry["Layer"]]
    name: ClassVar[str]
    follows_well: ClassVar[str | None] = None  # the initializer that suits weights in front of this layer
    takes_symbols: ClassVar[bool] = False  # whether it reads whole numbers that stand for symbols
    weighted: ClassVar[bool] = False  # whether weights in front of it are not drawn for what follows it
    place: Place | None = None  # where a config names it

    def forward(self, x: Tensor, build: Build) -> Tensor:
        """The layer's result for x (batch, ...)."""
        raise NotImplementedError

    def inner(self) -> "Sequence[Layer]":
        """The layers that see its input first, if it is made of layers."""
        return ()

    def ends(self) -> "Sequence[Layer]":
        """The layers whose results are its own, or go into it, if it is made of layers."""
        return self.inner()[-1:]


layers: Registry[Layer] = Registry("layer")
Layer.registry = layers
