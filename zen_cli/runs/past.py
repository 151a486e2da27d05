"""What a run was: its config, its data, its seeds, as it left them; and the training that these make anew."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from zen_cli.config.load import load as load_config
from zen_cli.data.room import ANY, Room
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.experiment import Experiment, from_config
from zen_cli.runs.checkpoint import Checkpoint
from zen_cli.runs.directory import RunDirectory
from zen_cli.training.conditions import Condition, condition
from zen_cli.training.training import Training


class Past(NamedTuple):
    """As a checkpoint says, or the receipt where there is no checkpoint yet."""

    where: Place
    config: str
    data_sha256: str
    seeds: list[int]
    stacked: bool
    until: str | None

    def training(self, experiment: Experiment, until: Condition | None = None) -> Training:
        """At its beginning; `until` for the run's own condition."""
        goal = until or (condition(self.until) if self.until else None)
        return Training(experiment, self.seeds if self.stacked else self.seeds[0], goal)


def by_checkpoint(checkpoint: Checkpoint) -> Past:
    where, metadata = Place(str(checkpoint.path)), checkpoint.metadata
    try:
        progress = json.loads(metadata["progress"])
        facts = (metadata["config"], metadata["data_sha256"], progress["seeds"], progress["stacked"], progress["until"])
    except (KeyError, TypeError, ValueError):
        hint = "zen train CONFIG --init-from starts a new training from its weights"
        raise ZenError("this checkpoint holds no training that could go on", where, hint, Exit.FILES) from None
    return Past(where, *facts)


def by_receipt(directory: RunDirectory, receipt: Mapping[str, Any]) -> Past:
    try:
        config = directory.resolved.read_text("utf-8")
        facts = (receipt["data_sha256"], receipt["seeds"], receipt["stacked"], receipt["until"])
    except (OSError, KeyError, ValueError):
        what = "this run ended before it began"
        raise ZenError(what, Place(str(directory.path)), "train again", Exit.FILES) from None
    return Past(Place(str(directory.resolved)), config, *facts)


def experiment_of(
    directory: RunDirectory, past: Past, sets: Sequence[str] = (), unsets: Sequence[str] = (),
    stdin: BinaryIO | None = None, room: Room = ANY,
) -> Experiment:  # fmt: skip
    """As the run's own config says, with changes; what is wrong in a file of the run is the file's fault."""
    sets = [text.replace("model[", "model.layers[", 1) if text.startswith("model[") else text for text in sets]
    source = str(directory.resolved) if directory.resolved.exists() else "-"
    try:
        config = load_config(source, sets=sets, unsets=unsets, stdin=io.BytesIO(past.config.encode()))
        return from_config(config, stdin=stdin, room=room)
    except ZenError as error:
        for each in error.all():
            typed = each.where is not None and each.where.file.startswith("--")
            each.code = Exit.FILES if each.code is Exit.USAGE and not typed else each.code
        raise
