"""Weights that are trained at a rate of their own."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, ClassVar, Literal

from zen_cli.registry import option, schema

if TYPE_CHECKING:
    from zen_cli.nn.network import Parameter


@schema
class Group:
    """Those of some layers, or of some names, or both; the first group that has them says how they are trained."""

    aliases: ClassVar[dict[str, str]] = {"learning_rate": "lr"}

    layers: list[int] = option([], "which layers of the model, from 0; default: all", low=0)
    parameters: list[str] = option([], "what the weights are called, such as bias; default: all")
    lr: float | None = option(None, "learning rate; what moves the optimizer's moves it too", above=0)
    weight_decay: float | None = option(None, "weight decay", low=0)

    factor: float | None = None  # of the optimizer's rate, from the first optimizer on that has the group

    def beside(self, lr: float) -> Group:
        """The group in an optimizer with that rate: as many times as large, or as small, as it was stated to be."""
        found = copy.copy(self)
        if found.lr is not None:
            found.factor = found.factor or found.lr / lr
            found.lr = found.factor * lr
        return found

    def holds(self, parameter: Parameter) -> bool:
        """Whether the group says how the parameter is trained."""
        named = not self.parameters or parameter.name.rpartition(".")[2] in self.parameters
        return named and (not self.layers or parameter.layer in self.layers)


@schema
class Grouped:
    """The options that all optimizers have."""

    preset: Literal["torch", "keras", "optax", "seed"] = option("torch", "whose defaults and conventions", common=True)
    groups: list[Group] = option([], "weights with a rate of their own: {layers: [0, 1], lr: 1e-4}", common=True)
