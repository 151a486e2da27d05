"""Texts as rows of characters: one long text cut into rows, or several short ones, a row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.config.sequences import Text
from zen_cli.data.dataset import Dataset, Keys, Schema
from zen_cli.data.files import STDIN, open_data, standard_input
from zen_cli.data.lines import text_blocks
from zen_cli.data.parts import in_order
from zen_cli.data.request import Request
from zen_cli.data.symbols import Symbols, at, continued, windows
from zen_cli.data.unpack import unpacked
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
CONTEXT = 64
Files = Mapping[str, list[str]]


class Line(NamedTuple):
    """A text and where it stands."""

    text: str
    place: Place


def read_text(files: Files, request: Request, stdin: BinaryIO | None = None) -> Dataset:
    """The rows of a text: the last part tests, the one before it validates, as `split` says in characters; or of its
    lines, which are split like any rows. Each character's target is the next one.

    `files` by option: source, then validation and test where lines have files of their own.

    Raises:
        ZenError: it cannot be read, is empty, or too short for a row in each part.
    """
    options = request.section.text
    assert options is not None
    request.refuse_columns("a text", own_files=options.lines)
    if options.lines:
        parts = [[*lines_of(paths, request, stdin)] for paths in files.values()]
        return several(parts, options, files["source"][0])
    return _one(_whole(files["source"], request, stdin), options, files["source"][0], request)


def several(parts: list[list[Line]], options: Text, origin: str) -> Dataset:
    """A row for each of several texts: of training, validation and test."""
    lines = [line for part in parts for line in part]
    symbols = Symbols.of([line.text for line in lines], several=True)
    if not lines or len(symbols.names) == 2:
        raise ZenError("no text in it", Place(origin), code=Exit.FILES)
    context = options.context or max(len(line.text) for line in lines) + 1
    rows, targets = continued(encoded(lines, symbols), context)
    notes = cut_note(lines, context - 1)
    features = (options.column,) if options.column else ()
    schema = Schema("text", features, (context,), (), symbols.names, symbols=symbols.names)
    own = [len(part) for part in parts[1:]] + [0, 0]
    return Dataset(rows, targets, schema, origin, own_validation=own[0], own_test=own[1], notes=notes)


def encoded(lines: list[Line], symbols: Symbols) -> list[Array]:
    """The numbers of each text."""
    return [symbols.encode(line.text, at(line.place)) for line in lines]


def cut_note(lines: list[Line], longest: int) -> tuple[str, ...]:
    cut = sum(len(line.text) > longest for line in lines)
    return (f"{cut} of {len(lines)} texts are longer than {longest} characters and are cut",) if cut else ()


def _one(text: str, options: Text, origin: str, request: Request) -> Dataset:
    symbols, context = Symbols.of([text], several=False), options.context or CONTEXT
    if len(symbols.names) < 2:
        found = f"only the character {symbols.names[0]!r}" if symbols.names else "nothing"
        raise ZenError(f"{found} in it", Place(origin), code=Exit.FILES)
    codes = symbols.encode(text, at(Place(origin)))
    least = (context + 1, context + 1)
    pieces = in_order(len(codes), request, "characters", least, f"data.text.context is {context}")
    strides = (options.stride or context, context, context)  # what is measured is measured once
    cut = [windows(codes[piece], context, stride) for piece, stride in zip(pieces, strides, strict=True)]
    rows, targets = (np.concatenate(each) for each in zip(*cut, strict=True))
    part = np.repeat(np.arange(3), [len(found) for found, _ in cut])
    schema = Schema("text", (), (context,), (), symbols.names, symbols=symbols.names)
    return Dataset(rows, targets, schema, origin, keys=Keys(part=part))


# --- files ----------------------------------------------------------------------------------------
def _whole(paths: list[str], request: Request, stdin: BinaryIO | None) -> str:
    """The files one after another, with lines that end in LF."""
    return "".join(block for path in paths for block in _text_in(path, request, stdin))


def _text_in(path: str, request: Request, stdin: BinaryIO | None) -> Iterator[str]:
    return text_of(path, request.dialect.encoding, stdin, request.place("source"))


def text_of(path: str, encoding: str, stdin: BinaryIO | None, where: Place | None) -> Iterator[str]:
    """The text of a file, packed or not, or of `stdin` if it is `-`, block by block, its lines ended by LF."""
    stream: Any = standard_input(stdin, where) if path == "-" else open_data(path, where)
    with stream:
        content = stream if path == "-" else unpacked(stream, path)
        for block in text_blocks(content, STDIN if path == "-" else path, encoding):
            yield block.replace("\r\n", "\n").replace("\r", "\n")


def lines_of(paths: list[str], request: Request, stdin: BinaryIO | None = None) -> Iterator[Line]:
    """Every line of the files that holds something."""
    for path in paths:
        yield from lines_of_text(path, _text_in(path, request, stdin))


def lines_of_text(path: str, blocks: Iterator[str]) -> Iterator[Line]:
    """Every line of a text that holds something."""
    lines = (line for block in blocks for line in block.removesuffix("\n").split("\n"))
    for number, text in enumerate(lines, start=1):
        if text.strip():
            yield Line(text, Place(STDIN if path == "-" else path, number))
