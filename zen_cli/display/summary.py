"""The lines of a training that stay: one for an epoch, one for the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zen_cli.display.cells import GAP, wrapped
from zen_cli.display.numbers import countdown, duration, rate, said
from zen_cli.display.tempo import Tempo
from zen_cli.display.terminal import BOLD, GREEN, RED, YELLOW, Terminal, escape
from zen_cli.display.track import successes
from zen_cli.training.events import COMPLETED, DIVERGED, INTERRUPTED, End, Epoch, Metrics, Rest, Start

if TYPE_CHECKING:
    from zen_cli.training.conditions import Condition

_COLORS = {COMPLETED: GREEN, DIVERGED: RED, INTERRUPTED: YELLOW}


def started(start: Start) -> str:
    """`digits  4,810 parameters  1,258 rows  40 epochs`"""
    seeds = f"{start.replicas} seeds" if start.replicas > 1 else ""
    counts = (f"{start.parameters:,} parameters", f"{start.rows.get('train', 0):,} rows", f"{start.epochs:,} epochs")
    return GAP.join(part for part in (escape(start.name), seeds, *counts) if part)


def epoch_line(epoch: Epoch, epochs: int, to: Terminal, rate: bool = False) -> str:
    """`epoch 14/40  loss 0.08234  validation.loss 0.1123  validation.accuracy 0.9694  lr 0.001  3.1 s`"""
    parts = [
        f"epoch {epoch.epoch:>{len(str(epochs))}}/{epochs}", *_metrics("", epoch.train),
        *_metrics("validation.", epoch.validation), *_metrics("", {"lr": epoch.lr} if rate else {}),
        duration(epoch.seconds),
    ]
    return wrapped(parts, to.width)


def rest_line(rest: Rest, tempo: Tempo, now: float, to: Terminal) -> str:
    """`epoch 3/40  37% done  loss 0.08234  1,200 rows/s  2 min 10 s left`"""
    epochs, pace = tempo.start.epochs, tempo.pace(now)
    parts = [f"epoch {rest.epoch + 1:>{len(str(epochs))}}/{epochs}", f"{int(100 * rest.share)}% done"]
    parts += _metrics("", {} if rest.loss is None else {"loss": rest.loss})
    parts += [f"{rate(pace.rows)} rows/s"] if pace.rows is not None else []
    parts += [f"{countdown(pace.left)} left"] if pace.left is not None else []
    return wrapped(parts, to.width)


def summary(name: str, end: End, to: Terminal, goal: Condition | None = None) -> str:
    """`digits: completed  40 epochs  1.2 s  loss 0.05  validation.loss 0.11  best epoch 27 ...  runs/digits/...`

    And a line for each thing that there is to note.
    """
    status = end.status.replace("_", " ")
    message = f" ({escape(end.message)})" if end.message else ""
    train = end.train if not end.validation else {k: v for k, v in end.train.items() if k == "loss"}
    parts = [
        f"{escape(name)}: {status}{message}", f"{end.epochs} epoch{'s' if end.epochs != 1 else ''}",
        duration(end.seconds), *_metrics("", train), *_metrics("validation.", end.validation),
        *_metrics("test.", end.test), _reached(end, goal), _best(end), escape(end.run or ""),
    ]
    text = wrapped([part for part in parts if part], to.width)
    said = text.replace(f": {status}", f": {to.style(status, BOLD, _COLORS.get(end.status, GREEN))}", 1)
    warning = f"zen: {to.style('warning:', BOLD, YELLOW)} "
    return "\n".join([said, *(warning + escape(note) for note in end.notes if end.status != DIVERGED)])


def _metrics(prefix: str, found: Metrics) -> list[str]:
    return [f"{prefix}{escape(name)} {said(name, value)}" for name, value in found.items()]


def _reached(end: End, goal: Condition | None) -> str:
    if goal is None:
        return ""
    measured = {"train": end.train, "validation": end.validation, "test": end.test}
    value = measured.get(goal.split, {}).get(goal.metric)
    count = successes(value, goal)
    return "" if count is None or not isinstance(value, tuple) else f"{count} of {len(value)} have {goal}"


def _best(end: End) -> str:
    """`best epoch 27 (validation.loss 0.1050)`; the numbers of the last epoch are already there."""
    epoch = end.best.get("epoch")
    if not epoch or epoch == end.epochs:
        return f"best epoch {epoch}" if epoch else ""
    numbers = {name: value for name, value in end.best.items() if isinstance(value, (float, tuple))}
    if "value" in numbers:
        numbers = {end.best.get("monitor", "value"): numbers["value"]}
    return f"best epoch {epoch} ({', '.join(_metrics('', numbers))})"
