"""What is tuned of an optimizer, and over which ranges: by the rule for all, and by what its own entry says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from zen_cli.compare.hyperparameters import Hyperparameter, hyperparameters, usual_dimensions
from zen_cli.compare.space import Dimension, around, scale_of
from zen_cli.compare.tuners import GRID, HALTON
from zen_cli.config.comparison import Range
from zen_cli.errors import ZenError
from zen_cli.nn.optimizers import Optimizer
from zen_cli.suggest import did_you_mean

RATE, ALL, NONE = "lr", "all", "none"


class Search(NamedTuple):
    """The rule for all: what is tuned, how trials are laid out (None: as it fits), how many, and over which ranges."""

    what: str = RATE
    method: str | None = None
    trials: int = 9
    space: Mapping[str, Range] = {}

    def method_for(self, dimensions: Iterable[tuple[Dimension, ...]]) -> str:
        """A grid where the rate alone is tuned by all, else a sequence that fills the space."""
        alone = all(len(each) <= 1 for each in dimensions)
        return self.method or (GRID if alone else HALTON)

    def card(self) -> dict[str, Any]:
        """What stands apart from the number of trials."""
        return {"what": self.what, "space": plain(self.space)} if self.what != NONE else {"what": NONE, "space": {}}


def plain(ranges: Mapping[str, Range]) -> dict[str, dict[str, Any]]:
    """Ranges as a config writes them."""
    return {
        name: {key: value for key, value in vars(each).items() if value is not None} for name, each in ranges.items()
    }


def dimensions_of(optimizer: Optimizer, search: Search, own: Mapping[str, Range]) -> tuple[Dimension, ...]:
    """The rate first, then what else is tuned.

    Raises:
        ZenError: the entry names what the optimizer does not have, or a range that is none.
    """
    known = hyperparameters(type(optimizer))
    for name in own:
        if name not in known:
            hint = f"what can be tuned: {', '.join(known)}"
            raise ZenError(f"'{optimizer.name}' has no number '{name}'{did_you_mean(name, known)}", hint=hint)
    found = {"lr": around("lr", optimizer.lr_center)}
    if search.what == ALL:
        found |= {each.name: each for each in usual_dimensions(optimizer)}
    stated = {name: each for name, each in search.space.items() if name in known} | dict(own)
    found |= {name: _dimension(name, each, known[name], optimizer) for name, each in stated.items()}
    return tuple(found.values())


def _dimension(name: str, stated: Range, known: Hyperparameter, optimizer: Optimizer) -> Dimension:
    low, high, limits = stated.low, stated.high, known.option.limits
    if low is None or high is None:
        if name == "lr":
            return around("lr", optimizer.lr_center, stated.points_per_decade or 2)
        raise ZenError(f"the range of '{name}' is not stated", hint=f"write {name}: [LOW, HIGH]")
    for end in (low, high):
        if refused := limits.refuse(end):
            raise ZenError(f"'{name}' {refused}, found {end:g}")
    scale = stated.scale or scale_of(low, high, limits.below)
    if (scale == "log" and low <= 0) or (scale == "rest" and high >= 1):
        raise ZenError(f"a range from {low:g} to {high:g} has no scale '{scale}'", hint="take `scale: linear`")
    return Dimension(name, low, high, scale)
