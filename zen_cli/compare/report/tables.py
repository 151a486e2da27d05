"""The summary for other programs: one row an optimizer with flat column names, as CSV, TSV, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zen_cli.compare.report.columns import columns, verdict
from zen_cli.compare.report.csv_rows import Row, cell, csv_text, names_of
from zen_cli.compare.report.series import Summary
from zen_cli.display.terminal import escape
from zen_cli.runs.strict_json import strict_json

FORMATS = ("json", "csv", "tsv", "md")
_TSV = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def formatted(summary: Summary, form: str) -> str:
    """The text for `--format`: json is the whole summary, csv and tsv the rows of `flat`, md the table people read.

    Raises:
        ValueError: another form than `FORMATS`.
    """
    if form == "json":
        return strict_json(summary, indent=2) + "\n"
    if form == "md":
        return legible(summary)
    if form not in FORMATS:
        raise ValueError(form)
    rows = flat(summary)
    names = names_of(rows)
    return csv_text(rows) if form == "csv" else tsv([names, *([cell(row.get(name)) for name in names] for row in rows)])


def legible(summary: Summary) -> str:
    """The columns of the report as a table in Markdown."""
    found = columns(summary)
    cells = [[column.text(each) for column in found] for each in summary["optimisers"]]
    return markdown_table([column.name for column in found], cells, [column.words for column in found])


def flat(summary: Summary) -> list[Row]:
    """One row an optimizer, the best first; what there is not is None. `i` in `steps_to_i` counts targets from 1."""
    return [_flat(summary, each) for each in summary["optimisers"]]


def tsv(lines: Sequence[Sequence[str]]) -> str:
    r"""Cells between tabs; tabs, line ends and backslashes in them are written `\t`, `\n`, `\\`.

    >>> tsv([["a", "b\tc"], ["1", ""]])
    'a\tb\\tc\n1\t\n'
    """
    return "".join("\t".join(text.translate(_TSV) for text in line) + "\n" for line in lines)


def markdown_table(names: Sequence[str], cells: Sequence[Sequence[str]], words: Sequence[bool] = ()) -> str:
    r"""A table in Markdown, aligned for those who read its source; the first column and `words` stand to the left.

    >>> print(markdown_table(["name", "n"], [["a|b", "10"], ["<i>", "2"]]), end="")
    | name  |   n |
    |:------|----:|
    | a\|b  |  10 |
    | \<i\> |   2 |
    """
    lines = [[inline(text) for text in line] for line in (names, *cells)]
    widths = [max(3, *map(len, column)) for column in zip(*lines, strict=True)]
    left = [i == 0 or i < len(words) and words[i] for i in range(len(names))]
    rule = [f":{'-' * width}-" if at_left else f"-{'-' * width}:" for width, at_left in zip(widths, left, strict=True)]
    texts = [
        [f" {text:<{width}} " if at_left else f" {text:>{width}} " for text, width, at_left
         in zip(line, widths, left, strict=True)] for line in lines
    ]  # fmt: skip
    return "".join(f"|{'|'.join(line)}|\n" for line in (texts[0], rule, *texts[1:]))


def inline(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    return "".join(f"\\{c}" if c in "\\`*_<>|" else c for c in escape(text)).replace("](", "]\\(")


def _flat(summary: Summary, optimiser: dict[str, Any]) -> Row:
    loss, versus = optimiser["loss"], optimiser["vs_baseline"] or {}
    success, cost, rates = (optimiser[name] or {} for name in ("success", "cost", "lr"))
    low, high = _ends(loss.get("ci"))
    versus_low, versus_high = _ends(versus.get("ci"))
    test = {f"test_{name}": value for name, value in optimiser["test"].items()}
    return {
        "label": optimiser["label"], "type": optimiser["type"], "lr": optimiser["hp"].get("lr"), "n": optimiser["n"],
        "finished": optimiser["finished"], "metric": summary["metric"]["name"], "gmean": loss.get("gmean"),
        "mean": loss.get("mean"), "ci_low": low, "ci_high": high, "median": loss.get("median"),
        "worst": loss.get("worst"), **test, "success_count": success.get("count"), "success_rate": success.get("rate"),
        "baseline": summary["baseline"], "ratio": versus.get("ratio"), "difference": versus.get("difference"),
        "vs_ci_low": versus_low, "vs_ci_high": versus_high, "wins": versus.get("wins"), "losses": versus.get("losses"),
        "ties": versus.get("ties"), "p": versus.get("p"), "p_holm": versus.get("p_holm"),
        "verdict": verdict(optimiser), **_others(optimiser), **_targets(summary, optimiser),
        "us_per_step": cost.get("us_per_step"), "lr_width_2x": rates.get("width_2x_decades"),
        "lr_width_10pct": rates.get("width_10pct_decades"), "warnings": " ".join(map(str, optimiser["warnings"])),
    }  # fmt: skip


def _others(optimiser: dict[str, Any]) -> Row:
    """Other metrics: `accuracy_mean`, and where they give verdicts `accuracy_p_holm`, `accuracy_verdict`."""
    found: Row = {}
    for name, each in {**optimiser.get("also", {}), **optimiser.get("exploratory", {})}.items():
        found[f"{name}_mean"] = each["loss"].get("mean")
        if "vs_baseline" in each:
            versus = each["vs_baseline"] or {}
            found |= {f"{name}_p_holm": versus.get("p_holm"), f"{name}_verdict": verdict({**optimiser, **each})}
    return found


def _targets(summary: Summary, optimiser: dict[str, Any]) -> Row:
    found: Row = {}
    for i, target in enumerate(summary["targets"], 1):
        reached = optimiser["to_target"].get(target["name"]) or {}
        found |= {
            f"target_{i}": target["name"], f"reached_{i}": reached.get("reached"),
            f"steps_to_{i}": reached.get("steps_median"), f"seconds_to_{i}": reached.get("seconds_median"),
        }  # fmt: skip
    return found


def _ends(interval: Sequence[float | None] | None) -> tuple[float | None, float | None]:
    low, high = interval or (None, None)
    return low, high
