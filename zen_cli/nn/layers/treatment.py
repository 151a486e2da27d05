"""How the weights of a layer are trained, beside what the optimizer does with all of them."""

from __future__ import annotations

from typing import NamedTuple

from zen_cli.registry import option, schema


class Treatment(NamedTuple):
    """What holds for a parameter in the end: what its layer says, else what the layers around it say."""

    freeze: bool = False
    l1: float = 0.0
    l2: float = 0.0
    max_norm: float | None = None


@schema
class Treated:
    """The options that all layers have; a layer without weights refuses them."""

    freeze: bool | None = option(None, "keep the weights as drawn, without computing their gradient", common=True)
    l1: float | None = option(None, "adds l1 sum |w| over the weights to what is minimized", low=0, common=True)
    l2: float | None = option(None, "adds l2 sum w^2 over the weights to what is minimized", low=0, common=True)
    max_norm: float | None = option(None, "the longest that a unit's incoming weights may be", above=0, common=True)

    @property
    def treated(self) -> list[str]:
        """Those of the options that are written."""
        return [name for name in Treatment._fields if getattr(self, name) is not None]

    def treatment(self, around: Treatment) -> Treatment:
        """What holds for the weights of this layer, where `around` holds for the one it is in."""
        return around._replace(**{name: getattr(self, name) for name in self.treated})
