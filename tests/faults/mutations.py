"""Sound files with something wrong in them: bytes flipped, cut, doubled, and texts that others were hurt by."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

CALL = "__import__('os').system('touch canary')"
TEXTS = (
    "!!python/object/apply:os.system [touch canary]", "!!python/name:os.system", "!!binary aGk=", "&a [*a]", "*a", "<<",
    "../../../../etc/passwd", "/etc/passwd", "/dev/zero", "/dev/stdin", "~/.ssh/id_rsa", "file:///etc/passwd", "-",
    "http://127.0.0.1:1/x.csv", "|touch canary", "`touch canary`", "$(touch canary)", "${vars.x}", "${HOME}", "%s%n",
    CALL, f"'); {CALL} #", f"1\n{CALL}", f'"""\n{CALL}\n"""', "{0.__class__}", "x" * 5000, "9" * 400, "1e999", ".nan",
    "-1", "0", "1e-300", "1:30", "0x7fffffff", "true", "~", "[]", "{}", "[[[[[[[[]]]]]]]]", "{a: {b: {c: {d: e}}}}",
    "[red]x[/red]", "[/]", "[link=http://x]", '"\\e]0;owned\\a\\e[2J"', '"\\x9b31m"', '"\\u202e\\u200b"', "\x1b[31m",
    "\0", "\ufeff", "\ud7ff\uffff", "__proto__", "__class__", "__init__", "type", "relu", "linear", "full", "auto",
)  # fmt: skip
NUMBERS = (
    "-1",
    "0",
    "1",
    "3",
    "255",
    "65536",
    "2147483648",
    "9223372036854775807",
    "18446744073709551616",
    "1e400",
    "NaN",
)
Mutation = Callable[[bytes, random.Random], bytes]


def mutated(sound: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """One to three mutations, one after the other; `others` may be spliced in."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        choice = rng.choice((*MUTATIONS, None))
        sound = choice(sound, rng) if choice else _spliced(sound, rng.choice(others), rng)
    return sound


def _flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(rng.choice((1, 1, 2, 8))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _bytes_set(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    return (
        data[:place]
        + bytes(rng.choice((0, 1, 10, 27, 34, 44, 127, 155, 255)) for _ in range(rng.randint(1, 8)))
        + data[place + rng.randint(0, 8) :]
    )


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _piece_gone(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] + data[place + rng.randint(1, 40) :]


def _doubled(data: bytes, rng: random.Random) -> bytes:
    begin = rng.randrange(len(data) + 1)
    end = begin + rng.randint(1, 200)
    return data[:end] + data[begin:end] * rng.choice((1, 1, 30)) + data[end:]


def _line_moved(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    line = lines.pop(rng.randrange(len(lines)))
    lines.insert(rng.randint(0, len(lines)), b" " * rng.choice((0, 0, 2, 3)) + line)
    return b"".join(lines)


def _word_replaced(data: bytes, rng: random.Random) -> bytes:
    return _replaced(rb"[\w./*-]+", data, rng.choice(TEXTS), rng)


def _number_replaced(data: bytes, rng: random.Random) -> bytes:
    return _replaced(rb"\d+(\.\d+)?", data, rng.choice(NUMBERS), rng)


def _replaced(pattern: bytes, data: bytes, text: str, rng: random.Random) -> bytes:
    places = [match.span() for match in re.finditer(pattern, data[:20_000])]
    begin, end = rng.choice(places or [(0, 0)])
    return data[:begin] + text.encode() + data[end:]


def _spliced(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


MUTATIONS: tuple[Mutation, ...] = (
    _flipped, _bytes_set, _cut, _piece_gone, _doubled, _line_moved, _word_replaced, _word_replaced, _number_replaced,
)  # fmt: skip
