"""What a config names, as objects: known before any data is read, and all mistakes in it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zen_cli.config.component import Component, build
from zen_cli.config.sections import Config
from zen_cli.data.builtin import datasets
from zen_cli.metrics import Metric
from zen_cli.metrics.suiting import built
from zen_cli.nn.layers import Layer, layers
from zen_cli.nn.losses import Loss, losses
from zen_cli.nn.optimizers import Optimizer, optimizers

if TYPE_CHECKING:
    from zen_cli.nn.schedulers import Scheduler
    from zen_cli.problems import Problem


class Parts(NamedTuple):
    """The objects; None for what is not named, or cannot be built."""

    layers: list[Layer | None]
    loss: Loss | None
    optimizer: Optimizer | None
    metrics: list[Metric | None] | None
    problem: Problem | None
    scheduler: Scheduler | None


def look_up(config: Config) -> Parts:
    """Every component of the config as an object; what cannot be built is in `config.problems`."""
    problems = config.problems
    measured = None if isinstance(config.metrics, str) else built(config.metrics, problems)
    _check_data(config)
    _check_compared(config)
    return Parts(
        [build(component, layers, problems) for component in config.layers],
        build(config.loss, losses, problems) if config.loss else None,
        build(config.optimizer, optimizers, problems) if config.optimizer else None,
        measured,
        _problem(config) if config.problem else None,
        _scheduler(config) if config.scheduler else None,
    )


def _check_data(config: Config) -> None:
    """What the section `data` names is built when data are read; what is wrong with it is told with all the rest."""
    if isinstance(config.data.source, Component):
        build(config.data.source, datasets, config.problems)
    for component in config.data.columns.values():
        from zen_cli.data.columns import columns

        build(component, columns, config.problems)


def _check_compared(config: Config) -> None:
    """Whom the section `compare` names."""
    for component in config.compare.optimizers:
        if component.type and component.type not in optimizers:
            build(component, optimizers, config.problems)


def _scheduler(config: Config) -> Scheduler | None:
    from zen_cli.nn.schedulers import schedulers

    assert config.scheduler is not None
    return build(config.scheduler, schedulers, config.problems)


def _problem(config: Config) -> Problem | None:
    from zen_cli.problems import problems  # not at the top: few configs have one, all of them start

    assert config.problem is not None
    return build(config.problem, problems, config.problems)
