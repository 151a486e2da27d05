"""The numbers of an optimizer that can be tuned: its options, and each place of a list of numbers by its own name."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from zen_cli.compare.space import LOG, REST, Dimension
from zen_cli.nn.optimizers import Optimizer
from zen_cli.registry import Option, options_of

HALF_DECADE = 10**0.5  # how much further from 1, or nearer to it, a share that is kept may be
DECADE = 10.0  # how much smaller or larger a weight decay may be


class Hyperparameter(NamedTuple):
    """An option, and the place in its list where it is one."""

    option: Option
    place: int | None = None

    def of(self, optimizer: Optimizer) -> float:
        """Its value."""
        value = getattr(optimizer, self.option.name)
        return float(value if self.place is None else value[self.place])


def hyperparameters(cls: type[Optimizer]) -> dict[str, Hyperparameter]:
    """By name: `betas` gives `beta1` and `beta2`.

    >>> from zen_cli.nn.optimizers import optimizers
    >>> list(hyperparameters(optimizers["adam"]))
    ['lr', 'beta1', 'beta2', 'eps', 'weight_decay']
    """
    found: dict[str, Hyperparameter] = {}
    for option in options_of(cls):
        if option.type is float:
            found[option.name] = Hyperparameter(option)
        elif typing.get_origin(option.type) is tuple:
            singular = option.name.removesuffix("s")
            for place, kind in enumerate(typing.get_args(option.type)):
                if kind is float:
                    found[f"{singular}{place + 1}"] = Hyperparameter(option, place)
    return found


def tuned(optimizer: Optimizer, values: Iterable[tuple[str, float]]) -> Optimizer:
    """The optimizer with these hyperparameters.

    >>> from zen_cli.nn.optimizers import optimizers
    >>> tuned(optimizers["adam"](), [("lr", 0.1), ("beta2", 0.99)]).betas
    (0.9, 0.99)
    """
    made: typing.Any = type(optimizer)
    stated = {option.name: getattr(optimizer, option.name) for option in options_of(made)}
    return made(**changed(made, stated, values))  # type: ignore[no-any-return]


def changed(
    cls: type[Optimizer], options: Mapping[str, typing.Any], values: Iterable[tuple[str, float]]
) -> dict[str, typing.Any]:
    """The options with these hyperparameters."""
    known, found = hyperparameters(cls), dict(options)
    for name, value in values:
        option, place = known[name]
        if place is None:
            found[option.name] = value
        else:
            whole = list(found[option.name])
            whole[place] = value
            found[option.name] = tuple(whole)
    return found


def usual_dimensions(optimizer: Optimizer) -> list[Dimension]:
    """What `--tune all` tunes besides the rate: shares that are kept (betas, momentum, ...) and a weight decay.

    Only those that are not zero in the optimizer as it is stated: a zero leaves that part of the rule out.

    >>> from zen_cli.nn.optimizers import optimizers
    >>> [(each.name, each.spread(3)) for each in usual_dimensions(optimizers["adam"]())]
    [('beta1', (0.684, 0.9, 0.9684)), ('beta2', (0.99684, 0.999, 0.999684))]
    """
    found = []
    for name, each in hyperparameters(type(optimizer)).items():
        value = each.of(optimizer)
        if each.option.limits.below == 1 and value > 0:
            rest = 1.0 - value
            found.append(Dimension(name, max(0.0, 1.0 - rest * HALF_DECADE), 1.0 - rest / HALF_DECADE, REST))
        elif name == "weight_decay" and value > 0:
            found.append(Dimension(name, value / DECADE, value * DECADE, LOG))
    return found
