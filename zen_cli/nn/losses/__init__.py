"""The catalogue of losses, by name."""

from zen_cli.nn.losses import classification, regression
from zen_cli.nn.losses.base import Loss, Target, losses

__all__ = ["Loss", "Target", "classification", "losses", "regression"]
