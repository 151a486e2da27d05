"""The section `compare` of a config: what `zen compare` takes its rules from."""

from typing import Literal

from zen_cli.config.component import Component
from zen_cli.errors import ZenError
from zen_cli.registry import Share, option, schema

MAX_SEED = 2**64 - 1


@schema
class Seeds:
    """Where random numbers begin: seeds that tune never judge."""

    eval: int | None = option(None, "seeds that judge; default 10, or 50 for a tiny net", low=2, high=10_000)
    tune: int = option(3, "seeds that each rate is tried with", low=1, high=100)
    base: int = option(0, "the first seed that judges", low=0, high=MAX_SEED - 100_000)


@schema
class Budget:
    """How long each net is trained: in epochs or in steps."""

    epochs: int | None = option(None, "passes over the training rows", low=1)
    steps: int | None = option(None, "steps of the optimizer", low=1)

    def __post_init__(self) -> None:
        if (self.epochs is None) == (self.steps is None):
            raise ZenError("expected either epochs or steps", hint="write {epochs: 20}")


@schema
class Tune:
    """The search for each optimizer's learning rate: the same number of trials for all."""

    method: Literal["grid", "none"] = option("grid", "none: every optimizer keeps its own rate")
    trials: int = option(9, "rates tried, two a decade around the optimizer's usual one", low=1, high=41)
    extend: int = option(4, "rates added at most where the best one lies at the edge", low=0, high=20)


@schema
class Stats:
    """When a difference counts."""

    alpha: float = option(0.05, "chance of a false verdict over all rivals", above=0, below=1)
    rope: Share | None = option(
        None, "differences that do not matter; default 2 % of a loss, 0.2 points of a share", low=0, below=1
    )


@schema
class Compare:
    """How `zen compare` compares optimizers on this problem."""

    optimizers: list[Component] = option([], "who takes part; default: sgd, momentum, rmsprop, adam")
    budget: Budget | None = option(None, "how long each net is trained; default: trainer.epochs")
    seeds: Seeds = option(Seeds(), "how many seeds tune and judge")
    metric: str | None = option(None, "what judges at the end; default: the loss")
    baseline: str | None = option(None, "the label that others are compared with; default: the best when tuned")
    tune: Tune = option(Tune(), "the search for the learning rate")
    stats: Stats = option(Stats(), "when a difference counts")
