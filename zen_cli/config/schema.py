"""A mapping of options into an instance of the class that declares them: components and sections alike."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, TypeVar

from zen_cli.config.node import Entry, Mapping, Scalar, shown
from zen_cli.config.values import INVALID, convert
from zen_cli.errors import Problems, ZenError
from zen_cli.registry import Option, did_you_mean, options_of

T = TypeVar("T")

# What other programs call an option; only used to suggest.
SYNONYMS = {
    "learning_rate": "lr", "rate": "lr", "eta": "lr", "neurons": "units", "width": "units", "size": "units",
    "outputs": "units", "optimiser": "optimizer", "layers": "model", "metric": "metrics", "dataset": "data",
    "criterion": "loss", "training": "trainer", "train": "trainer", "file": "source", "path": "source",
    "label": "target", "batch": "batch_size", "max_epochs": "epochs", "normalize": "scale", "standardize": "scale",
    "na_values": "null", "sep": "delimiter",
}


def options(cls: type) -> dict[str, Option]:
    """The options of a schema class by name."""
    return {option.name: option for option in options_of(cls)}


def read_options(
    node: Mapping, cls: type[T], problems: Problems, *,
    skip: Container[str] = (), instead: dict[str, Any] | None = None,
) -> T | None:
    """An instance of `cls` from the options written in `node`; None if it cannot be made.

    Unknown keys (other than those in `skip`), missing ones, values that do not fit and what the class itself
    refuses are added to `problems`. A value that does not fit is replaced by its default, or by the one in
    `instead`, so that what follows can still be checked.
    """
    known = options(cls)
    values: dict[str, Any] = {}
    for name, entry in node.entries.items():
        if name in known:
            values[name] = _value(entry, known[name], problems)
        elif name not in skip:
            _unknown(name, entry, known, problems)
    lacking = [option for option in known.values() if option.required and option.name not in node.entries]
    for option in lacking:
        problems.add(f"missing option {shown(option.name)}", node.place, option.help or None)
    unsound = any(value is INVALID for value in values.values())
    values = (instead or {}) | {name: value for name, value in values.items() if value is not INVALID}
    if any(option.required and option.name not in values for option in known.values()):
        return None
    return _construct(node, cls, values, Problems() if unsound else problems)


def _value(entry: Entry, option: Option, problems: Problems) -> Any:
    value = entry.value
    if isinstance(value, Scalar) and value.missing:
        value = value._replace(place=entry.place)  # an empty value has no place of its own
    return convert(value, option.type, option.limits, problems)


def _unknown(name: str, entry: Entry, known: dict[str, Option], problems: Problems) -> None:
    meant = did_you_mean(name, known)
    if not meant:
        import difflib

        synonyms = [word for word, option in SYNONYMS.items() if option in known]
        close = difflib.get_close_matches(name, synonyms, n=1, cutoff=0.8)
        meant = f"; did you mean '{SYNONYMS[close[0]]}'?" if close else ""
    hint = f"options: {', '.join(known)}" if known else "it has no options"
    if ":" in name and name.partition(":")[0] in known:
        hint = "a space is missing after ':'"
    problems.add(f"unknown option{meant}", entry.place, hint)


def _construct(node: Mapping, cls: type[T], values: dict[str, Any], problems: Problems) -> T | None:
    try:
        return cls(**values)
    except ZenError as error:
        where = error.where or node.place
        problems.add(error.what, where, error.hint)
    except ValueError as error:
        problems.add(str(error), node.place)
    return None
