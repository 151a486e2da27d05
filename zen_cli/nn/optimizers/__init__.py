"""The catalogue of optimizers: which module holds which names."""

from zen_cli.nn.optimizers.base import Optimizer, optimizers

__all__ = ["Optimizer", "optimizers"]

optimizers.index(
    __name__,
    {
        "adabelief": "adabelief",
        "adafactor": "adafactor",
        "adagrad": "adagrad adadelta",
        "adam": "adam adamw",
        "adamax": "adamax",
        "adan": "adan",
        "asgd": "asgd",
        "lbfgs": "lbfgs",
        "muon": "muon",
        "nadam": "nadam",
        "radam": "radam",
        "rmsprop": "rmsprop",
        "schedule_free": "schedule_free_sgd schedule_free_adamw",
        "sgd": "sgd momentum nesterov",
        "sign": "lion rprop",
        "trust": "lamb lars",
        "wrappers": "sam lookahead",
    },
)
