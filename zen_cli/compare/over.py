"""The values of an option against each other: `model[0].units=16,32`, each an entry with an experiment of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from zen_cli.compare.entries import Entry
from zen_cli.config.load import load
from zen_cli.config.overrides import key_path
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.experiment import Experiment, from_config
from zen_cli.resolved import resolved

SHARED = (  # what all have in common: their rows, their seeds, how long they are trained, how they are judged
    ("name",), ("seed",), ("version",), ("problem",), ("compare",), ("metrics",),
    ("data", "source"), ("data", "target"), ("data", "split"),
    ("trainer", "epochs"), ("trainer", "target"), ("trainer", "monitor"), ("trainer", "early_stopping"),
)  # fmt: skip
MOST = 32  # entries that a product of options may have
_OPEN, _CLOSE, _QUOTES = "[{(", "]})", "\"'"


class Choice(NamedTuple):
    """An option and the values that it takes, as they were written."""

    key: str
    values: tuple[str, ...]


def choice(text: str) -> Choice:
    """`KEY=A,B`; commas inside brackets and quotes separate nothing.

    Raises:
        ZenError: fewer than two values; an option that all have in common.

    >>> choice("optimizer.betas=[0.9, 0.99],[0.8, 0.99]").values
    ('[0.9, 0.99]', '[0.8, 0.99]')
    """
    where = Place(f"--over {text}")
    key, _, rest = text.partition("=")
    path = key_path(key, where)
    values = tuple(value.strip() for value in _split(rest))
    if len(values) < 2 or "" in values:
        raise ZenError("expected KEY=A,B with two values or more", where, "write it as --over loss=mse,cross_entropy")
    if len(set(values)) < len(values):
        raise ZenError("a value stands twice", where)
    if any(path[: len(shared)] == shared for shared in SHARED):
        raise ZenError(f"'{key}' is the same for all that are compared", where, "give a config for each value instead")
    return Choice(key.strip(), values)


def entries_over(
    source: str, base: Experiment, written: Sequence[str], *, sets: Sequence[str] = (), unsets: Sequence[str] = ()
) -> list[Entry]:
    """An entry for every combination of values, at the optimizer of its config; `base` is the config as it stands.

    Raises:
        ZenError: a choice or config that cannot be read; too many combinations.
    """
    if source == "-":
        raise ZenError("a config from standard input cannot be read again", Place("--over"), "name a file")
    choices = [choice(text) for text in written]
    keys = [each.key for each in choices]
    if len(set(keys)) < len(keys):
        raise ZenError("an option stands twice", Place("--over"), "list all values of an option in one")
    rows = list(product(*(each.values for each in choices)))
    if len(rows) > MOST:
        raise ZenError(f"{len(rows)} combinations", Place("--over"), f"at most {MOST} can be compared")
    return [_entry(source, base, tuple(zip(keys, row, strict=True)), sets, unsets) for row in rows]


def one_loss(entries: Sequence[Entry]) -> bool:
    """Whether a loss of one entry means the same as a loss of another."""
    losses = [resolved(entry.experiment).get("loss") for entry in entries if entry.experiment]
    return all(loss == losses[0] for loss in losses)


def common(base: Experiment, entries: Sequence[Entry]) -> list[str]:
    """What can judge all entries: the loss if it is one, and the metrics that all of them measure."""
    measured = [{metric.label for metric in (entry.experiment or base).metrics} for entry in entries]
    names = [metric.label for metric in base.metrics if all(metric.label in each for each in measured)]
    return ["loss", *names] if one_loss(entries) else names


def tunes_rate(written: Sequence[str]) -> bool:
    """Whether the learning rate is what is compared, so that it cannot be tuned."""
    return any(key_path(choice(text).key, Place("--over"))[:2] == ("optimizer", "lr") for text in written)


def _entry(
    source: str, base: Experiment, over: tuple[tuple[str, str], ...], sets: Sequence[str], unsets: Sequence[str]
) -> Entry:
    more = [f"{key}={value}" for key, value in over]
    again = any(key.partition(".")[0] in ("data", "loss") for key, _ in over)  # they decide how rows are read
    try:
        config = load(source, sets=[*sets, *more], unsets=unsets)
        experiment = from_config(config, dataset=None if again else base.dataset)
    except ZenError as error:
        raise _as_typed(error, more) from None
    if experiment.dataset.rows != base.dataset.rows:
        raise ZenError("other rows are read: these cannot be compared seed by seed", Place(f"--over {more[0]}"))
    label = "/".join(value for _, value in over)
    return Entry(label, experiment.optimizer, experiment=experiment, over=over)


def _as_typed(error: ZenError, more: Sequence[str]) -> ZenError:
    """The error with the flag that was typed in its places."""
    flags = {f"--set {text}": f"--over {text}" for text in more}
    problems = Problems()
    for each in error.all():
        where = each.where and each.where._replace(file=flags.get(each.where.file, each.where.file))
        problems.add(each.what, where, each.hint)
    found = problems.found[0]
    found.code, found.also = error.code, tuple(problems.found[1:])
    return found


def _split(text: str) -> Iterator[str]:
    """At the commas outside brackets and quotes."""
    depth, quote, start = 0, "", 0
    for i, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPEN or character in _CLOSE:
            depth += 1 if character in _OPEN else -1
        elif character == "," and depth == 0:
            yield text[start:i]
            start = i + 1
    yield text[start:]
