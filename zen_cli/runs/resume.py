"""A run that is to go on: from which checkpoint, with which options, and whether that keeps its promise."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from zen_cli.config.load import load as load_config
from zen_cli.data.room import ANY, Room
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.experiment import Experiment, from_config
from zen_cli.resolved import resolved
from zen_cli.runs.changes import Changes, binding, changes, listed
from zen_cli.runs.checkpoint import Checkpoint, load
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.metrics_file import UNLISTED, read
from zen_cli.runs.newest import epoch_of, has_checkpoints, newest_checkpoint
from zen_cli.runs.past import Past, by_checkpoint, by_receipt, experiment_of
from zen_cli.runs.restore import restore
from zen_cli.training.conditions import Condition
from zen_cli.training.events import COMPLETED, STOPPED_EARLY
from zen_cli.training.memory import require
from zen_cli.training.training import Training

CONFIG_FLAG, DATA_FLAG = "--allow-config-change", "--allow-data-change"


class Wishes(NamedTuple):
    """What is to be different from now on, and what of it may break the promise."""

    sets: list[str] = []
    unsets: list[str] = []
    until: Condition | None = None
    threads: int = 1
    config_change: bool = False
    data_change: bool = False


class Resumed(NamedTuple):
    """A training that stands where its checkpoint does; without one, at its beginning."""

    training: Training
    checkpoint: Checkpoint | None
    changed: Changes
    receipt: dict[str, Any]
    warnings: list[str]

    @property
    def unlisted(self) -> str:
        """An event that could not be written when the checkpoint was."""
        return self.checkpoint.metadata.get(UNLISTED, "") if self.checkpoint else ""


def resumed(
    directory: RunDirectory, named: Path | None, wishes: Wishes, *, stdin: BinaryIO | None = None,
    room: Room = ANY,
) -> Resumed:  # fmt: skip
    """The training of the run, from its newest sound checkpoint or from the `named` one. Nothing is written.

    Raises:
        ZenError: exit 3: no sound checkpoint, tensors that do not fit, changes that give other numbers than a run
            that never stopped; exit 2: a wish that cannot be read, too little memory.
    """
    checkpoint, warnings = _checkpoint(directory, named)
    receipt = _receipt(directory, checkpoint, warnings)
    past = by_checkpoint(checkpoint) if checkpoint else by_receipt(directory, receipt)
    experiment = experiment_of(directory, past, wishes.sets, wishes.unsets, stdin, room)
    require(experiment, room.memory, len(past.seeds))
    known = receipt.get("resumed") or [{}]
    _check_data(experiment, past, known[-1], wishes)
    before = from_config(load_config("-", stdin=io.BytesIO(past.config.encode())), experiment.dataset)
    found = changes(resolved(before), resolved(experiment))
    if receipt.get("threads", wishes.threads) != wishes.threads:
        found["--threads"] = [receipt["threads"], wishes.threads]
    training = past.training(experiment, wishes.until)
    _check_config(found, past, known[-1], wishes)
    if checkpoint:
        restore(training, checkpoint, loosely=bool(binding(found)))
        _check_config(_rescheduled(before, training), past, known[-1], wishes)
        warnings += _begun_again(training, found, past) + _best_lost(training, directory)
    found |= _rescheduled(before, training)
    return Resumed(training, checkpoint, found, receipt, warnings)


def settled(directory: RunDirectory, receipt: Mapping[str, Any]) -> bool:
    """Whether all that is said of a finished training has been written."""
    events = read(directory.metrics).events
    ended = bool(events) and events[-1]["event"] == "end"
    return ended and receipt.get("status") in (COMPLETED, STOPPED_EARLY)


def _checkpoint(directory: RunDirectory, named: Path | None) -> tuple[Checkpoint | None, list[str]]:
    if named is not None:
        return load(named), []
    if has_checkpoints(directory):
        return newest_checkpoint(directory)
    return None, ["no checkpoint was saved before the run ended: it begins again"]


def _receipt(directory: RunDirectory, checkpoint: Checkpoint | None, warnings: list[str]) -> dict[str, Any]:
    try:
        return directory.read_receipt()
    except ZenError as error:
        if checkpoint is None:
            what = "this run ended before it began"
            raise ZenError(what, Place(str(directory.path)), "train again", Exit.FILES) from error
        warnings.append(f"{error}: a new one is written")
        return {}


def _check_data(experiment: Experiment, past: Past, known: Mapping[str, Any], wishes: Wishes) -> None:
    found = experiment.dataset.sha256
    if found in (past.data_sha256, known.get("data_sha256")) or wishes.data_change:
        return
    what = f"the data has changed since the checkpoint: sha256 {found[:9]}, was {past.data_sha256[:9]}"
    hint = f"{DATA_FLAG} goes on with it, and says so in run.json"
    raise ZenError(what, Place(experiment.dataset.origin), hint, Exit.FILES)


def _check_config(found: Changes, past: Past, known: Mapping[str, Any], wishes: Wishes) -> None:
    accepted = known.get("changes") or {}
    refused = {key: values for key, values in binding(found).items() if accepted.get(key, [None])[-1] != values[-1]}
    if refused and not wishes.config_change:
        what = f"goes on with other options than it was trained with: {listed(refused)}"
        hint = f"{CONFIG_FLAG} does it, and says so in run.json; zen train CONFIG --init-from starts from its weights"
        raise ZenError(what, past.where, hint, Exit.FILES)


def _rescheduled(before: Experiment, training: Training) -> Changes:
    """Another number of epochs, where what stretches over them would have gone otherwise in steps already taken."""
    old, new = before.trainer.epochs, training.experiment.trainer.epochs
    then, now = training.rates_for(1.0, old * training.feed.batches).factor, training.rates.factor
    changed, over = [], [f"over {old} epochs", f"over {new} epochs"]
    if then is not None and now is not None and any(then(t) != now(t) for t in range(training.step)):
        changed.append("scheduler")
    if training.average is not None and training.average.swa:
        begun = {training.average.begins(epochs * training.feed.batches) or 0 for epochs in (old, new)}
        changed += ["trainer.average"] if len(begun) > 1 and min(begun) <= training.step else []
    return dict.fromkeys(changed, over)


def _begun_again(training: Training, found: Changes, past: Past) -> list[str]:
    """The epoch under way begins again where its batches are no longer those that it began with."""
    same = training.experiment.dataset.sha256 == past.data_sha256
    if not training.steps.done or (same and not {"trainer.batch_size", "trainer.shuffle", "seed"} & found.keys()):
        return []
    training.steps.clear()
    return [f"epoch {training.epoch + 1} begins again, with other batches"]


def _best_lost(training: Training, directory: RunDirectory) -> list[str]:
    """Whether the checkpoint of the best epoch is older than the training knows, or gone."""
    epoch = training.best.epoch
    return [f"{directory.best} is no longer that of epoch {epoch}"] if (epoch_of(directory.best) or 0) < epoch else []
