"""The lines of a comparison's live view, as text with styles; nothing here writes."""

from __future__ import annotations

import math

from zen_cli.display.cells import fit, pad, width
from zen_cli.display.numbers import countdown, short
from zen_cli.display.panel import CURVE, NUMBER, WIDEST, Line, Room, bar, fitting, progress_line
from zen_cli.display.race.track import Race, Racer, Standing
from zen_cli.display.sparkline import Scale, scale, sparkline, thinned
from zen_cli.display.terminal import escape

LABEL, NARROW_LABEL, BAR, PHASE, RATE = 14, 8, 10, 7, 8  # columns
FEWEST_POINTS = 8
STYLES = {"tuned": "", "judged": "green"}


def race_panel(race: Race, now: float, room: Room, lines: int) -> list[Line]:
    """Progress over all runs, a line for each optimizer, the pace; in as many lines as there are."""
    room = room._replace(width=min(room.width, WIDEST))
    name = race.protocol.experiment.config.name
    shown, hidden = _shown(race, lines - 4)
    standings = [racer.standing for racer in shown if racer.standing]
    to = scale([value for each in standings for value in thinned(each.curve, CURVE)])
    widest, leader = max(width(escape(racer.label)) for racer in shown), race.leader
    label = max(min(widest, LABEL), room.label - 2) if room.wide else min(widest, NARROW_LABEL)
    rows = [_row(racer, racer is leader, label, to, room) for racer in shown]
    more = [[(f"and {hidden} more", "dim")]] if hidden else []
    return [progress_line(name, "run", race.done, race.wanted, room), *rows, *more, _pace(race, now, room)]


def _shown(race: Race, lines: int) -> tuple[list[Racer], int]:
    """All, or the best of them, in the order in which they were written."""
    racers = list(race.racers.values())
    if len(racers) <= lines:
        return racers, 0
    sign = 1.0 if race.protocol.goal == "min" else -1.0

    def place(racer: Racer) -> tuple[float, float]:
        found = racer.standing
        return (found.broke, sign * found.value) if found else (math.inf, math.inf)

    kept = sorted(racers, key=place)[: max(lines - 1, 1)]
    return [racer for racer in racers if racer in kept], len(racers) - len(kept)


def _row(racer: Racer, leads: bool, label: int, to: Scale, room: Room) -> Line:
    """`adam    ━━━━━━━━━━  37/37  judged   0.0907     lr 0.01    ▇▆▅▄▃▂▁`"""
    name: Line = [(pad(fit(escape(racer.label), label, room.unicode), label), "bold" if leads else "")]
    digits = len(str(racer.wanted))
    count: Line = [(f"{racer.done:>{digits}}/{racer.wanted}", "")]
    found = racer.standing
    value, curve = _value(found, leads), _curve(found, label, digits, to, room)
    if not room.wide:
        return fitting(name, [value, count], room)
    drawn: Line = [*bar(racer.done / max(racer.wanted, 1), BAR, room.unicode), ("  ", ""), *count]
    phase: Line = [(pad(racer.phase, PHASE), STYLES.get(racer.phase, "dim"))]
    lr: Line = [("lr ", "dim"), (pad(f"{found.lr:g}", RATE), "")] if found else [(" " * (RATE + 3), "")]
    broke: Line = [(f"{found.broke} of {found.of} broke", "red")] if found and found.broke else []
    items = [drawn, phase, value, lr, *([broke] if broke else []), *([curve] if curve else [])]
    return fitting(name, items, room)


def _value(found: Standing | None, leads: bool) -> Line:
    if found is None:
        return [(" " * NUMBER, "")]
    if not math.isfinite(found.value):
        return [(pad("diverged", NUMBER), "red")]
    return [(pad(short(found.value), NUMBER), "bold green" if leads else "")]


def _curve(found: Standing | None, label: int, digits: int, to: Scale, room: Room) -> Line:
    """The course in the room that is left, on the scale of all."""
    taken = label + (2 + BAR) + (2 + 2 * digits + 1) + (2 + PHASE) + (2 + NUMBER) + (2 + RATE + 3) + 2
    columns = min(room.width - taken, CURVE)
    if found is None or columns < FEWEST_POINTS:
        return []
    return [(pad(sparkline(thinned(found.curve, columns), to, room.unicode), columns), "cyan")]


def _pace(race: Race, now: float, room: Room) -> Line:
    """`13 s left  12 s elapsed  32 runs known`"""
    left, elapsed = race.left(now), countdown(now - race.began)
    said = [f"{elapsed} elapsed" if room.wide else elapsed]
    if left is not None:
        said.insert(0, f"{countdown(left)} left")
    if race.known:
        said.append(f"{race.known} runs known")
    first, *rest = said
    return fitting([(first, "")], [[(text, "dim")] for text in rest], room)
