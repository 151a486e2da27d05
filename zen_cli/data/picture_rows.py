"""New pictures for a trained model, read by the schema that it was trained with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from math import prod

import numpy as np

from zen_cli.data.block import TextBlock
from zen_cli.data.dataset import Schema
from zen_cli.data.files import damaged, kind_of
from zen_cli.data.image_folder import ENDINGS, labelled, opened, pixels_of
from zen_cli.data.rows import Rows
from zen_cli.errors import Place

MODES = {1: "L", 3: "RGB"}  # by channels
FILE = "file"  # the column that says which picture it is
MOST, BYTES = 256, 1 << 22  # pictures at a time, and bytes of their pixels


def read_pictures(source: str, schema: Schema, targets: bool, resize: bool, where: Place | None) -> Iterator[Rows]:
    """A picture, or those in a folder and below it by their paths, some at a time; `targets`: by folders of classes."""
    mode = MODES.get(schema.shape[0]) if len(schema.shape) == 3 else None
    if mode is None:
        raise damaged(f"the model expects rows of shape {schema.shape}, found pictures", source)
    folder = kind_of(source, where) == "a directory"
    known = labelled(source, schema.classes) if targets and folder and schema.classes else None
    files = [file for file, _ in known] if known is not None else _below(source) if folder else [source]
    if not files:
        raise damaged("no pictures", source, "a folder for each class, with its pictures in it" if targets else None)
    step = max(1, min(MOST, BYTES // prod(schema.shape)))
    for start in range(0, len(files), step):
        some = files[start : start + step]
        images = pixels_of(opened(some, where), some, mode, schema.shape[1:], resize=resize)
        labels = None if known is None else np.array([label for _, label in known[start : start + step]], np.int64)
        yield Rows(images, TextBlock(source, (FILE,), some, range(len(some)), start), labels, (FILE,))


def _below(folder: str) -> list[str]:
    """The pictures in a folder and its folders; as in training, what is hidden is passed over."""
    found: list[str] = []
    for place, folders, names in os.walk(folder, onerror=_refuse, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.join(place, name) for name in names if name.lower().endswith(ENDINGS)]
    return sorted(found)


def _refuse(error: OSError) -> None:
    raise damaged(f"cannot read: {error.strerror}", str(error.filename)) from None
