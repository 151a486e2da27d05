"""What is compared and how, frozen before anything runs: everything that follows is a function of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.budgets import Length, epoch_of
from zen_cli.compare.entries import Entry
from zen_cli.compare.search import NONE, Search
from zen_cli.compare.variant import plain, varied
from zen_cli.config.comparison import Timing
from zen_cli.experiment import Experiment
from zen_cli.jobs.nets import Budget, Setting, judged_by
from zen_cli.metrics import larger_is_better
from zen_cli.resolved import resolved
from zen_cli.training.conditions import Condition, condition

TUNING_SEEDS = 1000  # the first of them: tuning and judging never share a seed
POINTS = 100  # of a curve
ROPE_OF_LOSSES, ROPE_OF_SHARES = 0.02, 0.002  # relative; absolute


def goal_of(metric: str) -> str:
    """`max` for a metric of which more is better, `min` for the loss and the others."""
    return "max" if larger_is_better(metric) else "min"


def rope_of(metric: str) -> float:
    """What does not usually matter."""
    return ROPE_OF_SHARES if goal_of(metric) == "max" else ROPE_OF_LOSSES


class Protocol(NamedTuple):
    """The experiment without its optimizer, who takes part, and the rules."""

    experiment: Experiment
    entries: tuple[Entry, ...]
    length: Length
    rows: int  # that train
    metric: str  # as measured on the judging split: loss, accuracy; it tunes and ranks
    tune_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    search: Search  # what is tuned, and by how many trials at first
    extend: int = 4  # trials added at most where the best rate lies at the edge
    more: tuple[int, ...] = ()  # seeds that judge too, if the others leave something undecided: a second look
    looks: tuple[int, ...] = ()  # how many seeds judge at each, where there are two
    alpha: float = 0.05
    rope: float = 0.02  # relative for losses, absolute for shares: differences inside do not matter
    baseline: str | None = None  # a label; None: the best by its tuning
    success: Condition | None = None
    targets: tuple[Condition, ...] = ()  # stated ones; none: as the success, or by the gap
    every: int | None = None  # steps between measurements; None: as many as make a hundred
    also: tuple[str, ...] = ()  # other metrics that give verdicts
    split_of: int | None = None  # the seed whose split all have; None: each its own
    timing: Timing = Timing()
    track: str = "tuned"  # both: the same seeds also at each optimizer's own rate
    one_loss: bool = True  # False: every entry may have a loss of its own, which says nothing about the others

    @property
    def budget(self) -> Budget:
        """Of who takes the most steps."""
        return max((self.budget_of(entry) for entry in self.entries), default=Budget(1, 1))

    def budget_of(self, entry: Entry) -> Budget:
        """How many steps its nets take, and after how many they are measured."""
        steps = self.length.steps(self.epoch_of(entry), entry.optimizer.evaluations, entry.pace)
        return Budget(steps, self.every or -(-steps // POINTS))

    def epoch_of(self, entry: Entry) -> int:
        """The steps of an epoch."""
        return epoch_of(self.of(entry), self.rows)

    def samples(self, entry: Entry, steps: int) -> int:
        """How many rows are seen in so many steps; the last batch of an epoch may be smaller."""
        epochs, rest = divmod(steps, self.epoch_of(entry))
        size = self.of(entry).trainer.batch_size
        return epochs * self.rows + (0 if size == "full" else min(rest * size, self.rows))

    @property
    def goal(self) -> str:
        """`min` or `max`."""
        return goal_of(self.metric)

    @property
    def split(self) -> str:
        return judged_by(self.experiment)

    @property
    def ordered(self) -> Sequence[Entry]:
        """By label: in what order optimizers are written changes nothing; values of an option keep theirs."""
        if any(entry.over for entry in self.entries):
            return self.entries
        return sorted(self.entries, key=lambda entry: entry.label)

    @property
    def tuned(self) -> bool:
        """Whether anything is."""
        return self.search.what != NONE

    @property
    def method(self) -> str:
        """How trials are laid out."""
        return self.search.method_for(entry.dimensions for entry in self.entries) if self.tuned else NONE

    def of(self, entry: Entry, setting: Setting | None = None) -> Experiment:
        """The experiment that an entry trains; with a setting of its optimizer."""
        optimizer = entry.at(setting) if setting else entry.optimizer
        return varied(entry.experiment or self.experiment, entry.stated)._replace(optimizer=optimizer)

    def card(self) -> dict[str, Any]:
        """The whole protocol as plain values."""
        return {
            "problem": fixed(self.experiment), "data_sha256": self.experiment.dataset.sha256,
            "optimizers": [self._of_card(entry) for entry in self.ordered],
            "budget": {**self.budget._asdict(), **self.length.card()},
            "metric": f"{self.split}.{self.metric}", "goal": self.goal, "also": list(self.also),
            "eval_every": self.every, "pairing": {"split": "seeded" if self.split_of is None else "fixed"},
            "timing": vars(self.timing),
            "tune": {"seeds": self.tune_seeds, "trials": self.search.trials, "extend": self.extend,
                     "method": self.method, **self.search.card()},
            "seeds": self.seeds, "alpha": self.alpha / max(len(self.looks), 1), **self._plan(),
            "rope": self.rope, "baseline": self.baseline,
            "success": str(self.success) if self.success else None,
            "targets": [str(each) for each in self.targets], "track": self.track, **self._over(),
        }  # fmt: skip

    def _plan(self) -> dict[str, Any]:
        """Two looks share alpha."""
        return {"plan": {"looks": self.looks, "alpha": self.alpha}} if self.looks else {}

    def _of_card(self, entry: Entry) -> dict[str, Any]:
        budget = self.budget_of(entry)
        own: dict[str, Any] = {} if budget == self.budget else {"steps": budget.steps}
        own |= {"idle": True} if idle(self.of(entry)) else {}
        return entry.card() | plain(self.of(entry), entry.stated) | own

    def _over(self) -> dict[str, Any]:
        """What sets the entries apart, where it is not the optimizer alone."""
        keys = list(dict.fromkeys(key for entry in self.entries for key, _ in entry.over))
        if not keys:
            return {}
        return {"over": {"keys": keys, "one_loss": self.one_loss, "optimizer": resolved(self.experiment)["optimizer"]}}

    def hash(self) -> str:
        """The hash of the card."""
        return hash_of(self.card())


def idle(experiment: Experiment) -> bool:
    """Whether the optimizer's rule is for none of the net's weights, as muon's where no hidden layer has a matrix."""
    optimizer, rules = experiment.optimizer, experiment.optimizer.rules(experiment.trace.parameters)
    return not optimizer.uphill and all(type(rule) is not type(optimizer) for rule in rules)


def hash_of(card: dict[str, Any]) -> str:
    """Of the card as it is frozen: where a plan says how many seeds judge, not of those that did."""
    from hashlib import sha256

    from zen_cli.runs.strict_json import strict_json

    frozen = {**card, "seeds": None} if card.get("plan") else card
    return sha256(strict_json(frozen).encode()).hexdigest()


def fixed(experiment: Experiment) -> dict[str, Any]:
    """The resolved config without what is compared, drawn or counted elsewhere."""
    values = resolved(experiment)
    trainer = {k: v for k, v in values["trainer"].items() if k in ("batch_size", "shuffle", "dtype", "clip")}
    kept = {name: values[name] for name in values if name not in ("name", "seed", "optimizer", "trainer")}
    return {**kept, "trainer": trainer}


def success_of(experiment: Experiment) -> Condition | None:
    """What the config calls a success, if it does, of the rows that judge."""
    target = experiment.trainer.target
    found = condition(target, experiment.config.where("trainer", "target")) if target else None
    return found if found and found.split == judged_by(experiment) else None
