"""A comparison of optimizers as it is read: how it was made, a row each, who won, what to be wary of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from zen_cli.compare.budgets import said
from zen_cli.display.aligned import MISSING
from zen_cli.display.cells import GAP, pad, width
from zen_cli.display.comparison.columns import VERDICT, Column, Summary, columns, judged_columns
from zen_cli.display.comparison.defaults import default_lines
from zen_cli.display.comparison.notes import verdict_lines, warning_lines
from zen_cli.display.prose import flow, plain
from zen_cli.display.terminal import BOLD, DIM, Terminal, encodable, escape, terminal

NARROW_RANK = 2  # of the columns shown where each optimizer is a list


def comparison_table(summary: Summary, *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Writes the whole: as a table where it fits, with fewer columns on a terminal of 80, as lists on a narrow one.

    `summary` is that of the comparison, best optimizer first.

    Raises:
        OSError: the stream cannot be written.
    """
    to, rows = terminal(stream, environ), merged(summary)
    blocks = (
        _head(summary, to), _body(rows, columns(rows), to), *_also(rows, to), default_lines(summary, to),
        verdict_lines(summary, to), warning_lines(summary, to),
    )  # fmt: skip
    text = "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)
    stream.write(encodable(text, stream))


def merged(summary: Summary) -> Summary:
    """The summary with one row for those that are bit for bit the same."""
    rows = summary["optimisers"]
    twins = {row["label"]: [it["label"] for it in rows if it.get("same_as") == row["label"]] for row in rows}
    kept = [{**row, "twins": twins[row["label"]]} for row in rows if not row.get("same_as")]
    return {**summary, "optimisers": kept}


def winner_line(summary: Summary) -> str:
    """`adam`, `tie:adam,adamw` or `none`.

    >>> winner_line({"winner": {"kind": "tie", "names": ["adam", "adamw"]}})
    'tie:adam,adamw'
    """
    winner = summary["winner"]
    if winner["kind"] == "none" or not winner["names"]:
        return "none"
    names = ",".join(escape(name) for name in winner["names"])
    return f"tie:{names}" if winner["kind"] == "tie" else names


def _head(summary: Summary, to: Terminal) -> list[str]:
    card, rivals = summary["protocol"], len(summary["optimisers"]) - 1
    looks = summary.get("looks", 1)
    first = [
        f"{escape(summary['name'])}: {escape(summary['metric']['name'])} after {said(card)}",
        f"protocol {summary['protocol_hash'][:8]}", f"looks {looks}" if looks > 1 else "",
    ]  # fmt: skip
    how = [
        f"{len(card['seeds'])} paired seeds",
        _tuning(summary),
        f"baseline {escape(summary['baseline'])}" if summary["baseline"] else "",
        f"Holm α={card['alpha']:g} over {rivals}", _look(card),
        f"success: {escape(card['success'])}" if card["success"] else "",
        _pairing(summary),
    ]  # fmt: skip
    lines = flow(first, to)
    lines[0] = lines[0].replace(escape(summary["name"]), to.style(escape(summary["name"]), BOLD), 1)
    return [*lines, *(to.style(line, DIM) for line in flow(how, to))]


def _look(card: Summary) -> str:
    """`look 2 of 2 (10 seeds, then 20)`"""
    if "plan" not in card:
        return ""
    looks = list(card["plan"]["looks"])
    return f"look {looks.index(len(card['seeds'])) + 1} of {len(looks)} ({looks[0]} seeds, then {looks[1]})"


def _tuning(summary: Summary) -> str:
    """`tuned: lr, 9 to 13 trials × 3 seeds each`"""
    tune = summary["protocol"]["tune"]
    if tune["trials"] == 1:
        return "not tuned"
    names = dict.fromkeys(name for row in summary["optimisers"] for name in row.get("tuned", ["lr"]))
    trials = f"{tune['trials']} to {tune['trials'] + tune['extend']}" if tune["extend"] else str(tune["trials"])
    return f"tuned: {', '.join(map(escape, names))}; {trials} trials × {len(tune['seeds'])} seeds each"


