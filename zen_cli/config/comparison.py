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
    max: int | None = option(None, "seeds of a second look, taken if the first decides not all", low=3, high=10_000)
    tune: int = option(3, "seeds that each rate is tried with", low=1, high=100)
    base: int = option(0, "the first seed that judges", low=0, high=MAX_SEED - 100_000)


@schema
class Budget:
    """How long each net is trained: in epochs, steps, evaluations of the gradient, or seconds at its own pace."""

    epochs: int | None = option(None, "passes over the training rows", low=1)
    steps: int | None = option(None, "steps of the optimizer", low=1)
    seconds: float | None = option(None, "seconds, turned into steps by the measured time of a step", above=0)
    grad_evals: int | None = option(None, "evaluations of the gradient: some optimizers take several a step", low=1)

    def __post_init__(self) -> None:
        if sum(each is not None for each in vars(self).values()) != 1:
            raise ZenError("expected one of epochs, steps, seconds, grad_evals", hint="write {epochs: 20}")


@schema
class Judge:
    """What judges, on the validation rows where there are any: one metric, or several that all give verdicts."""

    name: str | list[str] | None = option(None, "a metric or several; default: the loss")
    goal: Literal["min", "max"] | None = option(None, "which way is better; default, and always: the metric's own")
    at: Literal["final"] = option("final", "when: at the end of the budget")
    eval_every: Literal["auto"] | int = option("auto", "steps between measurements; auto: a hundredth of all", low=1)

    @property
    def names(self) -> list[str]:
        """All of them."""
        return [self.name] if isinstance(self.name, str) else self.name or []

    @property
    def every(self) -> int | None:
        """Steps between measurements, where that is stated."""
        return None if self.eval_every == "auto" else self.eval_every


@schema
class Pairing:
    """What the runs of a seed have in common, besides the first weights and the noise."""

    split: Literal["seeded", "fixed"] = option("seeded", "fixed: the same rows train for every seed")
    shuffle: Literal["epoch", "once", "none"] | None = option(None, "order of the rows; default: trainer.shuffle")


@schema
class Timing:
    """How the time of a step is measured: in blocks of steps, optimizer after optimizer in turn."""

    threads: int = option(1, "threads that times are stated for: with others (--threads) none are shown", low=1)
    blocks: int = option(5, "blocks of steps of each optimizer", low=2, high=1000)
    steps: int = option(50, "steps of a block", low=1, high=100_000)


@schema
class Range:
    """What is tried of a hyperparameter; where those of `lr` are left out, what lies around the usual rate."""

    low: float | None = option(None, "least value to try")
    high: float | None = option(None, "largest value to try")
    scale: Literal["log", "linear", "rest"] | None = option(None, "what is even; rest: the logarithm of 1 - x")
    points_per_decade: int | None = option(None, "how close the rates of a grid are; default: 2", low=1, high=20)

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ZenError("expected both ends of the range", hint="write {low: 1e-4, high: 1e-1}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ZenError(f"expected a low and a higher end, found {self.low:g} and {self.high:g}")


Ranges = dict[str, tuple[float, float] | Range]


def ranges_of(written: Ranges) -> dict[str, Range]:
    """Each in the long form.

    Raises:
        ZenError: ends that are no range, naming the hyperparameter.
    """
    found = {}
    for name, each in written.items():
        try:
            found[name] = each if isinstance(each, Range) else Range(*each)  # type: ignore[call-arg]
        except ZenError as error:
            raise ZenError(f"'{name}': {error.what}", hint=error.hint) from error
    return found


@schema
class Tune:
    """The search for each optimizer's hyperparameters: the same number of trials for all."""

    what: Literal["lr", "all", "none"] = option("lr", "all: betas, momentum and decay too; none: the rates as stated")
    method: Literal["grid", "random", "halton"] | None = option(
        None, "how trials are laid out; default: a grid for the rate alone, else halton"
    )
    trials: int = option(9, "settings tried of each optimizer; of a grid two rates a decade", low=1, high=99)
    extend: int = option(4, "settings added at most where the best rate lies at the edge", low=0, high=20)
    space: Ranges = option({}, "ranges for all that have it: {lr: [1e-4, 1], beta2: {low: 0.9, high: 0.999}}")


@schema
class Stats:
    """When a difference counts."""

    alpha: float = option(0.05, "chance of a false verdict over all rivals", above=0, below=1)
    rope: Share | None = option(
        None, "differences that do not matter; default 2 % of a loss, 0.2 points of a share", low=0, below=1
    )
    correction: Literal["holm"] = option("holm", "how p-values are adjusted for their number")
    interval: Literal["t"] = option("t", "Student's t, or where differences are skewed the wider of two")


@schema
class Compare:
    """How `zen compare` compares optimizers on this problem."""

    optimizers: list[Component] = option([], "who takes part; default: sgd, momentum, rmsprop, adam")
    budget: Budget | None = option(None, "how long each net is trained; default: trainer.epochs")
    seeds: Seeds = option(Seeds(), "how many seeds tune and judge")
    metric: str | list[str] | Judge | None = option(None, "what judges at the end; default: the loss")
    pairing: Pairing = option(Pairing(), "what the runs of a seed have in common")
    targets: Literal["auto"] | list[dict[str, float]] = option(
        "auto", "what to get to: [{validation.loss: 0.3}]; auto: trainer.target, else by the gap"
    )
    baseline: str | None = option(None, "the label that others are compared with; default: the best when tuned")
    tune: Tune = option(Tune(), "the search for the learning rate")
    stats: Stats = option(Stats(), "when a difference counts")
    timing: Timing = option(Timing(), "how the time of a step is measured")
    shared_schedule: Component | None = option(None, "a schedule for all in place of the config's; `none`: no schedule")
    allow_unequal: bool = option(False, "compare although some have more to tune, or a schedule of their own")
