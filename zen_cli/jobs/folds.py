"""Cross-validation: each fold of the rows tests a net that the others have trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from zen_cli.data.split import Rows, fold_rows
from zen_cli.errors import ZenError
from zen_cli.experiment import Experiment
from zen_cli.training.events import INTERRUPTED, End, Event, Metrics
from zen_cli.training.rows import SPLITS, encoded
from zen_cli.training.streams import streams
from zen_cli.training.training import Training

Listener = Callable[[Iterable[Event]], Iterator[Event]]


class Fold(NamedTuple):
    """What became of the net that this fold tests: the rows of each split, its numbers on them, how it ended."""

    number: int
    rows: dict[str, int]
    measured: dict[str, Metrics]
    status: str


class Folds:
    """Trains a net for each fold, all from the same first weights; side by side those with as many rows.

    Raises:
        ZenError: rows that cannot be folded.
    """

    def __init__(self, experiment: Experiment, count: int) -> None:
        if experiment.problem is not None:
            raise ZenError(f"'{experiment.problem.name}' is a problem without rows: there is nothing to fold")
        self.experiment, self.count = experiment, count
        seed = experiment.config.seed
        section, where = experiment.config.data.split, experiment.config.where("data", "split")
        folds = fold_rows(experiment.dataset, section, count, streams(seed).split, where)
        self.groups: dict[tuple[int, ...], list[int]] = {}
        for number, rows in enumerate(folds):
            self.groups.setdefault(tuple(map(len, rows)), []).append(number)
        self.trainings = [self._training([folds[i] for i in group]) for group in self.groups.values()]

    @property
    def warnings(self) -> list[str]:
        """Of all trainings, each once."""
        return list(dict.fromkeys(warning for training in self.trainings for warning in training.warnings))

    def interrupt(self) -> None:
        for training in self.trainings:
            training.interrupt()

    def run(self, clock: Callable[[], float], listen: Listener) -> list[Fold]:
        """Trains them; fewer than all if it was interrupted."""
        found = []
        for training, group in zip(self.trainings, self.groups.values(), strict=True):
            *_, end = listen(training.events(clock))
            assert isinstance(end, End)
            found += [_fold(number, training, end, place) for place, number in enumerate(group)]
            if end.status == INTERRUPTED:
                break
        return sorted(found)

    def _training(self, folds: list[Rows]) -> Training:
        rows = [encoded(self.experiment, rows) for rows in folds]
        return Training(self.experiment, [self.experiment.config.seed] * len(folds), rows=rows)


def _fold(number: int, training: Training, end: End, place: int) -> Fold:
    """One net of a stack."""
    rows = {name: part.rows for name, part in training.rows[place].parts.items()}
    measured = {}
    for split in SPLITS:
        values = getattr(end, split)
        if values:
            measured[split] = {n: v[place] if isinstance(v, tuple) else v for n, v in values.items()}
    return Fold(number + 1, rows, measured, end.status)
