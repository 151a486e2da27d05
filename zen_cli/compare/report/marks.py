"""Marks at a place: words, discs, crosses, and shapes that tell series apart without colour."""

from __future__ import annotations

from zen_cli.compare.report.markup import pixels, safe, tag


def words(x: float, y: float, text: str, look: str, title: str = "") -> str:
    """Text at a place; nothing for no text."""
    return tag("text", *_titled(title), safe(text), x=x, y=y, class_=look) if text else ""


def cross(x: float, y: float, title: str = "", size: float = 4) -> str:
    """An X: something failed here."""
    a, b = pixels(size), pixels(2 * size)
    d = f"M{pixels(x)} {pixels(y)}m-{a} -{a}l{b} {b}m0 -{b}l-{b} {b}"
    return tag("path", *_titled(title), class_="cross", d=d)


def dot(x: float, y: float, title: str = "", size: float = 3, look: str = "dot") -> str:
    """A disc, told of when pointed at."""
    return tag("circle", *_titled(title), cx=x, cy=y, r=size, class_=look)


def marker(x: float, y: float, number: int, size: float = 4, title: str = "") -> str:
    """A disc, square, diamond, or triangle, by the number of the series."""
    a, b = pixels(size), pixels(2 * size)
    shapes = (
        f"m-{a} 0a{a} {a} 0 1 0 {b} 0a{a} {a} 0 1 0-{b} 0z", f"m-{a}-{a}h{b}v{b}h-{b}z",
        f"m0-{pixels(size * 1.3)}l{a} {pixels(size * 1.3)}l-{a} {pixels(size * 1.3)}l-{a}-{pixels(size * 1.3)}z",
        f"m0-{a}l{a} {b}h-{b}z", f"m0 {a}l{a}-{b}h-{b}z",
    )  # fmt: skip
    d = f"M{pixels(x)} {pixels(y)}{shapes[number % len(shapes)]}"
    return tag("path", *_titled(title), class_="dot", d=d)


def _titled(title: str) -> tuple[str, ...]:
    return (tag("title", safe(title)),) if title else ()
