"""What has an order, a text or a series, in three pieces: the last tests, the one before it validates."""

from __future__ import annotations

from zen_cli.data.request import Request
from zen_cli.data.split import share_of
from zen_cli.errors import ZenError


def in_order(count: int, request: Request, unit: str, least: tuple[int, int], why: str) -> list[slice]:
    """The pieces of `count` characters or steps for training, validation and test, as `data.split` asks for.

    Raises:
        ZenError: training, or another piece that is asked for, has fewer than `least`.
    """
    section = request.section.split
    validation, test = (share_of(part, count) for part in (section.validation, section.test))
    sizes = {"training": count - validation - test, "validation": validation, "test": test}
    asked = {"training": True, "validation": section.validation, "test": section.test}
    for name, size in sizes.items():
        needed = least[name != "training"]
        if asked[name] and size < needed:
            what = f"{max(size, 0)} of {count} {unit} are left for {name}, a row needs {needed}: {why}"
            raise ZenError(what, request.place("split"), "shorter rows, or other parts")
    ends = (sizes["training"], count - test, count)
    return [slice(start, end) for start, end in zip((0, *ends), ends, strict=False)]
