"""What a mistake probably means: words of other programs, keys in the wrong place, characters that look like others."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

from zen_cli.registry import Option, Registry, is_schema, members, options_of
from zen_cli.suggest import did_you_mean, nearest

# What other programs call an option; only used to suggest.
SYNONYMS = {
    "learning_rate": "lr", "rate": "lr", "eta": "lr", "neurons": "units", "width": "units", "size": "units",
    "outputs": "units", "out_features": "units", "output_dim": "units", "optimiser": "optimizer", "layers": "model",
    "metric": "metrics", "dataset": "data", "criterion": "loss", "training": "trainer", "train": "trainer",
    "file": "source", "path": "source", "label": "target", "batch": "batch_size", "max_epochs": "epochs",
    "normalize": "scale", "standardize": "scale", "na_values": "null", "sep": "delimiter", "network": "model",
}  # fmt: skip
PLACED = {name: f"optimizer.{name}" for name in ("lr", "momentum", "betas", "weight_decay")} | {
    "learning_rate": "optimizer.lr", "units": "model[0].units", "validation_split": "data.split.validation",
    "test_size": "data.split.test",
}  # fmt: skip
HINTS = {
    "activation": "an activation is a layer of its own: write `relu` as the next one",
    **dict.fromkeys(
        ("in_features", "input_dim", "input_shape", "input_size", "inputs"), "sizes are inferred: leave it out"
    ),
}
LIST_ITEMS = "begin each layer on a line of its own with '- '"


def unknown_option(name: str, known: dict[str, Option], section: str) -> tuple[str, str]:
    """What was found instead of an option of the section, and the hint."""
    hint = HINTS.get(name) or f"options: {', '.join(known)}" if known else "it has no options"
    if ":" in name and name.partition(":")[0] in known:
        hint = "a space is missing after ':'"
    return f"unknown option{_meant(name, known, section)}", strange(name) or hint


def _meant(name: str, known: dict[str, Option], section: str) -> str:
    synonyms = {word: option for word, option in SYNONYMS.items() if option in known}
    close = name if name in synonyms else None if nearest(name, known) else nearest(name, synonyms, 0.8)
    placed = next(iter(_paths(name, known)), PLACED.get(name, "") if "optimizer" in known else "")
    if placed and name not in HINTS:
        return f"; did you mean '{section}{placed}'?"
    return f"; did you mean '{synonyms[close]}'?" if close else did_you_mean(name, known)


def _paths(name: str, known: dict[str, Option]) -> Iterator[str]:
    """Where in the sections below an option of this name stands."""
    for option in known.values():
        for member in members(option.type):
            inner = {each.name: each for each in options_of(member)} if is_schema(member) else {}
            yield from (f"{option.name}.{path}" for path in ([name] if name in inner else _paths(name, inner)))


def unknown_name(text: str, registry: Registry[Any]) -> str | None:
    """A hint for a name that no component has, if it tells what was meant."""
    if registry.kind == "layer" and text.isdecimal():
        return f"write `linear: {text}`"
    if " - " in text:
        return f"check the indentation; {LIST_ITEMS}"
    for sign in (":", " ", "("):
        name, found, rest = text.partition(sign)
        number = rest.strip().replace(".", "", 1).isdecimal()
        if found and name in registry and (number or sign != " "):
            return f"write `{name}: {rest.strip()}`" if sign != "(" else f"write {{type: {name}, option: value}}"
    return strange(text)


def strange(text: str) -> str | None:
    """Names a character that cannot be told from a space, a sign or nothing."""
    import unicodedata

    for character in text if not text.isascii() else "":
        likeness = unicodedata.normalize("NFKC", character)
        if unicodedata.category(character) in ("Zs", "Cf") or (likeness != character and likeness.isascii()):
            name = unicodedata.name(character, "a character").lower()
            return f"it holds U+{ord(character):04X} ({name}), which only looks like what is meant"
    return None


def wrong_shape(wanted: tuple[Any, ...], text: str) -> str | None:
    """What to write where a single value stands in place of a list or of a mapping."""
    for member in wanted:
        if is_schema(member):
            needed = [option.name for option in options_of(member) if option.required]
            listed = ", ".join(option.name for option in options_of(member))
            return f"write {{{needed[0]}: {text}}}" if len(needed) == 1 else f"options: {listed}"
    for member in wanted:
        if typing.get_origin(member) is list and text and len(text) < 40:
            return f"write [{text}]"
    return None

