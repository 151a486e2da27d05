"""Targets that are numbers: scaled for training, unscaled in every number that a user sees but the loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.dataset import Dataset
from zen_cli.data.encoder import blocks_of
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Data
    from zen_cli.data.columns.number import Number

Array = NDArray[Any]
NAMES = ("target.mean", "target.scale")


class TargetScale(NamedTuple):
    """y -> (y - mean) / scale, one number a column; of several nets (nets, 1, columns).

    `log`: which columns are sign(y) log(1 + |y|) before that.
    """

    mean: Array
    scale: Array
    log: Array

    def apply(self, targets: Array) -> Array:
        """As the network is to give them.

        >>> scale = TargetScale(np.array([10.0]), np.array([2.0]), np.array([False]))
        >>> scale.apply(np.array([[14.0]])).tolist(), scale.undo(np.array([[2.0]])).tolist()
        ([[2.0]], [[14.0]])
        """
        warped = np.where(self.log, np.copysign(np.log1p(np.abs(targets)), targets), targets)
        return np.asarray((warped - self.mean) / self.scale)

    def undo(self, predictions: Array) -> Array:
        """As a user reads them."""
        found = predictions * self.scale + self.mean
        return np.where(self.log, np.copysign(np.expm1(np.abs(found)), found), found) if self.log.any() else found

    def tensors(self) -> dict[str, Array]:
        return dict(zip(NAMES, (self.mean, self.scale), strict=True))


def fit_target(dataset: Dataset, rows: Array, section: Data, unbounded: bool) -> TargetScale | None:
    """The scale of the targets in the training rows; None where they stay as they are.

    Columns are scaled as stated, else as `data.scale` says of numbers: `auto` is standard for files. What does not end
    in a linear layer cannot give any number, so that only a column's own scale holds.
    """
    choices = scales(dataset, section, unbounded)
    if dataset.targets is None or all(choice == "none" for choice in choices):
        return None
    from zen_cli.data.columns.number import Number
    from zen_cli.data.facts import moments, quartiles

    fitted = []
    for column, choice in enumerate(choices):
        number = Number().with_options(scale=choice)
        assert isinstance(number, Number)
        blocks = partial(_blocks, dataset.targets[:, column : column + 1], rows, number)
        found = moments(blocks).facts(0)
        if choice == "robust":
            found = found._replace(quartiles=quartiles(np.concatenate(list(blocks()))))
        fitted.append(number.fit(found)[1:])
    mean, scale = np.array(fitted).T
    return TargetScale(mean.copy(), scale.copy(), _log(choices))


def from_tensors(dataset: Dataset, tensors: dict[str, Array], section: Data, where: Place) -> TargetScale | None:
    """The scale in the tensors of a checkpoint, which are taken out; None if there is none."""
    if NAMES[0] not in tensors or NAMES[1] not in tensors:
        return None
    mean, scale = (tensors.pop(name) for name in NAMES)
    shape = (len(dataset.schema.target),)
    if mean.shape != shape or scale.shape != shape or mean.dtype.kind != "f" or scale.dtype.kind != "f":
        raise ZenError(f"{NAMES[0]} does not fit the schema of the data", where, code=Exit.FILES)
    return TargetScale(mean, scale, _log(scales(dataset, section, True)))


def stacked(scales: Sequence[TargetScale | None]) -> TargetScale | None:
    """Of several nets side by side."""
    each = [scale for scale in scales if scale is not None]
    if not each:
        return None
    means, sizes = (np.stack(found)[:, None] for found in zip(*(scale[:2] for scale in each), strict=True))
    return TargetScale(means, sizes, each[0].log)


def _blocks(targets: Array, rows: Array, number: Number) -> Iterator[Array]:
    for block in blocks_of(targets, rows):
        yield number.warped(block)


def _log(choices: list[str]) -> Array:
    return np.array([choice == "log1p" for choice in choices])


def scales(dataset: Dataset, section: Data, unbounded: bool) -> list[str]:
    """How each target column is scaled."""
    schema = dataset.schema
    if schema.classes is not None or schema.kind == "builtin":
        return ["none"] * len(schema.target)
    usual = {"auto": "standard"}.get(section.scale, section.scale) if unbounded else "none"
    own = [getattr(column, "scale", "none") for column in schema.outputs] or [None] * len(schema.target)
    return [usual if scale is None else scale for scale in own]
