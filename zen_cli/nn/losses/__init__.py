"""The catalogue of losses: which module holds which names."""

from zen_cli.nn.losses.base import PROBABILITIES, Loss, Target, losses

__all__ = ["PROBABILITIES", "Loss", "Target", "losses"]

losses.index(
    __name__,
    {
        "classification": "cross_entropy categorical_cross_entropy binary_cross_entropy bce",
        "regression": "mse mean_squared_error mae mean_absolute_error huber",
    },
)
