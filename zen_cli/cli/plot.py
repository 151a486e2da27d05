"""zen plot: the curves of runs, in the terminal or as a picture."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from zen_cli.cli import options
from zen_cli.cli.arguments import Argument, option
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.compare.report.svg import Frame
    from zen_cli.runs.source import Source

Runs = Annotated[
    list[str], Argument(metavar="RUN...", help="Run directories, runs/NAME (its latest), or model files.")
]
Metric = Annotated[
    str | None, option("--metric", metavar="METRIC", help="What to draw: accuracy, validation.loss, lr.")
]
Svg = Annotated[str | None, option("--svg", metavar="FILE", help="Draw it as SVG; `-`: standard output.")]
Html = Annotated[str | None, option("--html", metavar="FILE", help="Draw it on a page; `-`: standard output.")]
Png = Annotated[str | None, option("--png", metavar="FILE", help="Not in this version.", hidden=True)]


class Drawing(NamedTuple):
    """What is asked for: files, else the terminal."""

    svg: str | None
    html: str | None
    no_color: bool

    @property
    def files(self) -> bool:
        return self.svg is not None or self.html is not None


def plot(
    runs: Runs, metric: Metric = None, svg: Svg = None, html: Html = None, png: Png = None,
    quiet: options.Quiet = False, no_color: options.NoColor = False,
) -> int:  # fmt: skip
    """Draw the curves of runs, or the way of an optimizer over a function.

    Training and validation loss over the epochs, several runs above each other. Runs (or configs) of a problem of two
    numbers, such as rosenbrock, are drawn as ways over its contour lines, unless there is a --metric.
    """
    if png is not None:
        raise ZenError("this version writes svg and html, no png", Place("--png"), "zen plot RUN --svg FILE")
    check_outputs(svg, html)
    options.use_threads(1)
    from zen_cli.runs.source import open_source

    sources = [open_source(run) for run in runs]
    options.warn([warning for source in sources for warning in source.warnings], quiet)
    to = Drawing(svg, html, no_color)
    if metric is not None or not _draw_paths(sources, to):
        _draw_curves(sources, metric or "loss", to)
    return int(Exit.DONE)


def _draw_paths(sources: list[Source], to: Drawing) -> bool:
    """Whether all are of the same function of two numbers, and drawn."""
    from zen_cli.runs.source import labels, surface_of

    experiments = surface_of(sources)
    if not experiments:
        return False
    from zen_cli.problems.surface import Surface
    from zen_cli.training.path import path

    surface = experiments[0].problem
    assert isinstance(surface, Surface)
    paths = [(label, path(each)) for label, each in zip(labels(sources, by_optimizer=True), experiments, strict=True)]
    if not to.files:
        from zen_cli.display.plot.path_map import show

        show(surface, paths, surface.name, stream=sys.stdout, environ=options.environment(to.no_color))
        return True
    from zen_cli.display.plot import path_picture

    write(to, path_picture.FRAME, surface.name, path_picture.picture(surface, paths, surface.name))
    return True


def _draw_curves(sources: list[Source], metric: str, to: Drawing) -> None:
    from zen_cli.display.plot.curves import drawn, points
    from zen_cli.runs.source import labels, require_history

    found = [points(require_history(source).events, metric, str(source.path)) for source in sources]
    names = labels(sources)
    curves = drawn(list(zip(names, found, strict=True)))
    title = metric if len(names) > 1 else f"{names[0]}: {metric}"
    if not to.files:
        from zen_cli.display.plot.chart import show

        show(curves, metric, title, stream=sys.stdout, environ=options.environment(to.no_color))
        return
    from zen_cli.display.plot import picture

    write(to, picture.FRAME, title, picture.picture(curves, metric, title))


def check_outputs(svg: str | None, html: str | None) -> None:
    """Refuses two pictures on standard output."""
    if svg == html == "-":
        raise ZenError("standard output cannot be both svg and html", Place("--html"), "name a file for one of them")


def write(to: Drawing, frame: Frame, title: str, content: list[str]) -> None:
    """The files that were asked for."""
    from zen_cli.compare.report.svg import drawing
    from zen_cli.display.plot.document import html_file, svg_file

    if to.svg is not None:
        _put(to.svg, svg_file(frame, title, content))
    if to.html is not None:
        _put(to.html, html_file(title, drawing(frame, title, *content)))


def _put(file: str, text: str) -> None:
    if file == "-":
        sys.stdout.buffer.write(text.encode())  # a file is UTF-8, whatever the terminal speaks
        return
    from pathlib import Path

    from zen_cli.runs.files import write_atomically

    write_atomically(Path(file), [text.encode()])
