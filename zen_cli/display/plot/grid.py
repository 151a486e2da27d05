"""A plot made of characters: dots of braille, two across and four down in each, or a mark for each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType

MARKS = "*+ox#@%&"
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # the bits of a braille cell, row by row


class Grid:
    """`columns` by `rows` characters; `across` and `down` count its dots, from the top left."""

    def __init__(self, columns: int, rows: int, braille: bool, marks: str = MARKS) -> None:
        self.columns, self.rows, self.braille, self.marks = columns, rows, braille, marks
        self.across, self.down = (2 * columns, 4 * rows) if braille else (columns, rows)
        self.cells: dict[tuple[int, int], int] = {}  # (row, column) -> bits of the dots
        self.owner: dict[tuple[int, int], int] = {}  # whose they are: the one that was drawn last

    def dot(self, x: int, y: int, number: int) -> None:
        """A dot of the line with this number; one outside is not drawn."""
        if not (0 <= x < self.across and 0 <= y < self.down):
            return
        place = (y // 4, x // 2) if self.braille else (y, x)
        bits = DOTS[y % 4][x % 2] if self.braille else 0
        self.cells[place] = self.cells.get(place, 0) | bits
        self.owner[place] = number

    def line(self, points: Iterable[tuple[float, float]], number: int, dotted: bool = False) -> None:
        """Straight from each point to the next."""
        places = [(round(x), round(y)) for x, y in points]
        count = 0
        for (x0, y0), (x1, y1) in pairwise([places[0], *places] if places else []):
            steps = max(abs(x1 - x0), abs(y1 - y0))
            for i in range(steps > 0, steps + 1):
                share = i / steps if steps else 0.0
                if not dotted or count % 4 < 1:
                    self.dot(round(x0 + share * (x1 - x0)), round(y0 + share * (y1 - y0)), number)
                count += 1

    def lines(
        self, style: Callable[[str, int], str], ground: Callable[[int, int], str] = lambda row, column: " ",
        stamps: Mapping[tuple[int, int], str] = MappingProxyType({}),
    ) -> list[str]:  # fmt: skip
        """The rows as text: letters at a row and column, lines in their colour by `style`, elsewhere the ground."""

        def cell(row: int, column: int) -> str:
            place = row, column
            number = self.owner.get(place)
            if place in stamps:
                return stamps[place]
            return ground(row, column) if number is None else style(self._mark(place, number), number)

        return ["".join(cell(row, column) for column in range(self.columns)) for row in range(self.rows)]

    def _mark(self, place: tuple[int, int], number: int) -> str:
        return chr(0x2800 + self.cells[place]) if self.braille else self.marks[number % len(self.marks)]
