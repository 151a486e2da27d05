"""Checkpoints of older formats, as this version would have written them."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from zen_cli.runs.safetensors import Metadata, Tensors

SCALE = {"auto": "auto", "true": "standard", "false": "none"}


def upgraded(version: int, tensors: Tensors, metadata: Metadata) -> tuple[Tensors, Metadata]:
    """The same model in the present format; what is not understood stays as it is, to be refused where it is read."""
    if version == 1 and "schema" in metadata:
        return _from_1(tensors, metadata)
    return tensors, metadata


def _from_1(tensors: Tensors, metadata: Metadata) -> tuple[Tensors, Metadata]:
    """Format 1 knew tables of numbers only, and `data.standardize` where `data.scale` stands now."""
    config = re.sub(
        r"\bstandardize: (auto|true|false)", lambda found: f"scale: {SCALE[found[1]]}", metadata.get("config", "")
    )
    try:
        schema = json.loads(metadata["schema"])
        plain = {name: value for name, value in schema.items() if name != "delimiter"}
        plain["dialect"] = _dialect(schema["delimiter"])
        table = schema["kind"] == "table"
        plain["columns"] = [_number()] * len(schema["features"]) if table else []
        plain["outputs"] = _outputs(schema) if table else []
        if table:
            stacked = json.loads(metadata["progress"])["stacked"]
            tensors = {**tensors, **_numbers(tensors, len(schema["features"]), stacked)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return tensors, metadata
    return tensors, {**metadata, "config": config, "schema": json.dumps(plain)}


def _numbers(tensors: Tensors, columns: int, stacked: bool) -> Tensors:
    """One number a column, where it was one for all; nothing was missing, so that anything may stand in."""
    found = {}
    for name in ("data.mean", "data.scale"):
        array = tensors[name]
        each = array if array.ndim > stacked else array[..., None]
        found[name] = np.ascontiguousarray(np.broadcast_to(each, (*each.shape[:-1], columns)))
    return {**found, "data.fill": found["data.mean"]}


def _number() -> dict[str, Any]:
    return {"type": "number", "missing": "refuse", "scale": "standard", "indicator": False}


def _outputs(schema: dict[str, Any]) -> list[dict[str, Any]]:
    if schema["classes"] is None:
        return [{**_number(), "scale": "none"}] * len(schema["target"])
    return [{"type": "category", "levels": schema["classes"], "rare": 1, "missing": None}] * len(schema["target"])


def _dialect(delimiter: str) -> dict[str, Any]:
    return {"delimiter": delimiter, "decimal": ".", "encoding": "utf-8", "header": True, "null": []}
