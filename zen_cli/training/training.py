"""The training loop: a generator of events. Between two events everything is at rest, so whoever listens may save."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zen_cli.data.batches import batch_size
from zen_cli.data.target import TargetScale, stacked
from zen_cli.experiment import Experiment
from zen_cli.training import events
from zen_cli.training.clipped import ClippedSteps
from zen_cli.training.conditions import Condition, values_of
from zen_cli.training.early_stopping import EarlyStop
from zen_cli.training.epoch_steps import EpochSteps
from zen_cli.training.evaluation import Evaluation
from zen_cli.training.events import End, Epoch, Event, Metrics, Rest, Start, Value
from zen_cli.training.feed import Feed, feed_of
from zen_cli.training.lost.good import LastGood
from zen_cli.training.lost.seen import what_is_lost
from zen_cli.training.measured import check
from zen_cli.training.notes import notes
from zen_cli.training.part import Part
from zen_cli.training.progress import Best
from zen_cli.training.rates import Rates
from zen_cli.training.rows import SPLITS, SeedRows, constants_of, rows_of_each
from zen_cli.training.stateful import Stateful
from zen_cli.training.steps import Steps
from zen_cli.training.streams import Noise, Running, streams

if TYPE_CHECKING:
    from zen_cli.training.averaging import WeightAverage

Array = np.ndarray[Any, Any]
COURSE = ("epoch", "step", "status", "message", "reached")  # how far a training has come


class Training:
    """One net, or a stack of nets from several seeds, about to be trained.

    `events(clock)` trains; `interrupt()` has it end after the current step. With a sequence of `seeds` every number
    in the events is a tuple, and each net comes out bit for bit as if it had been trained alone; a single seed
    stands in for the config's. `rows`: those of each seed, where they are not to be split by the seed.
    """

    def __init__(
        self, experiment: Experiment, seeds: Sequence[int] | int | None = None, until: Condition | None = None,
        rows: Sequence[SeedRows] | None = None,
    ) -> None:  # fmt: skip
        check(experiment, until)
        self.experiment, self.until = experiment, until
        self.stacked = isinstance(seeds, Sequence)
        self.seeds = _listed(experiment.config.seed if seeds is None else seeds)
        self.streams = [streams(seed) for seed in self.seeds]
        self.rows = rows or rows_of_each(experiment, self.seeds, [stream.split for stream in self.streams])
        replicas = len(self.seeds) if self.stacked else None
        trainer = experiment.trainer
        self.state = experiment.new_state(replicas, (trainer.average.ema or 0.0) if trainer.average else None)
        self.state.draw([stream.init for stream in self.streams])
        self.constants = constants_of(experiment, self.rows, self.stacked)
        self.evaluation = Evaluation(experiment, self.state, self.constants, self._target_scale())
        size, warning = batch_size(experiment.trainer.batch_size, self.rows[0].parts["train"].rows)
        self.warnings = [*experiment.config.problems.notes, *self.rows[0].warnings, *([warning] if warning else [])]
        if trainer.accumulate > 1 and size == self.rows[0].parts["train"].rows:
            self.warnings.append("trainer.accumulate changes nothing: every step has all rows already")
        self.batch_size, self.feed = size, self._feed(size)
        self.steps, self.running = EpochSteps(self.feed, replicas), Running(self.streams)
        self.epoch = self.step = 0
        self.seconds = 0.0  # of training before this process; a checkpoint, the same whenever it is made, has no time
        self.status, self.message = events.COMPLETED, ""
        self.interrupted = self.reached = False  # asked to stop; `until` holds
        self.run: str | None = None  # where it is recorded
        self.best = Best(self._monitored())
        self.rates = self.rates_for(experiment.optimizer.lr, experiment.trainer.epochs * self.feed.batches)
        section = experiment.trainer.early_stopping
        self.early_stop = EarlyStop(section, self.best.monitor, self.state) if section else None
        self.clipped = ClippedSteps(self.state.clipped) if experiment.trainer.clip else None
        self.average = self._average() if trainer.average else None

    def _feed(self, size: int) -> Feed:
        parts = self._parts("train")
        self.noise = Noise([stream.noise for stream in self.streams], self.stacked)
        alike = not parts[0].streamed and all(part is parts[0] for part in parts)
        changing = [stream.augmentation for stream in self.streams]
        compiled = Steps(self.experiment, self.state, parts[0], self.constants, self.noise, changing, alike).compiled
        return feed_of(parts, size, self.experiment.config, [stream.order for stream in self.streams], compiled)

    def _target_scale(self) -> TargetScale | None:
        each = [rows.target_scale for rows in self.rows]
        return stacked(each) if self.stacked else each[0]

    def rates_for(self, lr: Any, steps: int) -> Rates:
        """The rates of so many steps, from one for all nets or an array with one for each."""
        nets = len(self.seeds) if self.stacked else None
        return Rates(self.experiment, lr, steps, self.feed.batches, self.best.monitor, nets)

    def _average(self) -> WeightAverage:
        from zen_cli.training.averaging import WeightAverage  # not at the top: few trainings average, all of them start

        raw = Evaluation(self.experiment, self.state, self.constants, self._target_scale(), "parameters")
        return WeightAverage(self.experiment.trainer, self.state, self.feed.batches, raw)

    def _parts(self, name: str) -> list[Part]:
        return [rows.parts[name] for rows in self.rows if name in rows.parts]

    def _sampled(self, split: str) -> list[Part]:
        """What is measured of a split."""
        return [part.sampled() for part in self._parts(split)]

    def _monitored(self) -> str:
        split = "validation" if self._parts("validation") else "train"
        return self.experiment.trainer.monitor or f"{split}.loss"

    def interrupt(self) -> None:
        """Ends the training after the current step."""
        self.interrupted = True
        self.rest()

    def rest(self) -> None:
        """Asks for a `Rest` after the current step; one that ends an epoch has its `Epoch`."""
        self.steps.ask()

    # --- the loop ---------------------------------------------------------------------------------
    def events(self, clock: Callable[[], float]) -> Iterator[Event]:
        """Start, an Epoch after each epoch, End; a Rest where one was asked for, and before the End."""
        begun = clock() - self.seconds
        yield self.start()
        good = LastGood(self)
        while not self.finished and not self.interrupted:
            good.note(clock)
            with np.errstate(all="ignore"):
                self.step = self.steps.run(self.step, self.rates)
            if self.steps.complete and not self.interrupted or self.steps.lost:
                yield from self.close_epoch(clock() - begun)
            elif not self.interrupted:
                share, loss = self.steps.done / self.feed.batches, self.steps.metrics()["loss"]
                yield Rest(self.epoch, self.step, urgent=False, share=share, loss=loss)
        if self.status == events.DIVERGED:
            self._find_lost(good)
        else:
            yield Rest(self.epoch, self.step, urgent=True)
        yield self._end(clock() - begun)

    @property
    def finished(self) -> bool:
        """Whether no epoch is left, or something has ended the training for good."""
        return self.status != events.COMPLETED or self.epoch >= self.experiment.trainer.epochs

    def close_epoch(self, seconds: float) -> Iterator[Epoch]:
        """Measures and judges the epoch whose steps are taken: all is decided when its event comes."""
        train = self.steps.metrics()
        if self.early_stop is not None:
            train = self.early_stop.hold(train)
        lost = what_is_lost(self.state, train["loss"])
        self.epoch += 1
        self.steps.clear()
        if lost:
            self.status, self.message = events.DIVERGED, f"{lost} in epoch {self.epoch}, step {self.step}"
            return
        if self.average is not None:
            self.average.see(self.step)
        measured = {"train": train, "validation": self.measure("validation")}
        self.best.note(self.epoch, values_of(measured, self.best.monitor))
        self._judge(measured)
        lr = self.rates.shown(self.step)
        self.rates.see(measured)
        clipped = self.clipped.share(self.feed.batches) if self.clipped else None
        train, validation, taken = measured["train"], measured["validation"], self._evaluations()
        raw = self.average.measure_raw(self._sampled("validation")) if self.average else {}
        yield Epoch(self.epoch, self.step, lr, seconds, train, validation, clipped, taken, raw)

    def _evaluations(self) -> Value | None:
        """Of the gradient, so far; None where it is one a step."""
        counted, each = self.state.vectors.get("optimizer.evaluations"), self.experiment.optimizer.evaluations
        if counted is None:
            return self.step * each if each > 1 else None
        return tuple(map(int, counted.tolist())) if self.stacked else int(counted)

    def _find_lost(self, good: LastGood) -> None:
        """Says more precisely where it went wrong, by taking the last steps again."""
        from zen_cli.training.lost.told import where_lost

        found = where_lost(self, good)
        if found:
            self.message = f"{self.message.partition(' in epoch ')[0]} {found}"

    def _judge(self, measured: dict[str, Metrics]) -> None:
        """Whether this epoch is the last, and why."""
        if self.early_stop is not None:
            self.early_stop.see(self.epoch, measured)
        if self.until is not None and self.until.fulfilled(measured):
            self.status, self.message, self.reached = events.STOPPED_EARLY, f"{self.until} holds", True
        elif self.early_stop is not None and self.early_stop.exhausted:
            self.status, self.message = events.STOPPED_EARLY, str(self.early_stop)

    def start(self) -> Start:
        parts = self.rows[0].parts
        rows = {name: parts[name].rows for name in SPLITS if name in parts}
        it, replicas = self.experiment, len(self.seeds)
        return Start(it.config.name, it.trainer.epochs, self.batch_size, rows, it.parameters, replicas, self.run)

    def first_loss(self) -> float:
        """Takes one step and gives the loss before it: for checks, not to be trained on."""
        with np.errstate(all="ignore"):
            segment = next(iter(self.feed.epoch()))
            segment.load(0)
            segment.step.run(1, self.rates.after(0))
        return float(segment.step.loss)

    def measure(self, split: str) -> Metrics:
        """Loss and metrics on a split with the weights as they are; empty if there is no such split."""
        parts = self._sampled(split)
        return self.evaluation.measure(parts) if parts else {}

    def _end(self, seconds: float) -> End:
        train, validation, test = (self.measure(split) for split in SPLITS)
        best = self.best.as_dict()
        status = self.status if self.finished else events.INTERRUPTED
        told = notes(self, status, {"train": train, "validation": validation, "test": test})
        return End(status, self.epoch, self.step, seconds, train, validation, test, best, self.run, self.message, told)

    # --- what goes into a checkpoint ------------------------------------------------------------------
    def stateful(self) -> dict[str, Stateful]:
        """All that changes while training goes on, beside the numbers of `state`."""
        always: dict[str, Stateful] = {
            "course": self, "epoch": self.steps, "streams": self.running, "rates": self.rates, "best": self.best,
        }  # fmt: skip
        sometimes = {"early_stopping": self.early_stop, "clipped": self.clipped, "average": self.average}
        return always | {name: each for name, each in sometimes.items() if each is not None}

    def saved(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COURSE}

    def restore(self, saved: Mapping[str, Any]) -> None:
        for name in COURSE:
            setattr(self, name, saved[name])


def _listed(seeds: Sequence[int] | int) -> list[int]:
    return list(seeds) if isinstance(seeds, Sequence) else [seeds]
