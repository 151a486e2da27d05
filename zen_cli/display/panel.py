"""The lines of the live view, as text with styles; nothing here writes."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

from zen_cli.display.cells import fit, pad, width
from zen_cli.display.numbers import countdown, middle, rate, short, spread
from zen_cli.display.sparkline import scale, sparkline, thinned
from zen_cli.display.terminal import escape
from zen_cli.display.track import Track, metrics_of, successes
from zen_cli.training.events import Epoch, Value

Piece: TypeAlias = tuple[str, str]  # text and style: "", "dim", "bold", "cyan", "green", "red"
Line: TypeAlias = list[Piece]

WIDE = 48  # columns from which there are curves and long labels
NUMBER = 9  # columns of a loss, so that what follows does not jump
CURVE = 24
WIDEST = 100


class Room(NamedTuple):
    """Where the panel goes."""

    width: int
    unicode: bool

    @property
    def wide(self) -> bool:
        return self.width >= WIDE

    @property
    def label(self) -> int:
        return 12 if self.wide else 6


def panel(track: Track, now: float, room: Room) -> list[Line]:
    """Progress, the loss of each split with its curve and metrics, the best epoch or the seeds, the pace."""
    epoch = track.last
    if epoch is None:
        return [_progress(track, room), *([_pace(track, now, room)] if track.tempo.reached else [])]
    room = room._replace(width=min(room.width, WIDEST))
    lines = [_progress(track, room)]
    curves = {split: thinned(track.curve(split), CURVE) for split in ("train", "validation")} if room.wide else {}
    to = scale([value for curve in curves.values() for value in curve])
    for split in ("train", "validation"):
        if metrics_of(epoch, split):
            curve = sparkline(curves.get(split, ()), to, room.unicode) if room.wide else ""
            lines.append(_split(epoch, split, curve, to.log, room))
    lines.append(_seeds(track, epoch, room) if track.start.replicas > 1 else _best(track, room))
    lines.append(_pace(track, now, room))
    return [line for line in lines if line]


def _progress(track: Track, room: Room) -> Line:
    return progress_line(track.start.name, "epoch", track.tempo.reached, track.start.epochs, room)


def progress_line(name: str, unit: str, done: float, total: int, room: Room) -> Line:
    """`digits      ━━━━━━━━───────  epoch 14/40`"""
    count = f"{unit + ' ' if room.wide else ''}{int(done):>{len(str(total))}}/{total}"
    label = pad(fit(escape(name), room.label - 1, room.unicode), room.label) if room.wide else ""
    columns = room.width - width(label) - len(count) - 2
    drawn = bar(done / total if total else 1.0, columns, room.unicode) if columns >= 4 else []
    return [(label, "bold"), *drawn, ("  " if drawn else "", ""), (count, "")]


def bar(share: float, columns: int, unicode: bool) -> Line:
    """`━━━━────`"""
    full, rest = "━─" if unicode else "#-"
    filled = math.floor(min(max(share, 0.0), 1.0) * columns)
    return [(full * filled, "cyan"), (rest * (columns - filled), "dim")]


def _split(epoch: Epoch, split: str, curve: str, log: bool, room: Room) -> Line:
    """`validation  loss 0.1123     ▇▆▅▄▃▂▁  accuracy 0.9694`"""
    found = metrics_of(epoch, split)
    line = [_label(split, room), ("loss ", "dim"), _loss(found["loss"], room)]
    items: list[Line] = []
    if curve:
        items.append([(pad(curve, CURVE), "cyan"), (" log" if log else "", "dim")])
    if isinstance(found["loss"], tuple):
        at = spread(found["loss"])
        items.append([(f"{short(at.low)} to {short(at.high)}", "dim")])
    others = {name: short(middle(name, value)) for name, value in found.items() if name != "loss"}
    items += [[(f"{escape(name)} ", "dim"), (number, "")] for name, number in others.items()]
    return fitting(line, items, room)


def _loss(value: Value, room: Room) -> Piece:
    number = middle("loss", value)
    return (pad(short(number), NUMBER if room.wide else 0), "bold" if math.isfinite(number) else "bold red")


def _best(track: Track, room: Room) -> Line:
    if track.best is None:
        return []
    epoch, value = track.best
    said = f"{track.monitor} {short(value)}" if room.wide else short(value)
    return fitting([_label("best", room), (said, "green")], [[(f"in epoch {epoch}", "dim")]], room)


def _seeds(track: Track, epoch: Epoch, room: Room) -> Line:
    """`seeds       41 of 50 have train.loss<0.01`"""
    loss, goal = epoch.train["loss"], track.goal
    value = metrics_of(epoch, goal.split).get(goal.metric) if goal and goal.split != "test" else None
    reached = successes(value, goal) if goal else None
    failed = spread(loss).lost if isinstance(loss, tuple) else 0
    of = f"{reached} of {track.start.replicas}" if reached is not None else str(track.start.replicas)
    items: list[Line] = [[(f"have {goal}", "dim")]] if reached is not None else []
    if failed:
        items.append([(f"{failed} diverged", "red")])
    return fitting([_label("seeds", room), (of, "green")], items, room)


def _pace(track: Track, now: float, room: Room) -> Line:
    pace = track.tempo.pace(now)
    said = [f"{countdown(pace.elapsed)} elapsed" if room.wide else countdown(pace.elapsed)]
    if pace.left is not None and pace.steps is not None and pace.rows is not None:
        said = [f"{countdown(pace.left)} left", *said, f"{rate(pace.steps)} steps/s", f"{rate(pace.rows)} rows/s"]
    if track.rate is not None:
        said.append(f"lr {short(middle('lr', track.rate))}")
    first, *rest = said
    return fitting([_label("time", room), (first, "")], [[(text, "dim")] for text in rest], room)


def _label(split: str, room: Room) -> Piece:
    text = "val." if split == "validation" and not room.wide else split
    return (pad(text, room.label), "dim")


def fitting(line: Line, items: list[Line], room: Room) -> Line:
    """The line with those of the items that still fit, from the first."""
    taken = sum(width(text) for text, _ in line)
    for item in items:
        columns = 2 + sum(width(text) for text, _ in item)
        if taken + columns > room.width:
            break
        line = [*line, ("  ", ""), *item]
        taken += columns
    return line
