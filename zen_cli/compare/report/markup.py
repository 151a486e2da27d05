"""Elements of HTML and SVG as text, with every foreign text made harmless."""

from __future__ import annotations

from html import escape as _entities

from zen_cli.display.terminal import escape

Attribute = str | float | int | None


def safe(text: object) -> str:
    r"""Text for an element or an attribute: control characters written out, markup as entities.

    >>> safe("<b>\x1b[31m & 'c'")
    '&lt;b&gt;\\x1b[31m &amp; &#x27;c&#x27;'
    """
    return _entities(escape(str(text)))


def tag(name: str, *content: str, **attributes: Attribute) -> str:
    """An element; the content is markup already, attributes are not. `_` in their names is `-`, at the end nothing.

    >>> tag("circle", cx=1.04, r=3, class_="a<b"), tag("p", "hi"), tag("g", tag("path", d="M0 0"), fill=None)
    ('<circle cx="1" r="3" class="a&lt;b"/>', '<p>hi</p>', '<g><path d="M0 0"/></g>')
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{pixels(value) if isinstance(value, float) else safe(value)}"'
        for key, value in attributes.items() if value is not None
    )  # fmt: skip
    inner = "".join(content)
    return f"<{name}{written}>{inner}</{name}>" if inner or name not in _EMPTY else f"<{name}{written}/>"


_EMPTY = {"path", "line", "rect", "circle", "input", "meta"}


def pixels(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as it gets.

    >>> pixels(12.04), pixels(12.35), pixels(-0.01)
    ('12', '12.3', '0')
    """
    text = f"{value:.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return "0" if text == "-0" else text


def shortened(text: str, most: int) -> str:
    """Text for a narrow place.

    >>> shortened("momentum-0.99", 8), shortened("adam", 8)
    ('momentu…', 'adam')
    """
    text = escape(text)
    return text if len(text) <= most else text[: most - 1] + "…"
