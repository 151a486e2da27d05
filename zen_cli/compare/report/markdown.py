"""The report as Markdown: the verdict first, then the table, warnings and the protocol."""

from __future__ import annotations

from collections.abc import Iterator

from zen_cli.compare.report.columns import columns
from zen_cli.compare.report.facts import facts
from zen_cli.compare.report.protocol_yaml import protocol_yaml
from zen_cli.compare.report.series import Summary
from zen_cli.compare.report.tables import inline, legible
from zen_cli.display.terminal import escape


def report_md(summary: Summary) -> str:
    """The whole file."""
    return "\n".join(_blocks(summary))


def _blocks(summary: Summary) -> Iterator[str]:
    found = columns(summary)
    yield f"# {inline(summary['name'])}: optimizers compared\n"
    yield f"**{inline(summary['sentence'])}**\n"
    yield legible(summary)
    yield "".join(f"- *{inline(c.name)}*: {inline(c.meaning)}\n" for c in found if c.meaning)
    if summary["warnings"]:
        yield "## Warnings\n"
        yield "".join(f"- **{inline(w['id'])}** {_about(w['optimiser'])}{inline(w['text'])}\n"
                      for w in summary["warnings"])  # fmt: skip
    yield "## Protocol\n"
    yield "".join(f"- {inline(name)}: {inline(text)}\n" for name, text in facts(summary))
    yield fenced(protocol_yaml(summary))


def fenced(text: str) -> str:
    """Text as a block of code that nothing in it can close."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}yaml\n" + "".join(f"{escape(line)}\n" for line in text.splitlines()) + f"{fence}\n"


def _about(label: str | None) -> str:
    return f"{inline(label)}: " if label else ""
