"""Every file that a comparison leaves behind, made from its summary and rows alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from zen_cli.compare.report.csv_rows import Row, csv_text, rows_of
from zen_cli.compare.report.markdown import report_md
from zen_cli.compare.report.page import report_html
from zen_cli.compare.report.protocol_yaml import protocol_yaml
from zen_cli.compare.report.series import Summary
from zen_cli.compare.report.tables import formatted
from zen_cli.runs.files import write_atomically, writing

ROWS = ("runs.csv", "curves.csv", "tuning.csv")


def write_all(
    folder: Path, summary: Summary, runs: Sequence[Row], curves: Sequence[Row], tuning: Sequence[Row]
) -> None:
    """Writes summary.json, runs.csv, curves.csv, tuning.csv, report.md, report.html and protocol.yaml, each whole.

    The folder is made if it is not there.

    Raises:
        ZenError: exit 7, naming the file that cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts(summary, runs, curves, tuning).items():
        write_atomically(folder / name, [text.encode("utf-8", "backslashreplace")])


def texts(
    summary: Summary, runs: Sequence[Row], curves: Sequence[Row], tuning: Sequence[Row]
) -> dict[str, str]:
    """The files' content by name. What people read is made from what was written for programs, read back."""
    files = dict(zip(ROWS, map(csv_text, (runs, curves, tuning)), strict=True))
    plain = formatted(summary, "json")
    return {"summary.json": plain, **files, **derived(plain, files)}


def derived(summary: str, files: dict[str, str]) -> dict[str, str]:
    """report.md, report.html and protocol.yaml from the texts of summary.json and the CSV files.

    Raises:
        ZenError: exit 3, naming the line that cannot be read. ValueError: the summary is no JSON.
    """
    read = json.loads(summary)
    runs, curves, tuning = (rows_of(files[name], name) for name in ROWS)
    return {
        "report.md": report_md(read), "report.html": report_html(read, runs, curves, tuning),
        "protocol.yaml": protocol_yaml(read),
    }  # fmt: skip
