"""The report as one HTML file: nothing is fetched, and it reads without scripts."""

from __future__ import annotations

from collections.abc import Sequence

from zen_cli.compare.budgets import said
from zen_cli.compare.report.cells import NOTHING
from zen_cli.compare.report.columns import Column, Optimiser, columns, verdict
from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.facts import facts
from zen_cli.compare.report.figures.all_figures import figures
from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.figures.profile import rank_table
from zen_cli.compare.report.marks import marker
from zen_cli.compare.report.markup import safe, tag
from zen_cli.compare.report.protocol_yaml import protocol_yaml
from zen_cli.compare.report.series import Summary, numbers
from zen_cli.compare.report.style import CSS, SORT
from zen_cli.compare.report.svg import color, line

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"  # nothing is fetched
SYMBOLS = {"better": "▲", "worse": "▼", "equivalent": "=", "undecided": "?", "failed": "✕", "under-tuned": "⚠"}


def report_html(summary: Summary, runs: Sequence[Row], curves: Sequence[Row], tuning: Sequence[Row]) -> str:
    """The whole file: the verdict, the table, the figures, then warnings and the protocol."""
    name = summary["name"]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{safe(name)}: optimizers compared</title><style>{CSS}</style>"
    )
    body = (
        tag("h1", safe(name), " ", tag("small", "optimizers compared")),
        tag("p", safe(summary["sentence"]), class_="verdict"), tag("p", safe(_meta(summary)), class_="meta"),
        _table(summary), _figures(figures(summary, runs, curves, tuning)), _several(summary), _warnings(summary),
        _protocol(summary), tag("footer", safe(f"{summary['schema']} · made by zen {summary['env'].get('zen', '')}")),
    )  # fmt: skip
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><main>' + "\n".join(body) + (
        f"</main><script>{SORT}</script></body></html>\n"
    )


def _meta(summary: Summary) -> str:
    card = summary["protocol"]
    tune = card["tune"]
    trials = f", after tuning by {tune['trials']} trials × {len(tune['seeds'])} seeds each"
    tuning = trials if tune["what"] != "none" else ""
    return (
        f"{len(card['seeds'])} paired seeds judge{tuning}. {said(card)}, {summary['metric']['name']} at the end."
    )


def _table(summary: Summary) -> str:
    found = columns(summary)
    heads = (tag("th", safe(c.name), scope="col", title=c.meaning or None, class_=None if c.words else "number")
             for c in found)  # fmt: skip
    rows = [_row(summary, found, each) for each in summary["optimisers"]]
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="sortable")
    meanings = (tag("div", tag("dt", safe(c.name)), tag("dd", safe(c.meaning))) for c in found if c.meaning)
    return tag("div", table, class_="wide") + tag("dl", *meanings, class_="meanings")


def _row(summary: Summary, found: Sequence[Column], optimiser: Optimiser) -> str:
    return tag("tr", *(_cell(summary, column, optimiser) for column in found))


def _cell(summary: Summary, column: Column, optimiser: Optimiser) -> str:
    text, key = column.text(optimiser), column.key(optimiser)
    known = "" if key is None else key if isinstance(key, str) else repr(key)
    if column.name == "optimizer":
        return tag("th", _key(numbers(summary)[optimiser["label"]]), safe(text), scope="row", data_key=known)
    if column.name == "verdict":
        word = verdict(optimiser)
        symbol = SYMBOLS.get(word, "")
        return tag("td", safe(f"{symbol} {word}".strip()), class_=word if word != NOTHING else None, data_key=known)
    main, bracket, rest = text.partition(" [")
    return tag("td", safe(main), tag("i", safe(bracket + rest)) if rest else "",
               class_=None if column.words else "number", data_key=known)  # fmt: skip


def _key(number: int) -> str:
    """The line of an optimizer in all figures."""
    drawn = line([(0.0, 5.0), (34.0, 5.0)], number) + marker(17, 5, number, 4)
    return tag("svg", drawn, viewBox="0 0 34 10", class_=f"key {color(number)}", aria_hidden="true")


def _figures(found: Sequence[Figure]) -> str:
    if not found:
        return ""
    choice = tag(
        "p", "Time as ", '<label><input type="radio" name="x" id="by-steps" checked> steps</label> ',
        '<label><input type="radio" name="x" id="by-seconds"> seconds</label>', class_="axis-choice",
    ) if any(each.by_seconds for each in found) else ""  # fmt: skip
    return tag("section", tag("h2", "Figures"), choice, tag("div", *map(_figure, found), class_="grid"), id="figures")


def _figure(figure: Figure) -> str:
    several = len(figure.always) > 1
    look = "plots many" if several else "plots single"
    seconds = figure.by_seconds or figure.by_steps  # without a clock the steps stay
    plots = (("", figure.always), (" by-steps", figure.by_steps), (" by-seconds", seconds))
    shown = (tag("div", *drawings, class_=look + axis) for axis, drawings in plots if drawings)
    return tag("figure", tag("h3", safe(figure.title)), *shown, tag("figcaption", safe(figure.caption)),
               id=figure.key, class_="whole" if several else None)  # fmt: skip


def _several(summary: Summary) -> str:
    several = summary.get("several")
    return tag("h2", "Ranks") + tag("div", rank_table(several), class_="wide") if several else ""


def _warnings(summary: Summary) -> str:
    if not summary["warnings"]:
        return ""
    items = (
        tag("li", tag("b", safe(each["id"])), " ", safe(f"{each['optimiser']}: " if each["optimiser"] else ""),
            safe(each["text"]))
        for each in summary["warnings"]
    )  # fmt: skip
    return tag("h2", "Warnings") + tag("ul", *items, class_="warnings")


def _protocol(summary: Summary) -> str:
    known = "".join(tag("dt", safe(name)) + tag("dd", safe(text)) for name, text in facts(summary))
    config = "\n".join(map(safe, protocol_yaml(summary).splitlines()))
    return (
        tag("h2", "Protocol") + tag("dl", known, class_="facts")
        + tag("details", tag("summary", "protocol.yaml: the config that compares this way again"), tag("pre", config))
    )  # fmt: skip
