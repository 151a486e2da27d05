"""A model as a table: its layers, the shape that each gives for a row, and its parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zen_cli.display.table import Cell
from zen_cli.nn.layers import Layer, layers
from zen_cli.nn.network import LayerShape

COLUMNS = ("index", "layer", "output", "parameters")


def layer_rows(
    shapes: Iterable[LayerShape], input_shape: Iterable[int]
) -> tuple[tuple[str, ...], list[list[Cell]]]:
    """The columns and the rows: the input, each layer with its index as in `model.0.weight`, the total.

    >>> from zen_cli.nn.layers.linear import Linear
    >>> layer_rows([LayerShape((0, 1), Linear(8), (8,), 24)], (2,))[1]
    [[None, 'input', '2', None], ['0.1', 'linear: 8', '8', 24], [None, 'total', None, 24]]
    """
    rows: list[list[Cell]] = [[None, "input", shape_text(input_shape), None]]
    total = 0
    for shape in shapes:
        index = ".".join(map(str, shape.path))
        rows.append([index, layer_text(shape.layer), shape_text(shape.shape), shape.parameters])
        total += shape.parameters
    return COLUMNS, [*rows, [None, "total", None, total]]


def layer_text(layer: Layer) -> str:
    """The layer with its main option, as in a config: `linear: 8`, `relu`."""
    main = layers.main_option(layer.name) if layer.name in layers else None
    value: Any = getattr(layer, main, None) if main else None
    if value is None or (isinstance(value, list) and any(isinstance(item, Layer) for item in value)):
        return layer.name
    return f"{layer.name}: {list(value) if isinstance(value, tuple) else value}"


def shape_text(shape: Iterable[int]) -> str:
    """
    >>> shape_text((28, 28, 1)), shape_text(())
    ('28 x 28 x 1', '1')
    """
    return " x ".join(map(str, shape)) or "1"
