"""The columns of a comparison's table: what each optimizer did, the headline first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.budgets import steps_on
from zen_cli.display.aligned import MISSING, Range, intervals, probability
from zen_cli.display.cells import pad, squeeze, width
from zen_cli.display.numbers import duration
from zen_cli.display.terminal import BOLD, CYAN, DIM, GREEN, RED, YELLOW, escape

Summary = dict[str, Any]
VERDICTS = {
    "better": (BOLD, GREEN), "worse": (RED,), "equivalent": (CYAN,), "undecided": (), "failed": (BOLD, RED),
    "under-tuned": (YELLOW,), "baseline": (DIM,),
}  # fmt: skip
VERDICT, LABEL, MANY_SEEDS = "verdict", 24, 1000
WITHHELD = "—"


class Column(NamedTuple):
    """A header and a cell for each optimizer; the smaller `rank`, the longer it stays where there is little room."""

    name: str
    cells: list[str]
    rank: int
    right: bool = False
    styles: Sequence[tuple[str, ...]] = ()


def columns(summary: Summary) -> list[Column]:
    """All that there are, from left to right; those of rank 0 make the shortest table that tells something."""
    rows = summary["optimisers"]
    level = f"[{100 * (1 - summary['protocol']['alpha']):g}% CI]"
    success = summary["headline"] == "success"
    found = [
        _labels(summary), _rates(rows), _also_tuned(rows), _finished(rows),
        *([_success(rows, level)] if success else []), _values(summary, level, success),
        _versus(summary, level), *_tests(rows), _verdicts(rows), _needs(rows),
        _own_steps(summary), *_to_target(summary), *_costs(rows), _widths(rows),
        *_exploratory(summary),
    ]  # fmt: skip
    return [column for column in found if any(cell.strip() != MISSING for cell in column.cells)]


def judged_columns(summary: Summary, metric: str) -> list[Column]:
    """Those of another metric that gives verdicts too."""
    split = summary["metric"]["name"].rpartition(".")[0]
    found = [(row, row["also"][metric]) for row in summary["optimisers"]]
    rows = [{**row, "loss": also["loss"], "vs_baseline": also["vs_baseline"]} for row, also in found]
    kind = {"name": f"{split}.{metric}", "goal": found[0][1]["goal"], "kind": found[0][1]["kind"]}
    it = {**summary, "metric": kind, "optimisers": rows}
    level = f"[{100 * (1 - summary['protocol']['alpha']):g}% CI]"
    return [_labels(it), _values(it, level, False), _versus(it, level), *_tests(rows), _verdicts(rows), _needs(rows)]


def _labels(summary: Summary) -> Column:
    rows, winners = summary["optimisers"], summary["winner"]["names"]
    keys = summary["protocol"].get("over", {}).get("keys", ["optimizer"])
    cells = [squeeze(escape(" = ".join((row["label"], *row.get("twins", ())))), LABEL) for row in rows]
    return Column(escape("/".join(keys)), cells, 0, styles=[(BOLD,) if row["label"] in winners else () for row in rows])


def _rates(rows: list[Summary]) -> Column:
    cells = [_lr(row) for row in rows]
    return Column("lr", cells, 2)


def _lr(row: Summary) -> str:
    lr = row["hp"].get("lr")
    return MISSING if lr is None else f"{lr:g}{' edge' if row['lr'].get('edge') else ''}"


def _also_tuned(rows: list[Summary]) -> Column:
    """`beta1 0.9, beta2 0.997`"""
    found = [{name: value for name, value in row.get("tuned", {}).items() if name != "lr"} for row in rows]
    cells = [", ".join(f"{escape(name)} {value:g}" for name, value in one.items()) or MISSING for one in found]
    return Column("with", cells, 3)


def _finished(rows: list[Summary]) -> Column:
    some_did_not = any(0 < row["finished"] < row["n"] for row in rows)  # where none did, the next column says so
    cells = _counts([(row["finished"], row["n"]) for row in rows])
    styles = [() if row["finished"] == row["n"] else (RED,) for row in rows]
    return Column("ok", cells, 1 if some_did_not else 3, True, styles)


def _success(rows: list[Summary], level: str) -> Column:
    found = [row["success"] for row in rows]
    counts = _counts([(one["count"], one["of"]) if one else None for one in found])
    shares = [_shares(one["rate"], *one["ci"]) if one else "" for one in found]
    cells = [f"{count} {share}".rstrip() for count, share in zip(counts, shares, strict=True)]
    return Column(f"success {level}", cells, 0)


def _shares(rate: float, low: float, high: float) -> str:
    """
    >>> _shares(0.98, 0.894, 0.9995)
    ' 98% [89  99]'
    """
    percent = [math.floor(100 * share + 1e-9) for share in (rate, low, high)]  # 100 only where it is all of them
    return "{:3}% [{:2} {:3}]".format(*percent)


def _values(summary: Summary, level: str, second: bool) -> Column:
    """The metric: with an interval if it is the headline, else its median and quartiles."""
    ranges = [_range(row["loss"], summary["metric"]["kind"], second) for row in summary["optimisers"]]
    cells = intervals(ranges)
    for i, row in enumerate(summary["optimisers"]):
        if not row["finished"]:
            cells[i] = _failures(row)
    name = escape(summary["metric"]["name"])
    styles = [() if row["finished"] else (RED,) for row in summary["optimisers"]]
    if second:
        return Column(f"{name} median [quartiles]", cells, 4, styles=styles)
    return Column(f"{name} {level}", cells, 0, styles=styles)


def _range(loss: Summary, kind: str, second: bool) -> Range:
    if second:
        return (loss["median"], *loss["quartiles"])
    middle = loss["mean"] if kind == "share" or loss["gmean"] is None else loss["gmean"]
    return (middle, *(loss["ci"] or (None, None)))


def _failures(row: Summary) -> str:
    """`10 diverged`"""
    failed = {name: count for name, count in row["statuses"].items() if name != "ok" and count}
    return escape(", ".join(f"{count} {name}" for name, count in failed.items())) or MISSING


def _versus(summary: Summary, level: str) -> Column:
    """The ratio to the baseline, or the difference in points of a hundred."""
    found = [row["vs_baseline"] or {} for row in summary["optimisers"]]
    name = f"vs {squeeze(escape(summary['baseline'] or MISSING), LABEL // 2)}"
    if any(one.get("ratio") is not None for one in found):
        return Column(f"{name} {level}", intervals([_ends("ratio", one, 1) for one in found], 2, before="×"), 1)
    cells = intervals([_ends("difference", one, 100) for one in found], 2, sign="+")
    return Column(f"{name} in points {level}", cells, 1)


def _ends(key: str, found: Summary, factor: float) -> Range:
    low, high = found.get("ci") or (None, None)
    middle, low, high = (None if value is None else factor * value for value in (found.get(key), low, high))
    return middle, low, high


def _tests(rows: list[Summary]) -> tuple[Column, Column]:
    found = [row["vs_baseline"] for row in rows]
    wins = _counts([(one["wins"], one["wins"] + one["losses"] + one["ties"]) if one else None for one in found])
    return (
        Column("wins", wins, 5, right=True),
        Column("p(Holm)", [probability(one["p_holm"]) if one else MISSING for one in found], 6),
    )


def _verdicts(rows: list[Summary]) -> Column:
    words = [row["vs_baseline"]["verdict"] if row["vs_baseline"] else _of_baseline(row) for row in rows]
    return Column(VERDICT, words, 0, styles=[VERDICTS.get(word, ()) for word in words])


def _of_baseline(row: Summary) -> str:
    return "baseline" if row["finished"] else "failed"


def _needs(rows: list[Summary]) -> Column:
    needed = [(row["vs_baseline"] or {}).get("seeds_needed") for row in rows]
    cells = [MISSING if n is None else f"≈{n} seeds" if n <= MANY_SEEDS else f">{MANY_SEEDS} seeds" for n in needed]
    return Column("to decide", cells, 10, right=True)


def _own_steps(summary: Summary) -> Column:
    """How many steps each took, where that differs."""
    card = summary["protocol"]
    own = any("steps" in it for it in card["optimizers"])
    return Column("steps", [f"{steps_on(card, row['label']):,}" if own else MISSING for row in summary["optimisers"]],
                  7, right=True)  # fmt: skip


def shown_target(summary: Summary) -> str | None:
    """The last of the targets that at least half of the runs of some optimizer reach."""
    names = [target["name"] for target in summary["targets"]]
    within = [
        name for name in names
        if any(2 * row["to_target"].get(name, {}).get("reached", 0) >= row["n"] for row in summary["optimisers"])
    ]  # fmt: skip
    return within[-1] if within else None


def _to_target(summary: Summary) -> list[Column]:
    target, rows = shown_target(summary), summary["optimisers"]
    if target is None:
        return []
    found = [row["to_target"].get(target, {}) for row in rows]
    steps = [MISSING if one.get("steps_median") is None else f"{one['steps_median']:.0f}" for one in found]
    seconds = [_time(row, one.get("seconds_median")) for row, one in zip(rows, found, strict=True)]
    across = max(map(width, steps))
    for i, (one, row) in enumerate(zip(found, rows, strict=True)):
        all_did = one.get("reached") == row["n"]
        steps[i] = pad(steps[i], across, right=True) + ("" if all_did else f" {one.get('reached', 0)}/{row['n']}")
    bound = escape(target.removeprefix(summary["metric"]["name"]).lstrip("<>=")) or escape(target)
    return [Column(f"steps to {bound}", steps, 7), Column("time", seconds, 9, right=True)]


def _costs(rows: list[Summary]) -> list[Column]:
    found = [row["cost"]["us_per_step"] if row["cost"] else None for row in rows]
    cells = [_withheld(row) if us is None else f"{us:.0f}" if us >= 10 else f"{us:.1f}"
             for row, us in zip(rows, found, strict=True)]  # fmt: skip
    return [Column("µs/step", cells, 8, right=True)]


def _time(row: Summary, seconds: float | None) -> str:
    return _withheld(row) if seconds is None else duration(seconds)


def _withheld(row: Summary) -> str:
    """A dash of its own where times were measured and say nothing."""
    return WITHHELD if row["cost"] and row["cost"].get("withheld") else MISSING


def _widths(rows: list[Summary]) -> Column:
    widths = [row["lr"].get("width_2x_decades") for row in rows]
    return Column("lr width", [MISSING if w is None else f"{w:.1f} dec" for w in widths], 11, right=True)


def _exploratory(summary: Summary) -> list[Column]:
    """The means by metrics that give no verdict."""
    split, rows = summary["metric"]["name"].rpartition(".")[0], summary["optimisers"]
    found: list[Column] = []
    for name in rows[0].get("exploratory", {}):
        losses = [row["exploratory"][name]["loss"] for row in rows]
        middles = [loss.get("gmean") if loss.get("gmean") is not None else loss.get("mean") for loss in losses]
        cells = intervals([(middle, None, None) for middle in middles])
        found.append(Column(f"{split}.{escape(name)}", cells, 12, right=True))
    return found


def _counts(pairs: Sequence[tuple[int, int] | None]) -> list[str]:
    texts = [f"{pair[0]}/{pair[1]}" if pair else MISSING for pair in pairs]
    across = max(map(width, texts), default=0)
    return [text if text == MISSING else pad(text, across, right=True) for text in texts]
