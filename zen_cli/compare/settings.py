"""From a config and the command line to a frozen protocol."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from zen_cli.compare.aims import judge_of, metrics_of, stated_success, targets_of
from zen_cli.compare.budgets import length_of
from zen_cli.compare.entries import USUAL, Entry, entries_of, named
from zen_cli.compare.flags import Flags, typed
from zen_cli.compare.over import common, one_loss
from zen_cli.compare.protocol import TUNING_SEEDS, Protocol, rope_of
from zen_cli.compare.refusals import refuse_unfair
from zen_cli.compare.search import NONE, Search, dimensions_of
from zen_cli.config.comparison import Compare, Stats, Tune, ranges_of
from zen_cli.config.component import build
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.experiment import Experiment
from zen_cli.jobs.nets import train_rows
from zen_cli.suggest import did_you_mean

TRACKS = ("both", "defaults", "tuned")
TINY, SEEDS, SEEDS_OF_TINY = 1000, 10, 50


def protocol_of(experiment: Experiment, flags: Flags, over: Sequence[Entry] = ()) -> Protocol:
    """The protocol for this experiment; `over` takes the place of optimizers, each with an experiment of its own.

    Raises:
        ZenError: unknown optimizers, metrics or labels; a budget that cannot be read.
    """
    section = experiment.config.compare
    experiment = _shared(experiment, section)
    search = _search(experiment, flags)
    entries = _entries(section, flags, over, search)
    same, measured = one_loss(entries), common(experiment, entries)
    first, count = section.seeds.base, flags.seeds or section.seeds.eval or _usual_seeds(experiment)
    most = _most_seeds(flags, section, count)
    judges, aims = metrics_of(experiment, flags, measured), targets_of(experiment, flags, measured)
    protocol = Protocol(
        experiment, tuple(entries), length_of(flags.budget, section.budget, experiment),
        rows=train_rows(experiment, first), metric=judges[0], also=judges[1:],
        tune_seeds=tuple(range(TUNING_SEEDS + first, TUNING_SEEDS + first + (flags.tune_seeds or section.seeds.tune))),
        seeds=tuple(range(first, first + count)), more=tuple(range(first + count, first + most)),
        looks=(count, most) if most > count else (), search=search,
        extend=section.tune.extend if search.what != NONE else 0,
        alpha=typed(flags.alpha, "--alpha", Stats, "alpha") or section.stats.alpha,
        rope=_rope(section, flags, judges[0]),
        baseline=flags.baseline or section.baseline, success=aims[-1] if aims else stated_success(experiment, measured),
        targets=aims, one_loss=same, track=_track(search, flags), every=judge_of(experiment).every,
        split_of=first if section.pairing.split == "fixed" else None, timing=section.timing,
    )  # fmt: skip
    _check(protocol)
    refuse_unfair(protocol.card(), flags.allow_unequal or section.allow_unequal)
    return protocol


def _shared(experiment: Experiment, section: Compare) -> Experiment:
    """With the schedule and the order of rows that all share, where the section states them in place of the config."""
    if section.pairing.shuffle is not None:
        config = copy.copy(experiment.config)
        config.trainer = copy.copy(config.trainer)
        config.trainer.shuffle = section.pairing.shuffle
        experiment = experiment._replace(config=config)
    if section.shared_schedule is None:
        return experiment
    from zen_cli.nn.schedulers import schedulers

    problems, none = Problems(), section.shared_schedule.type == NONE
    found = None if none else build(section.shared_schedule, schedulers, problems)
    problems.check()
    return experiment._replace(scheduler=found)


def _search(experiment: Experiment, flags: Flags) -> Search:
    """How hyperparameters are sought; what the command line says goes before the config."""
    section = experiment.config.compare.tune
    stated = "none" if flags.track == "defaults" else section.what
    what = typed(flags.tune, "--tune", Tune, "what") or stated
    if what == NONE:
        if flags.trials:
            raise ZenError("nothing is tuned, so there are no trials", Place("--trials"), "leave one of the two out")
        return Search(NONE, None, 1)
    method = typed(flags.tuner, "--tuner", Tune, "method") or section.method
    try:
        space = ranges_of(section.space)
    except ZenError as error:
        raise ZenError(error.what, experiment.config.where("compare", "tune", "space"), error.hint) from error
    return Search(what, method, flags.trials or section.trials, space)


def _entries(section: Compare, flags: Flags, over: Sequence[Entry], search: Search) -> list[Entry]:
    """Who takes part, each with the settings that are to be tried."""
    if over:
        found = [entry._replace(dimensions=dimensions_of(entry.optimizer, search, {})) for entry in over]
    else:
        written = named(flags.optimizers) if flags.optimizers else section.optimizers or named(",".join(USUAL))
        found = entries_of(written, search)
    if search.what == NONE:
        return [entry.untuned() for entry in found]
    unknown = [name for name in search.space if not any(name == it.name for each in found for it in each.dimensions)]
    if unknown:
        raise ZenError(f"nobody who takes part has a number '{unknown[0]}'", Place("compare.tune.space"))
    method = search.method_for(entry.dimensions for entry in found)
    return [entry.tuned_by(search, method) for entry in found]


def _track(search: Search, flags: Flags) -> str:
    """What is judged: optimizers tuned, at their own rates, or both."""
    if flags.track not in (None, *TRACKS):
        raise ZenError(f"expected {', '.join(TRACKS)}, found '{flags.track}'", Place("--track"))
    if search.what == NONE:
        if flags.track in ("both", "tuned"):
            raise ZenError("nothing is tuned", Place("--track"), "leave --tune none out")
        return "defaults"
    return flags.track or "both"


def _most_seeds(flags: Flags, section: Compare, count: int) -> int:
    """How many seeds judge at most: two looks where that is more than at first."""
    most = flags.max_seeds or section.seeds.max
    if most is not None and most <= count:
        where = Place("--max-seeds") if flags.max_seeds else Place("compare.seeds.max")
        raise ZenError(f"expected more than the {count} seeds of the first look, found {most}", where)
    return most or count


def _usual_seeds(experiment: Experiment) -> int:
    return SEEDS_OF_TINY if experiment.parameters <= TINY and experiment.trainer.batch_size == "full" else SEEDS


def _rope(section: Compare, flags: Flags, metric: str) -> float:
    """What does not matter: as stated, else what usually does not."""
    said = typed(flags.rope, "--rope", Stats, "rope")
    return next(value for value in (said, section.stats.rope, rope_of(metric)) if value is not None)


def _check(protocol: Protocol) -> None:
    labels: Sequence[str] = [entry.label for entry in protocol.entries]
    if len(labels) < 2:
        raise ZenError("a comparison needs two optimizers", Place("-o"), f"write -o {','.join(USUAL)}")
    if protocol.baseline is not None and protocol.baseline not in labels:
        what = f"the baseline '{protocol.baseline}' does not take part{did_you_mean(protocol.baseline, labels)}"
        raise ZenError(what, Place("--baseline"), f"labels: {', '.join(labels)}")
