"""What a comparison is judged by, and what counts as having got there: as the command line or the config states it."""

from __future__ import annotations

from collections.abc import Sequence

from zen_cli.compare.flags import Flags
from zen_cli.compare.protocol import goal_of, success_of
from zen_cli.compare.refusals import refuse_unfair
from zen_cli.config.comparison import Judge
from zen_cli.errors import Place, ZenError
from zen_cli.experiment import Experiment
from zen_cli.jobs.nets import judged_by
from zen_cli.suggest import did_you_mean
from zen_cli.training.conditions import Condition, condition


def judge_of(experiment: Experiment) -> Judge:
    """The config's section `metric`, in its long form."""
    stated = experiment.config.compare.metric
    return stated if isinstance(stated, Judge) else Judge(name=stated)  # type: ignore[call-arg]


def metrics_of(experiment: Experiment, flags: Flags, known: Sequence[str]) -> tuple[str, ...]:
    """The metrics that give verdicts, the one that tunes and ranks first; the loss if nobody says.

    Raises:
        ZenError: one that is not measured on the rows that judge, or that stands twice, or whose goal is another.
    """
    if not known:
        raise ZenError("the losses differ and no metric is measured for all", Place("--over"), "state `metrics`")
    judge = judge_of(experiment)
    where = Place("--metric") if flags.metric else experiment.config.where("compare", "metric")
    asked = flags.metric.split(",") if flags.metric else judge.names or [known[0]]
    found = tuple(_measured(experiment, name.strip(), known, where) for name in asked)
    if len(set(found)) < len(found):
        raise ZenError("a metric stands twice", where)
    if judge.goal is not None and judge.goal != goal_of(found[0]) and not flags.metric:
        raise ZenError(f"the goal of {found[0]} is {goal_of(found[0])}, not {judge.goal}", where, "leave `goal` out")
    return found


def _measured(experiment: Experiment, asked: str, known: Sequence[str], where: Place) -> str:
    """The metric's name without its split, which has to be the one that judges."""
    refuse_unfair({"metric": asked})
    split, _, name = asked.rpartition(".")
    judge = judged_by(experiment)
    if name not in known or split not in ("", judge):
        measured = ", ".join(f"{judge}.{each}" for each in known)
        raise ZenError(f"'{asked}' does not judge here{did_you_mean(name, known)}", where, f"measured: {measured}")
    return name


def targets_of(experiment: Experiment, flags: Flags, known: Sequence[str]) -> tuple[Condition, ...]:
    """What the command line states, else the config; none for `auto`."""
    if flags.targets:
        for text in flags.targets:
            if text != "auto" and "=" not in text:
                raise ZenError("expected NAME=NUMBER or auto", Place(f"--target {text}"), "write validation.loss=0.15")
        parts = [(*text.rpartition("=")[::2], Place(f"--target {text}")) for text in flags.targets if text != "auto"]
        return tuple(_target(experiment, name, bound, flag, known) for name, bound, flag in parts)
    stated = experiment.config.compare.targets
    where = experiment.config.where("compare", "targets")
    pairs = [pair for each in ([] if stated == "auto" else stated) for pair in each.items()]
    return tuple(_target(experiment, name, repr(value), where, known) for name, value in pairs)


def _target(experiment: Experiment, name: str, bound: str, where: Place, known: Sequence[str]) -> Condition:
    metric = _measured(experiment, name.strip(), known, where)
    sign = ">=" if goal_of(metric) == "max" else "<="
    return condition(f"{judged_by(experiment)}.{metric}{sign}{bound}", where)


def stated_success(experiment: Experiment, known: Sequence[str]) -> Condition | None:
    """What the config calls a success, if all who take part are measured by it."""
    found = success_of(experiment)
    return found if found and found.metric in known else None
