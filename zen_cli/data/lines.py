"""Bytes into text as they come in, cut at the ends of lines, with no more than a block and a line in memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from zen_cli.data.files import damaged, refuse_other_format
from zen_cli.errors import Exit, Place, ZenError

BLOCK = 1 << 18
LONGEST_LINE = 1 << 22


def text_blocks(stream: BinaryIO, file: str, encoding: str = "utf-8") -> Iterator[str]:
    """Whole lines with their ends (LF, CRLF or CR), decoded, without a byte order mark.

    Raises:
        ZenError: another format by its first bytes, not in that encoding (byte and line are named), a line above 4 MiB.

    >>> import io
    >>> list(text_blocks(io.BytesIO(b"\\xef\\xbb\\xbfa\\r\\nb\\rc"), "x.csv"))
    ['a\\r\\nb\\r', 'c']
    """
    read = getattr(stream, "read1", stream.read)  # a pipe's rows are handed on as they arrive
    decode = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)().decode
    pending, lines, fed = "", 0, 0
    while True:
        block = read(BLOCK)
        if not fed and encoding == "utf-8":
            refuse_other_format(block, file)
        fed += len(block)
        try:
            text = pending + decode(block, not block)
        except UnicodeDecodeError as error:
            raise _undecodable(error, pending, lines, fed, file) from None
        # A CR at the end may be half of a CRLF.
        end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1 if block else len(text)
        pending = text[end:]
        if len(pending) > LONGEST_LINE:
            raise damaged("a line is longer than 4 MiB", file)
        if end:
            lines += _ends(text[:end])
            yield text[:end]
        if not block:
            return


def _ends(text: str) -> int:
    return text.count("\n") + (text.count("\r") - text.count("\r\n") if "\r" in text else 0)


def _undecodable(error: UnicodeDecodeError, pending: str, lines: int, fed: int, file: str) -> ZenError:
    before = pending + error.object[: error.start].decode(error.encoding, "replace")
    line = lines + _ends(before) + 1
    offset = fed - len(error.object) + error.start
    named = "UTF-8" if error.encoding.startswith("utf-8") or error.encoding == "utf_8" else error.encoding
    what = f"byte 0x{error.object[error.start]:02x} at offset {offset} is not {named} text"
    hint = "say how it is written, such as data.encoding: latin-1, or save it as UTF-8"
    return ZenError(what, Place(file, line), hint, Exit.FILES)
