"""Whether the tensors of a checkpoint are the ones that a network or a resumed training needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zen_cli.errors import Exit, Place, Problems, ZenError
from zen_cli.runs.safetensors import Tensors

_MOST_LISTED = 10
_OPTIMIZER = "optimizer."


def check_fit(
    found: Tensors, wanted: Tensors, path: Path, *, place: Callable[[str], Place | None] = lambda name: None
) -> None:
    """Compares names, shapes and dtypes; `place` tells which line of the config asks for a tensor.

    Raises:
        ZenError: exit 3, with all differences.
    """
    missing, unexpected = _without(wanted, found), _without(found, wanted)
    file = Place(str(path))
    problems = Problems()
    if missing and all(name.startswith(_OPTIMIZER) for name in missing):
        what = f"the optimizer's state is absent: {_listed(missing)}"
        problems.add(what, file, "start a new training from these weights with --init-from")
    elif missing:
        problems.add(f"tensors are missing: {_listed(missing)}", file)
    if unexpected:
        problems.add(f"tensors are unexpected: {_listed(unexpected)}", file)
    for name in sorted(found.keys() & wanted.keys()):
        has, needs = found[name], wanted[name]
        if has.shape != needs.shape:
            problems.add(f"{name} has the shape {has.shape}, the config asks for {needs.shape}{_at(place(name))}", file)
        elif has.dtype != needs.dtype:
            problems.add(f"{name} is {has.dtype}, the config asks for {needs.dtype}{_at(place(name))}", file)
    try:
        problems.check()
    except ZenError as error:
        for each in error.all():
            each.code = Exit.FILES
        raise


def _without(left: Tensors, right: Tensors) -> list[str]:
    return sorted(left.keys() - right.keys())


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_LISTED]) + (", ..." if len(names) > _MOST_LISTED else "")


def _at(place: Place | None) -> str:
    return f" ({place})" if place else ""
