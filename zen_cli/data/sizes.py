"""Sizes of memory and files as text, both ways."""

from __future__ import annotations

UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}


def bytes_of(text: str) -> int:
    """A ValueError for what is no size.

    >>> bytes_of("256MB"), bytes_of("1.5 GiB"), bytes_of("0")
    (256000000, 1610612736, 0)
    """
    digits = text.strip().rstrip("KMGTBkmgtbi")
    unit = text.strip()[len(digits) :].upper() or "B"
    if unit not in UNITS or not digits.strip().replace(".", "", 1).isdecimal():
        raise ValueError(text)
    return int(float(digits) * UNITS[unit])


def bytes_text(count: float) -> str:
    """`1.5 GiB`.

    >>> bytes_text(2048), bytes_text(12)
    ('2.0 KiB', '12 B')
    """
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if count < 1024 or unit == "TiB":
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return ""
