"""Losses on classes, each computed from scores: a softmax or sigmoid layer in front is seen through."""

from typing import ClassVar, Literal

import numpy as np

from zen_cli.compiler.primitives import exp, log, maximum, reduce_max, reduce_sum, stop_gradient
from zen_cli.compiler.tensor import Tensor, apply, leaf
from zen_cli.errors import ZenError
from zen_cli.nn.losses.base import PROBABILITIES, Array, Loss, Target, losses, mean_of_outputs
from zen_cli.registry import option

DENSE = 256  # classes up to which targets are kept one-hot; above, labels are expanded batch by batch
TINY = 1e-7  # keeps log(p) finite where p was not made by a function that is seen through


@losses.register("cross_entropy", "categorical_cross_entropy")
class CrossEntropy(Loss):
    """L = -sum_c w_c y_c log p_c, p = softmax(scores); y is one-hot, or a label.

    In its stable form: log sum_c exp(s_c - m) - sum_c y_c (s_c - m), m the row's largest score.
    Label smoothing: y <- y (1 - e) + e / classes. Class weights multiply a row's loss; the mean over the batch
    divides by the rows (torch divides by the sum of weights). `balanced`: w_c = rows / (classes rows_c).
    Source: Good 1952; Szegedy et al. 2015, arXiv:1512.00567, section 7 (smoothing).

    >>> from zen_cli.nn.worked import loss_of
    >>> loss_of(CrossEntropy(), [[1, 0], [1, 0]], [0, 1])  # of 0.313262 and 1.313262
    0.813262
    """

    task: ClassVar[Literal["classes", "numbers"] | None] = "classes"
    example: ClassVar[str] = "{type: cross_entropy, label_smoothing: 0.1, class_weights: balanced}"
    label_smoothing: float = option(0.0, help="share of certainty taken from the label", low=0, below=1)
    class_weights: str | list[float] | None = option(None, help="a weight a class in their order, or `balanced`", low=0)

    def widths(self, target: Target) -> tuple[int, ...]:
        return (target.classes or target.columns,)

    def encode(self, values: Array, target: Target, width: int) -> Array:
        return values if target.classes > DENSE or target.steps else super().encode(values, target, width)

    def constants(self, values: Array, target: Target) -> dict[str, Array]:
        if self.class_weights is None:
            return {}
        return {"loss.class_weights": self._weights(values, target)}

    def _weights(self, values: Array, target: Target) -> Array:
        if isinstance(self.class_weights, str):
            if self.class_weights != "balanced":
                raise ZenError(f"class_weights must be `balanced` or a list, found '{self.class_weights}'")
            labels = values if values.ndim == 1 or target.steps else values.argmax(axis=1)
            labels = labels[labels >= 0]  # what fills a row up is no label
            counts = np.bincount(labels.astype(np.int64), minlength=target.classes or target.columns)
            return np.asarray(len(labels) / (len(counts) * np.maximum(counts, 1)))
        if len(self.class_weights or ()) != (target.classes or target.columns):
            raise ZenError(f"class_weights has {len(self.class_weights or ())} numbers for {target.classes} classes")
        return np.asarray(self.class_weights, np.float64)

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        y = self._wanted(target, prediction.shape[-1])
        if prediction.primitive == "sigmoid":
            return reduce_sum(y * apply("softplus", -prediction.inputs[0]), (-1,))
        scores = prediction.inputs[0] if prediction.primitive == "softmax" else prediction
        shifted = scores - stop_gradient(reduce_max(scores))
        total = reduce_sum(log(reduce_sum(exp(shifted), (-1,), keep=True)), (-1,))
        mass = total if self.class_weights is None else total * reduce_sum(y, (-1,))  # else y sums to one
        return mass - reduce_sum(y * shifted, (-1,))

    def _wanted(self, target: Tensor, classes: int) -> Tensor:
        y = apply("one_hot", target, classes=classes) if target.options.get("index") else target
        if self.label_smoothing:
            y = y * (1.0 - self.label_smoothing) + self.label_smoothing / classes
        return y if self.class_weights is None else y * leaf("loss.class_weights", (classes,))

    def link(self, prediction: Tensor) -> Tensor:
        return prediction if prediction.primitive in PROBABILITIES else apply("softmax", prediction)


@losses.register("binary_cross_entropy", "bce")
class BinaryCrossEntropy(Loss):
    """L = mean over outputs of -y log p - (1 - y) log(1 - p), p = sigmoid(scores); y is 0, 1 or between.

    In its stable form: softplus(s) - y s. One output for two classes; several outputs are independent labels.
    Probabilities that are no sigmoid's are kept 1e-7 away from 0 and 1.
    Source: Good 1952; torch.nn.BCEWithLogitsLoss.

    >>> from zen_cli.nn.worked import loss_of
    >>> loss_of(BinaryCrossEntropy(), [[0], [2]], [[1], [0]])  # of 0.693147 and 2.126928
    1.410038
    """

    task: ClassVar[Literal["classes", "numbers"] | None] = "classes"
    labels: ClassVar[bool] = True

    def widths(self, target: Target) -> tuple[int, ...]:
        return (1, 2) if target.classes == 2 else (target.classes or target.columns,)

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        if prediction.primitive == "softmax":
            sure, unsure = maximum(prediction, TINY), maximum(1.0 - prediction, TINY)
            return mean_of_outputs(-(target * log(sure) + (1.0 - target) * log(unsure)))
        scores = prediction.inputs[0] if prediction.primitive == "sigmoid" else prediction
        return mean_of_outputs(apply("softplus", scores) - target * scores)

    def link(self, prediction: Tensor) -> Tensor:
        return prediction if prediction.primitive in PROBABILITIES else apply("sigmoid", prediction)
