"""Numbers of bytes as people read them."""

from __future__ import annotations


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