def _pairing(summary: Summary) -> str:
    found = summary.get("pairing") or {}
    correlation, factor = found.get("median_corr"), found.get("factor")
    if correlation is None:
        return ""
    worth = f" (unpaired: ≈{factor:.2g}× the seeds)" if factor is not None and factor > 1 else ""
    return f"pairing correlation {correlation:.2f}{worth}"


def _also(summary: Summary, to: Terminal) -> list[list[str]]:
    """A table for each of the other metrics that give verdicts."""
    names = summary["protocol"].get("also", ())
    return [_body(summary, judged_columns(summary, name), to) for name in names]


def _body(summary: Summary, all_columns: list[Column], to: Terminal) -> list[str]:
    found = [_said(column, to) for column in all_columns if any(cell.strip() != MISSING for cell in column.cells)]
    shown = found if to.width is None else _fitting(found, to.width)
    if shown is None:
        return _lists(found, to)
    widths = [max(map(width, (column.name, *column.cells))) for column in shown]
    header = GAP.join(pad(c.name, w, c.right) for c, w in zip(shown, widths, strict=True)).rstrip()
    count = len(summary["optimisers"])
    return [to.style(header, BOLD), *(_row(shown, widths, i, to) for i in range(count))]


def _said(column: Column, to: Terminal) -> Column:
    return column._replace(name=plain(column.name, to), cells=[plain(cell, to) for cell in column.cells])


def _fitting(found: list[Column], available: int) -> list[Column] | None:
    """The columns that fit, those that matter most before others; None if not even those of rank 0 do."""
    kept: list[Column] = []
    for column in sorted(found, key=lambda column: column.rank):
        needed = [max(map(width, (each.name, *each.cells))) for each in (*kept, column)]
        if sum(needed) + len(GAP) * (len(needed) - 1) <= available:
            kept.append(column)
        elif column.rank == 0:
            return None
    return [column for column in found if column in kept]


def _row(shown: list[Column], widths: list[int], i: int, to: Terminal) -> str:
    texts = []
    for column, room in zip(shown, widths, strict=True):
        text = pad(column.cells[i], room, column.right)
        codes, words = column.styles[i] if column.styles else (), text.strip()
        texts.append(text.replace(words, to.style(words, *codes), 1) if codes and words else text)
    return GAP.join(texts).rstrip()


def _lists(found: list[Column], to: Terminal) -> list[str]:
    """An optimizer after the other: who and how judged, then a line for a cell, or two where it is too long."""
    labels, *others = found
    verdicts = next(column for column in others if column.name == VERDICT)
    shown = [column for column in others if column.rank <= NARROW_RANK and column is not verdicts]
    lines: list[str] = []
    for i in range(len(labels.cells)):
        lines += ["", *_heading(labels.cells[i], verdicts.cells[i], verdicts.styles[i], to)][not i :]
        for column in shown:
            cell, codes = " ".join(column.cells[i].split()), column.styles[i] if column.styles else ()
            if cell != MISSING:
                lines += _named(column.name, cell, codes, to)
    return lines


def _heading(label: str, verdict: str, codes: tuple[str, ...], to: Terminal) -> list[str]:
    name, said = to.style(label, BOLD), to.style(verdict, *codes) if codes else verdict
    together = to.width is None or width(label) + len(GAP) + width(verdict) <= to.width
    return [f"{name}{GAP}{said}"] if together else [name, f"  {said}"]


def _named(name: str, cell: str, codes: tuple[str, ...], to: Terminal) -> list[str]:
    assert to.width is not None
    text = to.style(cell, *codes) if codes else cell
    beside = 2 + width(name) + len(GAP) + width(cell) <= to.width
    return [f"  {name}{GAP}{text}"] if beside else [f"  {name}", f"    {text}"]
