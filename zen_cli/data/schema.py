"""A schema as plain values that JSON can hold, and back, whatever may have happened to them in between."""

from __future__ import annotations

import typing
from typing import Any

from zen_cli.data.columns import Column, columns
from zen_cli.data.columns.ignore import Ignore
from zen_cli.data.dataset import KINDS, Schema
from zen_cli.data.dialect import Dialect
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.registry import Option, options_of


def to_plain(schema: Schema) -> dict[str, Any]:
    """The schema as dicts, lists, text and numbers; `from_plain` is its inverse.

    >>> schema = Schema("builtin", ("length", "width"), (2,), ("species",), ("setosa", "virginica"))
    >>> from_plain(to_plain(schema)) == schema
    True
    """
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in schema._asdict().items()}
    for name in ("columns", "outputs"):
        plain[name] = [column.to_dict() for column in plain[name]]
    return {**plain, "dialect": {**schema.dialect._asdict(), "null": list(schema.dialect.null)}}


def from_plain(plain: Any, where: Place | None = None) -> Schema:
    """The schema in what `to_plain` gave; a ZenError if it is damaged."""
    try:
        return _schema(plain)
    except (KeyError, TypeError, ValueError, ZenError) as error:
        raise ZenError("the schema of the data is damaged", where, code=Exit.FILES) from error


def _schema(plain: Any) -> Schema:
    plain = {"symbols": [], **plain}  # of a model that was made before there were texts
    _require(set(plain) == set(Schema._fields) and plain["kind"] in KINDS)
    for names in (plain["features"], plain["target"], plain["classes"] or []):
        _require(_is(names, list[str]))
    shape, divisor = plain["shape"], plain["divisor"]
    _require(_is(shape, list[int]) and all(size > 0 for size in shape))
    _require(isinstance(divisor, (int, float)) and 0 < divisor < float("inf"))
    types = [tuple(_column(each) for each in plain[name]) for name in ("columns", "outputs")]
    if plain["kind"] == "table":
        _require(len(types[0]) == len(plain["features"]) and len(types[1]) == len(plain["target"]))
    classes = None if plain["classes"] is None else tuple(plain["classes"])
    features, target = tuple(plain["features"]), tuple(plain["target"])
    dialect, symbols = _dialect(plain["dialect"]), _symbols(plain)
    schema = Schema(
        plain["kind"], features, tuple(shape), target, classes, types[0], types[1], dialect, divisor, symbols
    )  # fmt: skip
    _require(not types[0] or schema.shape == (len(schema.inputs),))
    return schema


def _symbols(plain: dict[str, Any]) -> tuple[str, ...]:
    """Characters, each once; in front of those of several texts nothing and the end of a text."""
    names = plain["symbols"]
    _require(_is(names, list[str]) and len(set(names)) == len(names))
    _require(all(len(name) == 1 for name in names[1:]) and (plain["kind"] == "text") == bool(names))
    _require(not names or len(names[0]) == 1 or names[:2] == ["", "\n"])
    _require(not names or bool(plain["target"]) or plain["classes"] == names)
    return tuple(names)


def _dialect(plain: Any) -> Dialect:
    fits = _is(plain["delimiter"], str) and len(plain["delimiter"]) == 1 and _is(plain["null"], list[str])
    _require(fits and plain["decimal"] in (".", ",") and _is(plain["header"], bool) and _is(plain["encoding"], str))
    return Dialect(**{**plain, "null": tuple(plain["null"])})


def _column(plain: dict[str, Any]) -> Column:
    given = {name: value for name, value in plain.items() if name != "type"}
    cls = columns[plain["type"]]
    known = {option.name: option for option in options_of(cls)}
    _require(set(given) == set(known) and cls is not Ignore)
    _require(all(_fits(known[name], value) for name, value in given.items()))
    return cls(**given)


def _fits(option: Option, value: Any) -> bool:
    return any(_is(value, member) for member in _members(option.type)) and not option.limits.refuse(value)


def _members(wanted: Any) -> tuple[Any, ...]:
    return typing.get_args(wanted) if type(None) in typing.get_args(wanted) else (wanted,)


def _is(value: Any, wanted: Any) -> bool:
    if typing.get_origin(wanted) is list:
        return isinstance(value, list) and all(_is(item, typing.get_args(wanted)[0]) for item in value)
    if typing.get_origin(wanted) is typing.Literal:
        return isinstance(value, str) and value in typing.get_args(wanted)
    return type(value) is wanted


def _require(sound: bool) -> None:
    if not sound:
        raise ValueError("not what a schema says")
