"""What a training has to remember to go on as if it had never stopped: each object says its own part of it.

Whatever changes while training goes on, and is not made again from the config, belongs to a `Stateful` object that
`Training.stateful` names. The numbers that a `State` holds (weights, slots) are saved under names of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, Any]
PREFIX = "training."  # of tensors that only a training needs: a model does without them


class Stateful(Protocol):
    """`saved` gives arrays, and plain values that JSON can hold, by name; `restore` takes the same back.

    Arrays may be the object's own: they are copied. A number that may be NaN or infinite has to be an array.
    """

    def saved(self) -> dict[str, Any]: ...

    def restore(self, saved: Mapping[str, Any]) -> None: ...


def collect(objects: Mapping[str, Stateful]) -> tuple[dict[str, Array], dict[str, dict[str, Any]]]:
    """The state of this moment: copies of the arrays as `training.<object>.<name>`, and the plain values by object."""
    tensors: dict[str, Array] = {}
    values: dict[str, dict[str, Any]] = {}
    for name, each in objects.items():
        values[name] = {}
        for key, value in each.saved().items():
            if isinstance(value, np.ndarray):
                tensors[f"{PREFIX}{name}.{key}"] = value.copy()
            else:
                values[name][key] = value
    return tensors, values


def give_back(
    objects: Mapping[str, Stateful], tensors: Mapping[str, Array], values: Mapping[str, Mapping[str, Any]]
) -> None:
    """Has every object take back what `collect` gave.

    Raises:
        LookupError: an object's state is not among them, or they hold more than that.
    """
    if values.keys() != objects.keys():
        raise LookupError(", ".join(sorted(values.keys() ^ objects.keys())))
    for name, each in objects.items():
        start = f"{PREFIX}{name}."
        arrays = {key.removeprefix(start): array for key, array in tensors.items() if key.startswith(start)}
        each.restore({**values[name], **arrays})
