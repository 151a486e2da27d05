"""What the command line says of a comparison, and how its values are read."""

from __future__ import annotations

from typing import Any, NamedTuple

from zen_cli.config.node import Scalar
from zen_cli.config.schema import options
from zen_cli.config.values import convert
from zen_cli.errors import Place, Problems


class Flags(NamedTuple):
    """What the command line says in place of the config's `compare` section; None where it says nothing."""

    optimizers: str | None = None
    seeds: int | None = None
    tune_seeds: int | None = None
    trials: int | None = None
    budget: str | None = None
    metric: str | None = None
    baseline: str | None = None
    alpha: str | None = None
    rope: str | None = None
    tune: str | None = None
    track: str | None = None
    tuner: str | None = None
    allow_unequal: bool = False
    max_seeds: int | None = None
    targets: tuple[str, ...] = ()


def typed(text: str | None, flag: str, section: type, name: str) -> Any:
    """The value that a flag gives an option of the config, read as it would be there; None if it is not given."""
    if text is None:
        return None
    problems, known = Problems(), options(section)[name]
    found = convert(Scalar(Place(flag), text), known.type, known.limits, problems)
    problems.check()
    return found
