"""What is wrong with a text that is not YAML, in plain words."""

from __future__ import annotations

from typing import NamedTuple

from zen_cli.errors import Place, ZenError


class Fault(NamedTuple):
    """What the YAML parser was doing since `start`, and what it met `at`; both count from 0."""

    context: str
    start: tuple[int, int] | None
    problem: str
    at: tuple[int, int]


INDENT = "check the indentation; keys of one mapping stand in one column"
ITEMS = "check the indentation; the items of one list stand in one column"
NEXT_LINE = "begin it on the next line"
NEVER_CLOSED = "this quote is never closed"
VARIABLE = "between brackets a variable needs quotes: \"${vars.NAME}\""
QUOTE_IT = "put the text in quotes"
SPACE = "write `key: value`, with a space; text that holds ':' needs quotes"
BACKSLASH = "use single quotes, or write '\\\\'"

# (words in the parser's report, the message, the hint)
TABLE: tuple[tuple[str, str, str | None], ...] = (
    ("block scalar", "unexpected text after the '|' or '>' of a block of text", NEXT_LINE),
    ("found a tab character", "a tab is used for indentation", "use spaces"),
    ("unexpected ':'", "unexpected ':'", SPACE),
    ("mapping values are not allowed", "unexpected ':'", f"{INDENT}; text that holds ': ' needs quotes"),
    ("sequence entries are not allowed", "a list item '-' cannot stand here", NEXT_LINE),
    ("mapping keys are not allowed", "unexpected '?'", QUOTE_IT),
    ("could not find expected ':'", "a ':' is missing after this key", SPACE),
    ("unknown escape character", "unknown escape after '\\' in double quotes", BACKSLASH),
    ("expected escape sequence", "incomplete escape after '\\' in double quotes", BACKSLASH),
    ("invalid Unicode character escape", "this escape is no character", None),
    ("incompatible YAML document", "this YAML version is not supported", "remove the %YAML line"),
    ("directive", "this line begins with '%', which YAML keeps for itself", QUOTE_IT),
    ("tag", "tags are not allowed", "remove the tag; text that begins with '!' needs quotes"),
    ("<document start>", "text after the end of the config", INDENT),
    ("did not find expected '-' indicator", "expected a list item beginning with '-'", ITEMS),
    ("expected <block end>", "expected a key, or an item of the list above", INDENT),
    ("did not find expected key", "expected a key here", INDENT),
    ("node content", "a value is missing here", None),
)


def fault(
    found: Fault, text: str, file: str, quote: tuple[int, int] | None, bracket: tuple[int, int] | None
) -> ZenError:
    """The mistake as a user would put it.

    `quote` is where the last quoted text opened, if it runs over several lines: when the parser then stumbles
    on the line where it closes, a quote was forgotten there. `bracket` is where the last open '[' or '{' stands.
    """
    where, what, hint = _plain(found, text, bracket)
    if quote and what != NEVER_CLOSED:
        where, what, hint = quote, "this quote is closed only on another line", "close it on its own line"
    return ZenError(what, Place(file, where[0] + 1, where[1] + 1), hint)


def _plain(
    found: Fault, text: str, bracket: tuple[int, int] | None
) -> tuple[tuple[int, int], str, str | None]:
    start = found.start or found.at
    if "quoted scalar" in found.context and ("end of stream" in found.problem or "document" in found.problem):
        return start, NEVER_CLOSED, "close it on its own line"
    if "flow sequence" in found.context or "flow mapping" in found.context:
        return _open(start, text)
    if bracket and "node content" in found.problem and not text[_offset(text, found.at) :].strip():
        return _open(bracket, text)
    if found.problem.startswith("did not find expected key") and _character(text, found.at) in ("}", "]"):
        return found.at, f"unexpected '{_character(text, found.at)}'", "remove it; nothing is open here"
    if "anchor" in found.context or "alias" in found.context:
        return start, f"'{_character(text, start)}' begins an anchor or alias, but no name follows", QUOTE_IT
    if "cannot start any token" in found.problem:
        return _token(found.at, _character(text, found.at))
    for words, what, hint in TABLE:
        if words in f"{found.context} {found.problem}":
            return start if "missing after this key" in what else found.at, what, hint
    return found.at, "this is not valid YAML", QUOTE_IT


def _open(at: tuple[int, int], text: str) -> tuple[tuple[int, int], str, str | None]:
    line = text.split("\n")[at[0]]
    hint = VARIABLE if "${" in line else "a comment begins with '#'" if "//" in line else None
    return at, f"this '{_character(text, at)}' is not closed, or a comma is missing after an item", hint


def _offset(text: str, at: tuple[int, int]) -> int:
    """The index of a line and column in the text."""
    return sum(len(line) + 1 for line in text.split("\n")[: at[0]]) + at[1]


def _token(at: tuple[int, int], character: str) -> tuple[tuple[int, int], str, str]:
    if character == "\t":
        return at, "a tab is used for indentation", "use spaces"
    return at, f"a value cannot begin with '{character}'", QUOTE_IT


def _character(text: str, at: tuple[int, int]) -> str:
    """The character at a line and column of a text whose lines end in newlines."""
    line = text.split("\n")[at[0]]
    return line[at[1]] if at[1] < len(line) else ""
