"""A comparison's files against each other: everything that follows from its rows is derived again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zen_cli.compare.arrivals import with_arrivals
from zen_cli.compare.material import Material
from zen_cli.compare.protocol import hash_of
from zen_cli.compare.report.csv_rows import Row, csv_text, rows_of
from zen_cli.compare.report.files import ROWS, derived
from zen_cli.compare.report.tables import formatted
from zen_cli.compare.summary import summarize
from zen_cli.compare.timing import Cost
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.strict_json import strict_json

GIVEN = ("schema", "env", "facts", "several")  # of the summary: measured, or about other configs as well
WIDEST = 60  # characters of a value that are shown


def verify(folder: Path) -> list[str]:
    """What differs, a line each: numbers in summary.json, and lines of runs.csv, report.md, report.html, protocol.yaml.

    Statistics are computed anew from the CSV files; what was measured about the machine is taken as it stands.

    Raises:
        ZenError: exit 3 if a file is missing or is not what a comparison writes.
    """
    names = ("summary.json", *ROWS, "report.md", "report.html", "protocol.yaml")
    files = {name: _read(folder / name) for name in names}
    try:
        stored = json.loads(files["summary.json"])
        summary, runs = _again(stored, files)
        plain = formatted(summary, "json")
        texts = {"runs.csv": csv_text(runs), **derived(plain, files)}
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, StopIteration, ArithmeticError) as error:
        what = f"is not what a comparison writes ({type(error).__name__}: {error})"
        raise ZenError(what, Place(str(folder / "summary.json")), "compare again", Exit.FILES) from error
    found = [f"summary.json: {line}" for line in _differences(stored, json.loads(plain), "")]
    return found + [line for name, text in texts.items() for line in _lines(name, files[name], text)]


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "name the --out of a comparison"
        raise ZenError(f"cannot read: {reason}", Place(str(path)), hint, Exit.FILES) from error
    except UnicodeDecodeError as error:
        raise ZenError("damaged: no UTF-8", Place(str(path)), "compare again", Exit.FILES) from error


def _again(stored: dict[str, Any], files: dict[str, str]) -> tuple[dict[str, Any], list[Row]]:
    """The summary from the rows, and the rows of runs with what follows from the others."""
    card = stored["protocol"]
    runs, curves, tuning = (rows_of(files[name], name) for name in ROWS)
    material = Material(card, runs, curves, tuning, stored["facts"])
    costs = {
        it["label"]: Cost(*it["cost"]["measured"], it["cost"]["spread"])  # type: ignore[call-arg]
        for it in stored["optimisers"] if it["cost"]
    }  # fmt: skip
    summary = summarize(material, costs, stored["env"], stored["name"], hash_of(card))
    found = summary | {name: stored[name] for name in GIVEN if name in stored}
    return found, with_arrivals(runs, curves, found)


def _differences(stored: Any, found: Any, key: str) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(found, dict):
        for name in {**stored, **found}:
            yield from _differences(stored.get(name), found.get(name), f"{key}.{name}" if key else name)
    elif isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        for i, (one, other) in enumerate(zip(stored, found, strict=True)):
            yield from _differences(one, other, f"{key}[{i}]")
    elif stored != found or type(stored) is not type(found):
        yield f"{key} is {_short(stored)}, the rows give {_short(found)}"


def _short(value: Any) -> str:
    text = strict_json(value)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 3]}..."


def _lines(name: str, stored: str, found: str) -> Iterator[str]:
    """The first line that differs, and how many do."""
    if stored == found:
        return
    old, new = stored.splitlines(), found.splitlines()
    apart = [i for i in range(max(len(old), len(new))) if old[i : i + 1] != new[i : i + 1]]
    first = f"line {apart[0] + 1} differs" if apart else "line ends differ"
    yield f"{name}: {first}" + (f", and {len(apart) - 1} more" if len(apart) > 1 else "")
