"""Folders of pictures: DIR/CLASS/*.png, or DIR/train/CLASS/... with DIR/validation and DIR/test beside it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.dataset import PIXEL, Dataset, Schema
from zen_cli.data.files import damaged
from zen_cli.data.request import Request
from zen_cli.errors import Place, ZenError

Array = NDArray[Any]
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm")
PARTS = ("train", "validation", "test")
GRAY = ("1", "L")  # modes of pictures with one channel; what is none of them is read as red, green and blue
MOST_PIXELS = 1 << 26  # of a picture: more is a mistake, or meant to do harm


def is_image_folder(path: str) -> bool:
    """Whether a folder holds folders, and pictures below them."""
    return any(_pictures(folder) for _, folder in _classes(path)) or os.path.isdir(os.path.join(path, "train"))


def read_image_folder(path: str, request: Request) -> Dataset:
    """Pictures as uint8 (rows, channels, height, width), their classes by the names of their folders, in order.

    All must have one size, unless `data.image_size` says to which size they are brought. They are gray where all are,
    else red, green and blue.

    Raises:
        ZenError: no pictures, one that is damaged or of another size, other classes in a part; exit 2: no Pillow.
    """
    request.refuse_columns("a folder of pictures")
    parts = [part for part in PARTS if os.path.isdir(os.path.join(path, part))]
    split = "train" in parts
    folders = {part: os.path.join(path, part) for part in parts} if split else {"train": path}
    names = tuple(name for name, folder in _classes(folders["train"]) if _pictures(folder))
    if len(names) < 2:
        raise damaged("a single class", path, "a folder for each class, with its pictures in it")
    files = {part: labelled(folder, names) for part, folder in folders.items()}
    order = [(file, label) for part in PARTS for file, label in files.get(part, ())]
    images = _read([file for file, _ in order], request)
    labels = np.array([label for _, label in order], np.int64)
    schema = Schema("image", (), images.shape[1:], ("label",), names, divisor=PIXEL)
    test, validation = (len(files.get(part, ())) for part in ("test", "validation"))
    return Dataset(images, labels, schema, path, test, validation)


def _classes(path: str) -> list[tuple[str, str]]:
    inside = sorted(name for name in os.listdir(path) if not name.startswith("."))
    return [(name, os.path.join(path, name)) for name in inside if os.path.isdir(os.path.join(path, name))]


def _pictures(folder: str) -> list[str]:
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.lower().endswith(ENDINGS))


def labelled(path: str, names: tuple[str, ...]) -> list[tuple[str, int]]:
    """The pictures in the folders of these classes, with their labels; a ZenError for a class that is none of them."""
    folders = _classes(path)
    unknown = [name for name, folder in folders if name not in names and _pictures(folder)]
    if unknown:
        raise damaged(f"class '{unknown[0]}' is not among the training pictures", path, f"classes: {', '.join(names)}")
    return [(file, names.index(name)) for name, folder in folders if name in names for file in _pictures(folder)]


def _read(files: list[str], request: Request) -> Array:
    size = request.section.image_size
    pictures = [*opened(files, request.place("source"))]
    mode = "L" if all(picture.mode in GRAY for picture in pictures) else "RGB"
    return pixels_of(pictures, files, mode, size or pictures[0].size[::-1], resize=size is not None)


def opened(files: Iterable[str], where: Place | None) -> Iterator[Any]:
    """Pictures one by one.

    Raises:
        ZenError: one is damaged or huge; exit 2: no Pillow.
    """
    pillow = _pillow(where)
    return (_opened(file, pillow) for file in files)


def pixels_of(pictures: Iterable[Any], files: Sequence[str], mode: str, size: Sequence[int], *, resize: bool) -> Array:
    """Pictures as uint8 (rows, channels, height, width), in gray (`L`) or `RGB`, of the size (height, width).

    Raises:
        ZenError: one has color where gray is expected, or another size and is not to be resized.
    """
    images: Array = np.empty((len(files), *size, len(mode)), np.uint8)
    for picture, file, place in zip(pictures, files, images, strict=True):
        if picture.size[::-1] != tuple(size) and not resize:
            found, wanted = (f"{height} x {width}" for height, width in (picture.size[::-1], size))
            hint = f"data.image_size: [{size[0]}, {size[1]}] brings all pictures to one size"
            raise damaged(f"a picture of {found} pixels, expected {wanted}", file, hint)
        if mode == "L" and picture.mode not in GRAY:
            raise damaged("a picture in color, expected gray", file, "the model has seen gray pictures only")
        place[...] = _pixels(picture, mode, size)
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2))


def _opened(file: str, pillow: Any) -> Any:
    """The picture with its head read; its pixels come later."""
    try:
        with pillow.open(file) as picture:
            if picture.size[0] * picture.size[1] > MOST_PIXELS:
                raise damaged(f"a picture of {picture.size[0]} x {picture.size[1]} pixels, refused", file)
            return picture.copy()
    except (OSError, ValueError, SyntaxError) as error:
        raise damaged(f"no picture, or damaged: {error}", file) from None


def _pixels(picture: Any, mode: str, size: Sequence[int]) -> Array:
    if picture.size[::-1] != tuple(size):
        picture = picture.convert(mode).resize(size[::-1])
    pixels: Array = np.asarray(picture.convert(mode), np.uint8)
    return pixels.reshape(*size, len(mode))


def _pillow(where: Place | None) -> Any:
    try:
        pillow = import_module("PIL.Image")
    except ImportError:
        what = "reading pictures needs Pillow, which is not installed"
        raise ZenError(what, where, "pip install 'zen-train[images]'") from None
    vars(pillow)["MAX_IMAGE_PIXELS"] = None  # what is too large is refused by MOST_PIXELS
    return pillow
