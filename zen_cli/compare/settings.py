"""From a config and the command line to a frozen protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.entries import USUAL, Entry, entries_of, named
from zen_cli.compare.over import common, one_loss
from zen_cli.compare.protocol import POINTS, TUNING_SEEDS, Protocol, goal_of, steps_of, success_of
from zen_cli.config.comparison import Compare, Stats
from zen_cli.config.node import Scalar
from zen_cli.config.schema import options
from zen_cli.config.values import convert
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.experiment import Experiment
from zen_cli.jobs.stack import Budget, judged_by
from zen_cli.registry import did_you_mean

TRACKS = ("both", "defaults", "tuned")
TINY, SEEDS, SEEDS_OF_TINY = 1000, 10, 50
ROPE_OF_LOSSES, ROPE_OF_SHARES = 0.02, 0.002  # relative; absolute


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


def protocol_of(experiment: Experiment, flags: Flags, over: Sequence[Entry] = ()) -> Protocol:
    """The protocol for this experiment; `over` takes the place of optimizers, each with an experiment of its own.

    Raises:
        ZenError: unknown optimizers, metrics or labels; a budget that cannot be read.
    """
    section = experiment.config.compare
    tuned = _tuned(section, flags)
    trials = flags.trials or section.tune.trials if tuned else 1
    entries = list(over) or _entries(section, flags, trials)
    entries = entries if tuned else [entry.untuned() for entry in entries]
    same, measured = one_loss(entries), common(experiment, entries)
    steps = _steps(experiment, section, flags.budget)
    first, count = section.seeds.base, flags.seeds or section.seeds.eval or _usual_seeds(experiment)
    judge = _metric(experiment, section, flags, measured)
    protocol = Protocol(
        experiment, tuple(entries), Budget(steps, -(-steps // POINTS)), judge,
        tune_seeds=tuple(range(TUNING_SEEDS + first, TUNING_SEEDS + first + (flags.tune_seeds or section.seeds.tune))),
        seeds=tuple(range(first, first + count)), trials=trials, extend=section.tune.extend if tuned else 0,
        alpha=_typed(flags.alpha, "--alpha", Stats, "alpha") or section.stats.alpha, rope=_rope(section, flags, judge),
        baseline=flags.baseline or section.baseline, success=success_of(experiment) if same else None,
        one_loss=same, method="grid" if tuned else "none", track=_track(tuned, flags),
    )  # fmt: skip
    _check(protocol)
    return protocol


def _tuned(section: Compare, flags: Flags) -> bool:
    if flags.tune not in (None, "none", "lr"):
        raise ZenError(f"expected none or lr, found '{flags.tune}'", Place("--tune"))
    tuned = flags.tune == "lr" if flags.tune else section.tune.method != "none" and flags.track != "defaults"
    if flags.trials and not tuned:
        raise ZenError("nothing is tuned, so there are no trials", Place("--trials"), "leave one of the two out")
    return tuned


def _track(tuned: bool, flags: Flags) -> str:
    """What is judged: optimizers tuned, at their own rates, or both."""
    if flags.track not in (None, *TRACKS):
        raise ZenError(f"expected {', '.join(TRACKS)}, found '{flags.track}'", Place("--track"))
    if not tuned:
        if flags.track in ("both", "tuned"):
            raise ZenError("nothing is tuned", Place("--track"), "leave --tune none out")
        return "defaults"
    return flags.track or "both"


def _entries(section: Compare, flags: Flags, trials: int) -> list[Entry]:
    written = named(flags.optimizers) if flags.optimizers else section.optimizers or named(",".join(USUAL))
    return entries_of(written, trials)


def _usual_seeds(experiment: Experiment) -> int:
    return SEEDS_OF_TINY if experiment.parameters <= TINY and experiment.trainer.batch_size == "full" else SEEDS


def _rope(section: Compare, flags: Flags, metric: str) -> float:
    """What does not matter: as stated, else 2 % of a loss or 0.2 points of a share."""
    usual = ROPE_OF_SHARES if goal_of(metric) == "max" else ROPE_OF_LOSSES
    typed = _typed(flags.rope, "--rope", Stats, "rope")
    return next(value for value in (typed, section.stats.rope, usual) if value is not None)


def _typed(text: str | None, flag: str, section: type, name: str) -> Any:
    """The value that a flag gives an option of the config, read as it would be there; None if it is not given."""
    if text is None:
        return None
    problems, known = Problems(), options(section)[name]
    found = convert(Scalar(Place(flag), text), known.type, known.limits, problems)
    problems.check()
    return found


def _steps(experiment: Experiment, section: Compare, flag: str | None) -> int:
    if flag:
        count, unit = flag.rstrip("epst"), flag[len(flag.rstrip("epst")) :]
        if not count.isdecimal() or unit not in ("ep", "st") or int(count) < 1:
            raise ZenError(f"expected epochs or steps, found '{flag}'", Place("--budget"), "write 20ep or 5000st")
        return int(count) if unit == "st" else steps_of(experiment, int(count))
    if section.budget is not None and section.budget.steps is not None:
        return section.budget.steps
    epochs = section.budget.epochs if section.budget else None
    return steps_of(experiment, epochs or experiment.trainer.epochs)


def _metric(experiment: Experiment, section: Compare, flags: Flags, known: Sequence[str]) -> str:
    if not known:
        raise ZenError("the losses differ and no metric is measured for all", Place("--over"), "state `metrics`")
    asked = flags.metric or section.metric or known[0]
    split, _, name = asked.rpartition(".")
    judge = judged_by(experiment)
    where = Place("--metric") if flags.metric else experiment.config.where("compare", "metric")
    if name not in known or split not in ("", judge):
        measured = ", ".join(f"{judge}.{each}" for each in known)
        raise ZenError(f"'{asked}' does not judge here{did_you_mean(name, known)}", where, f"measured: {measured}")
    return name


def _check(protocol: Protocol) -> None:
    labels: Sequence[str] = [entry.label for entry in protocol.entries]
    if len(labels) < 2:
        raise ZenError("a comparison needs two optimizers", Place("-o"), f"write -o {','.join(USUAL)}")
    if protocol.baseline is not None and protocol.baseline not in labels:
        what = f"the baseline '{protocol.baseline}' does not take part{did_you_mean(protocol.baseline, labels)}"
        raise ZenError(what, Place("--baseline"), f"labels: {', '.join(labels)}")
    if set(protocol.seeds) & set(protocol.tune_seeds):
        raise ZenError("seeds that tune would judge", Place("--seeds"), f"at most {TUNING_SEEDS} seeds can judge")
