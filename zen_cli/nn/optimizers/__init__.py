"""The catalogue of optimizers, by name."""

from zen_cli.nn.optimizers import adam, rmsprop, sgd
from zen_cli.nn.optimizers.base import Optimizer, optimizers

__all__ = ["Optimizer", "adam", "optimizers", "rmsprop", "sgd"]
