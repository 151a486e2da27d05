"""The catalogue of optimizers, by name."""

from zen_cli.nn.optimizers import (
    adabelief,
    adagrad,
    adam,
    adamax,
    adan,
    asgd,
    nadam,
    radam,
    rmsprop,
    schedule_free,
    sgd,
    sign,
)
from zen_cli.nn.optimizers.base import Optimizer, optimizers

__all__ = [
    "Optimizer", "adabelief", "adagrad", "adam", "adamax", "adan", "asgd", "nadam", "optimizers", "radam", "rmsprop",
    "schedule_free", "sgd", "sign",
]  # fmt: skip
