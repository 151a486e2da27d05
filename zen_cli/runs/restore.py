"""A checkpoint's numbers into a training that was made anew, if they fit it."""

from __future__ import annotations

import json
import re

import numpy as np

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.checkpoint import Checkpoint
from zen_cli.runs.fit import check_fit
from zen_cli.runs.safetensors import Tensors
from zen_cli.training.snapshot import freeze, thaw
from zen_cli.training.stateful import PREFIX
from zen_cli.training.training import Training

_MOST_LISTED = 3


def restore(training: Training, checkpoint: Checkpoint, loosely: bool) -> None:
    """Has the training stand where the checkpoint does; `loosely`, what it does not know of begins anew.

    Raises:
        ZenError: exit 3: tensors or state that do not fit, numbers that are not finite.
    """
    where = Place(str(checkpoint.path))
    wanted, _ = freeze(training, "")()
    found = _model(checkpoint.tensors)
    check_fit(found, _model(wanted), checkpoint.path, place=lambda name: _layer(training, name))
    _check_finite(checkpoint, training)
    try:
        values = json.loads(checkpoint.metadata["training"])
        thaw(training, checkpoint.tensors, values, loosely)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        what = f"the state of the training does not fit: {error}"
        hint = "it was written by another version of zen; zen train CONFIG --init-from starts anew from its weights"
        raise ZenError(what, where, hint, Exit.FILES) from error


def _model(tensors: Tensors) -> Tensors:
    """All but what only the training needs."""
    return {name: array for name, array in tensors.items() if not name.startswith(PREFIX)}


def _layer(training: Training, name: str) -> Place | None:
    """The line of the config that asks for a tensor of the model."""
    found, layers = re.match(r"model\.(\d+)\.", name), training.experiment.config.layers
    return layers[int(found[1])].place if found and int(found[1]) < len(layers) else None


def _check_finite(checkpoint: Checkpoint, training: Training) -> None:
    """Of several nets some may be lost, and the others go on."""
    lost = np.zeros(len(training.seeds), bool)
    names = []
    for name in training.state.tensors():
        array = checkpoint.tensors[name]
        bad = ~np.isfinite(array.reshape(len(lost), -1) if training.stacked else array.reshape(1, -1)).all(-1)
        lost |= bad
        names += [name] if bad.any() else []
    if lost.all():
        what = f"holds numbers that are not finite: {', '.join(names[:_MOST_LISTED])}"
        hint = "the training diverged: train anew at a lower rate"
        raise ZenError(what, Place(str(checkpoint.path)), hint, Exit.FILES)
