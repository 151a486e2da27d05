"""The catalogue of layers, by name."""

from zen_cli.nn.layers import activations, dropout, linear, shape
from zen_cli.nn.layers.base import Build, Layer, layers

__all__ = ["Build", "Layer", "activations", "dropout", "layers", "linear", "shape"]
