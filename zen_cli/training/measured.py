"""Which numbers a training measures, and whether all that is watched is among them: known before it begins."""

from __future__ import annotations

from collections.abc import Sequence

from zen_cli.errors import Place, Problems
from zen_cli.experiment import Experiment
from zen_cli.metrics.suiting import built, named
from zen_cli.suggest import did_you_mean
from zen_cli.training.conditions import Condition, condition


def every_epoch(experiment: Experiment) -> list[str]:
    """The names of what each epoch measures: the training loss, and everything on the validation rows."""
    validation = _names("validation", experiment) if experiment.splits["validation"] else []
    return ["train.loss", *validation]


def at_the_end(experiment: Experiment) -> list[str]:
    """The names of what is measured once training has ended: everything on every split."""
    return [name for part, there in experiment.splits.items() if there for name in _names(part, experiment)]


def _names(part: str, experiment: Experiment) -> list[str]:
    return [f"{part}.{name}" for name in ("loss", *(metric.label for metric in experiment.metrics))]


def check(experiment: Experiment, until: Condition | None = None) -> None:
    """Refuses a training that watches what it does not measure.

    Raises:
        ZenError: for `--until`, every monitor and trainer.target, each in its place.
    """
    trainer, problems = experiment.trainer, Problems()
    each = every_epoch(experiment)
    if until is not None:
        _require(f"{until.split}.{until.metric}", each, Place("--until"), problems)
    if trainer.monitor:
        _require(trainer.monitor, each, experiment.config.where("trainer", "monitor"), problems)
    if trainer.early_stopping and trainer.early_stopping.monitor:
        where = experiment.config.where("trainer", "early_stopping", "monitor")
        _require(trainer.early_stopping.monitor, each, where, problems)
    monitor = getattr(experiment.scheduler, "monitor", None)
    if monitor:
        _require(monitor, each, experiment.config.where("scheduler", "monitor"), problems)
    if trainer.target:
        where = experiment.config.where("trainer", "target")
        goal = condition(trainer.target, where)
        _require(f"{goal.split}.{goal.metric}", at_the_end(experiment), where, problems)
    problems.check()


def _require(name: str, known: list[str], where: Place, problems: Problems) -> None:
    if name not in known:
        measured = f"measured: {', '.join(known)}"
        split = name.partition(".")[0]
        lacks = split in ("validation", "test") and not any(each.startswith(f"{split}.") for each in known)
        hint = f"there are no {split} rows: set data.split.{split}; {measured}" if lacks else measured
        problems.add(f"'{name}' is not measured{did_you_mean(name, known)}", where, hint)


def with_metrics(experiment: Experiment, names: Sequence[str], where: Place) -> Experiment:
    """The experiment with other metrics, named as results name them: `f1_micro`.

    Raises:
        ZenError: there is no such metric, or it does not fit the target.
    """
    problems, written = Problems(), named(names, where)
    found = built(written, problems)
    problems.check()
    return experiment.measuring(written, found)
