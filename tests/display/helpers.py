"""Streams to write on, a terminal that keeps its screen, and the screens that are expected (tests/texts)."""

import io
import os
import re
from pathlib import Path

from zen_cli.training.events import End, Epoch, Start

TEXTS = Path(__file__).parents[1] / "texts"
ESCAPE = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])")
XTERM = {"TERM": "xterm"}


class Terminal(io.StringIO):
    """A stream that says it is a terminal; its size comes from COLUMNS and LINES."""

    encoding = "utf-8"

    def isatty(self):
        return True


class Ascii(Terminal):
    encoding = "ascii"

    def write(self, text):
        return super().write(text.encode("ascii").decode())


class Clock:
    """A time that the test sets."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def screen(text):
    """What is seen after `text` was written: enough of a terminal for what is written here."""
    lines, row, column = [""], 0, 0
    place = 0
    while place < len(text):
        found = ESCAPE.match(text, place)
        if found:
            private, number, kind = found.groups()
            if kind == "A":
                row -= int(number or 1)
            elif kind == "K":
                assert number == "2"
                lines[row] = ""
            else:
                assert kind in "mhl" and (kind == "m" or (private, number) == ("?", "25")), found
            place = found.end()
            continue
        if text[place] == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif text[place] == "\r":
            column = 0
        else:
            lines[row] = lines[row][:column].ljust(column) + text[place] + lines[row][column + 1 :]
            column += 1
        place += 1
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def golden(name, text):
    """Compares with tests/texts; ZEN_WRITE_TEXTS=1 writes the file instead."""
    path = TEXTS / name
    if os.environ.get("ZEN_WRITE_TEXTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def training(clock, epochs=40, seconds=0.1, replicas=1, name="digits", fail_at=None, status="completed", take=None):
    """The events of a training whose losses fall; each epoch takes `seconds` of the clock."""
    yield Start(name, epochs, 32, {"train": 1258, "validation": 359}, 4810, replicas)

    def of(value):
        return value if replicas == 1 else tuple(value * (1 + i / replicas) for i in range(replicas))

    for epoch in range(1, (take or epochs) + 1):
        clock.now += seconds
        if epoch == fail_at:
            raise RuntimeError("the training broke off")
        validation = {"loss": of(2.5 * 0.9**epoch + 0.002 * epoch), "accuracy": of(0.5 + 0.01 * epoch)}
        yield Epoch(epoch, epoch * 40, 1e-3, epoch * seconds, {"loss": of(2.3 * 0.9**epoch)}, validation)
    best = {"epoch": 34, "monitor": "validation.loss", "value": 0.1375}
    last = {"loss": of(0.034), "accuracy": of(0.99)}
    run = "runs/digits/20261123T211105Z-a1b2c3"
    yield End(status, epochs, epochs * 40, epochs * seconds, last, last, {}, best, run)
