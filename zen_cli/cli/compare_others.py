"""The forms of `zen compare` that train no comparison: finished runs, a report's files, published numbers."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from zen_cli.cli import options
from zen_cli.errors import Exit, Place, ZenError

CHECKS = ("deepobs",)


def without_racing(
    sources: Sequence[str], verify: str | None, check: str | None, form: str, no_color: bool
) -> int | None:
    """The exit code if one of these forms was asked for; None if configs are to be compared."""
    if verify is not None and check is None and not sources:
        return verify_report(verify)
    if check is not None and verify is None and not sources:
        return check_published(check, no_color)
    if verify is not None or check is not None:
        raise ZenError("--verify and --check stand alone", hint="leave the rest out")
    if not sources:
        raise ZenError("expected a config", hint="zen compare configs/xor.yaml")
    return compare_runs(sources, form, no_color) if are_runs(sources) else None


def are_runs(sources: Sequence[str]) -> bool:
    """Whether these are folders, so runs, and not configs.

    Raises:
        ZenError: some are folders and some are not; there is one only.
    """
    folders = [source for source in sources if Path(source).is_dir()]
    if folders and len(folders) < len(sources):
        other = next(source for source in sources if source not in folders)
        raise ZenError(f"{folders[0]} is a run and {other} is none", hint="compare configs, or compare runs")
    if len(folders) == 1:
        raise ZenError("one run alone is no comparison", Place(folders[0]), "name another run")
    return bool(folders)


def compare_runs(sources: Sequence[str], form: str, no_color: bool) -> int:
    """Recorded numbers side by side, as a table or JSON."""
    from zen_cli.compare.recorded import side_by_side
    from zen_cli.display.comparison.recorded import recorded_table
    from zen_cli.runs.strict_json import strict_json

    if form not in ("table", "json"):
        raise ZenError(f"runs are shown as table or json, not as {form}", Place("--format"))
    found = side_by_side(sources)
    if form == "json":
        sys.stdout.write(strict_json(found, indent=2) + "\n")
    else:
        recorded_table(found, stream=sys.stdout, environ=options.environment(no_color))
    return int(Exit.DONE)


def verify_report(folder: str) -> int:
    """A line for each difference; 3 if there is one."""
    from zen_cli.compare.verify import verify

    found = verify(Path(folder))
    sys.stdout.writelines(f"{line}\n" for line in found)
    if found:
        what = f"{len(found)} things do not follow from the rows"
        raise ZenError(what, Place(folder), "files were changed, or another version of zen wrote them", Exit.FILES)
    sys.stdout.write(f"{folder}: everything follows from the rows\n")
    return int(Exit.DONE)


def check_published(name: str, no_color: bool) -> int:
    """Our final losses beside published ones; 6 if one is further off than 0.5 %."""
    from zen_cli.compare.deepobs import WITHIN, check
    from zen_cli.display.table import table

    if name not in CHECKS:
        raise ZenError(f"expected {' or '.join(CHECKS)}, found '{name}'", Place("--check"))
    found = list(check())
    rows = [
        [met.optimizer, met.lr, _loss(met.published), _loss(met.ours), _percent(met.off), "yes" if met.met else "NO"]
        for met in found
    ]
    names = ["optimizer", "lr", "published", "zen", "off", "met"]
    table(names, rows, stream=sys.stdout, environ=options.environment(no_color))
    missed = sum(not met.met for met in found)
    if missed:
        what = f"{missed} of {len(found)} losses are further than {100 * WITHIN:g} % from the published ones"
        raise ZenError(what, Place(f"--check {name}"), code=Exit.UNMET)
    return int(Exit.DONE)


def _loss(value: float) -> str:
    return "diverges" if math.isnan(value) else f"{value:.2f}"


def _percent(off: float) -> str:
    return f"{100 * off:+.2f} %" if math.isfinite(off) else "-"
