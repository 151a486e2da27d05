"""Bytes into lines of text as they come in, with no more than a block and a line in memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from zen_cli.data.files import damaged, refuse_other_format
from zen_cli.errors import Exit, Place, ZenError

BLOCK = 1 << 16
LONGEST_LINE = 1 << 22


def text_lines(stream: BinaryIO, file: str) -> Iterator[str]:
    """The lines with their ends (LF, CRLF or CR), decoded as UTF-8 without a byte order mark.

    Raises:
        ZenError: another format by its first bytes, not UTF-8 (byte and line are named), a line above 4 MiB.

    >>> list(text_lines(io.BytesIO(b"\\xef\\xbb\\xbfa\\r\\nb\\rc"), "x.csv"))
    ['a\\r\\n', 'b\\r', 'c']
    """
    read = getattr(stream, "read1", stream.read)  # a pipe's rows are handed on as they arrive
    decode = codecs.getincrementaldecoder("utf-8-sig")().decode
    pending, given, fed = "", 0, 0
    while True:
        block = read(BLOCK)
        if not fed:
            refuse_other_format(block, file)
        fed += len(block)
        try:
            text = pending + decode(block, not block)
        except UnicodeDecodeError as error:
            raise _not_utf8(error, pending, given, fed, file) from None
        lines = list(io.StringIO(text, newline=""))
        # A CR at the end may be half of a CRLF.
        pending = lines.pop() if block and lines and not lines[-1].endswith("\n") else ""
        if len(pending) > LONGEST_LINE:
            raise damaged("a line is longer than 4 MiB", file)
        given += len(lines)
        yield from lines
        if not block:
            return


def _not_utf8(error: UnicodeDecodeError, pending: str, given: int, fed: int, file: str) -> ZenError:
    before = pending + error.object[: error.start].decode("utf-8", "replace")
    line = given + len(before.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    offset = fed - len(error.object) + error.start
    what = f"byte 0x{error.object[error.start]:02x} at offset {offset} is not UTF-8 text"
    return ZenError(what, Place(file, line), "save the file with encoding UTF-8", Exit.FILES)
