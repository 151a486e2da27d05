"""The catalogue of optimizers, by name."""

from zen_cli.nn.optimizers import adabelief, adagrad, adam, adamax, adan, asgd, radam, rmsprop, sgd, sign
from zen_cli.nn.optimizers.base import Optimizer, optimizers

__all__ = [
    "Optimizer", "adabelief", "adagrad", "adam", "adamax", "adan", "asgd", "optimizers", "radam", "rmsprop", "sgd",
    "sign",
]  # fmt: skip
