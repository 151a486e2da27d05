"""A drawing as a file of its own: SVG with its colours in it, or a page of HTML; light or dark as the reader has it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zen_cli.compare.report.marks import words
from zen_cli.compare.report.markup import safe, shortened, tag
from zen_cli.compare.report.style import COLORS, CSS, MARKS
from zen_cli.compare.report.svg import Frame

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing is fetched
PER_LETTER = 8  # pixels, at most
DARK = "@media(prefers-color-scheme:dark)"


def svg_file(frame: Frame, title: str, content: Sequence[str]) -> str:
    """The drawing on a ground of its own."""
    ground = tag("rect", width="100%", height="100%", class_="paper")
    drawn = tag(
        "svg", tag("title", safe(title)), f"<style>{_style()}</style>", ground, *content,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {frame.width:g} {frame.height:g}",
        width=f"{frame.width:g}", height=f"{frame.height:g}", role="img", aria_label=title,
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'


def html_file(title: str, drawing: str) -> str:
    """The drawing on a page."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{safe(title)}</title>'
        f"<style>{CSS}main{{max-width:60rem}}</style>"
    )
    body = tag("main", tag("figure", tag("div", drawing, class_="plots")))
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


def heading(frame: Frame, title: str, caption: str) -> list[str]:
    """What is shown, and how to read it, above the plot."""
    left, longest = frame.x[0], int(frame.width / PER_LETTER)
    return [words(left, 18, shortened(title, longest), "head", title), words(left, 35, caption, "note")]


def _style() -> str:
    """The rules of the marks without variables: what shows SVG outside a browser knows none."""
    light, dark = (dict(re.findall(r"--(\w+):([^;}]+)", part)) for part in COLORS.split("@media"))
    rules = "text{font:12px sans-serif}svg{fill:var(--ink)}.paper{fill:var(--paper)}" + MARKS.replace("\n", "")
    return _with(rules, light) + f"{DARK}{{{_with(rules, dark)}}}"


def _with(rules: str, colors: dict[str, str]) -> str:
    rules = rules.replace("{--c:var", "{color:var").replace("var(--c)", "currentColor")
    return re.sub(r"var\(--(\w+)\)", lambda found: colors[found[1]], rules)
