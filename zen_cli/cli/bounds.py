"""Bounds on what is measured: `--fail-under accuracy=0.95`, `--fail-over mae=3.5`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.suggest import did_you_mean

Measured = Mapping[str, Mapping[str, Any]]


class Bound(NamedTuple):
    """The metric, `split.name` or on the last split that there is, must not lie beyond `number`."""

    flag: str
    metric: str
    number: float

    def named(self, measured: Measured) -> tuple[str, str]:
        """Split and name.

        Raises:
            ZenError: exit 2, it is not measured.
        """
        *_, last = measured
        split, _, name = self.metric.rpartition(".") if "." in self.metric else (last, "", self.metric)
        if name not in measured.get(split, {}):
            known = [f"{split}.{name}" for split, found in measured.items() for name in found]
            near = did_you_mean(f"{split}.{name}", known)
            hint = f"measured: {', '.join(known)}; --metric NAME measures others"
            raise ZenError(f"'{self.metric}' is not measured{near}", Place(self.flag), hint)
        return split, name

    def broken(self, measured: Measured) -> str:
        """What is wrong; nothing where the bound is kept. No number keeps none."""
        split, name = self.named(measured)
        value = measured[split][name]
        if value >= self.number if self.flag == "--fail-under" else value <= self.number:
            return ""
        than = "less" if self.flag == "--fail-under" else "more"
        if math.isnan(value):
            return f"{split}.{name} is no number"
        return f"{split}.{name} is {value:.6g}, {than} than {self.number:g}"


class Bounds(NamedTuple):
    every: Sequence[Bound]

    def check_names(self, measured: Measured) -> None:
        """That each is about something that is measured, and bounds its bad side."""
        from zen_cli.metrics import larger_is_better

        for bound in self.every:
            _, name = bound.named(measured)
            other = "--fail-over" if bound.flag == "--fail-under" else "--fail-under"
            if larger_is_better(name) != (bound.flag == "--fail-under"):
                better = "smaller" if other == "--fail-over" else "larger"
                what = f"{name} is better when {better}"
                raise ZenError(what, Place(bound.flag), f"write {other} {bound.metric}={bound.number:g}")

    def require(self, measured: Measured) -> None:
        """
        Raises:
            ZenError: exit 6, with every bound that is broken.
        """
        broken = [(bound, what) for bound in self.every if (what := bound.broken(measured))]
        errors = [ZenError(what, Place(bound.flag), code=Exit.UNMET) for bound, what in broken]
        if errors:
            errors[0].also = tuple(errors[1:])
            raise errors[0]


def bounds(under: Sequence[str], over: Sequence[str]) -> Bounds:
    return Bounds([*(_bound("--fail-under", text) for text in under), *(_bound("--fail-over", text) for text in over)])


def _bound(flag: str, text: str) -> Bound:
    """
    >>> _bound("--fail-under", "accuracy=0.95")
    Bound(flag='--fail-under', metric='accuracy', number=0.95)
    """
    name, _, written = text.partition("=")
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if math.isnan(number) or not name.strip():
        raise ZenError(f"'{text}' is no condition", Place(flag), "write it like accuracy=0.95")
    return Bound(flag, name.strip(), number)
