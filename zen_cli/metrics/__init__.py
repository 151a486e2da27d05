"""The catalogue of metrics: which module holds which names."""

from zen_cli.metrics.base import Metric, larger_is_better, metrics

__all__ = ["Metric", "larger_is_better", "metrics"]

metrics.index(
    __name__,
    {
        "accuracy": "accuracy balanced_accuracy top_k top_k_accuracy",
        "agreement": "cohen_kappa kappa mcc matthews_corrcoef",
        "average_precision": "average_precision",
        "calibration": "calibration_error ece",
        "precision_recall": "precision recall f1",
        "probabilities": "log_loss perplexity brier",
        "regression": "mse mean_squared_error rmse mae mean_absolute_error median_absolute_error mape",
        "roc_auc": "roc_auc auc",
        "variance": "r2 explained_variance",
    },
)
