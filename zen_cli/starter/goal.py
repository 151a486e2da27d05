"""What is to be predicted: classes, numbers or several answers of yes and no, by what the target columns hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.data.cells import shown
from zen_cli.data.columns.boolean import Boolean
from zen_cli.data.columns.date import Date
from zen_cli.data.columns.number import Number
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.starter.survey import Found, Survey
from zen_cli.suggest import did_you_mean

FEW = 10  # different whole numbers in a row that are taken for classes
SKEWED = 3.0  # times the median that the mean of amounts is, from which their logarithms are learned
SCARCE = 0.1  # share of a class from which accuracy alone misleads


class Goal(NamedTuple):
    """`kind`: classes, numbers or labels; the target columns, and how often each class comes."""

    kind: str
    targets: list[Found]
    classes: list[tuple[str, int]]

    @property
    def loss(self) -> str:
        return {"classes": "cross_entropy", "numbers": "mse", "labels": "binary_cross_entropy"}[self.kind]

    @property
    def scarce(self) -> bool:
        """Whether a class is much rarer than it would be among equals."""
        counts = [count for _, count in self.classes]
        return self.kind == "classes" and min(counts) < SCARCE * 2 * sum(counts) / len(counts)

    @property
    def metrics(self) -> list[str]:
        if self.kind == "numbers":
            return ["mae", "rmse", "r2"]
        scarce = ["balanced_accuracy", "f1_macro"] if self.scarce else []
        return ["accuracy", *scarce, *(["roc_auc"] if len(self.classes) == 2 else [])]

    def columns(self) -> dict[str, Any]:
        """What must be said of the target columns."""
        kinds = {"classes": "category", "numbers": "number", "labels": "boolean"}
        found = {}
        for target in self.targets:
            drop = {"missing": "drop"} if target.absent else {}
            scale = {"scale": "log1p"} if self.kind == "numbers" and _skewed(target) else {}
            if drop or scale:
                found[target.name] = {"type": kinds[self.kind], **scale, **drop}
        return found


def goal_of(survey: Survey, names: Sequence[str]) -> Goal:
    """What suits the target columns of these names.

    Raises:
        ZenError: no name, or one that is no column; a column that cannot be a target.
    """
    targets = [_target(name, survey) for name in names]
    if not targets:
        raise ZenError("which column is to be predicted?", Place("--target"), _columns(survey))
    if len(targets) > 1:
        yes_no = all(isinstance(found.column, Boolean) or found.different == 2 and _digits(found) for found in targets)
        text = next((found for found in targets if not isinstance(found.column, Number) and not yes_no), None)
        if text:
            what = f"column {shown(text.name)} holds neither numbers nor yes and no"
            raise ZenError(what, Place("--target"), "several targets are all numbers, or all yes and no")
        return Goal("labels" if yes_no else "numbers", targets, [])
    if not [found for found in survey.features if found not in targets]:
        raise ZenError("no column is left to predict it from", Place("--target"), _columns(survey))
    kind = "classes" if _is_class(targets[0]) else "numbers"
    return Goal(kind, targets, targets[0].levels if kind == "classes" else [])


def _target(name: str, survey: Survey) -> Found:
    if name in survey.left_out:
        what = f"column {shown(name)} cannot be predicted: {survey.left_out[name]}"
        raise ZenError(what, Place("--target"), _columns(survey))
    if name not in survey.columns:
        known = [*survey.columns, *survey.left_out]
        raise ZenError(f"no column {shown(name)}{did_you_mean(name, known)}", Place("--target"), _columns(survey))
    found = survey.columns[name]
    if found.different < 2:
        raise ZenError(f"column {shown(name)} is {found.useless}", Place("--target"), code=Exit.FILES)
    if isinstance(found.column, Date):
        raise ZenError(f"column {shown(name)} holds dates, which cannot be predicted", Place("--target"))
    return found


def _is_class(found: Found) -> bool:
    """Text, or few whole numbers next to each other: 0 and 1, the digits, marks."""
    if not isinstance(found.column, Number):
        return True
    values = found.present
    near = found.whole and values.max() - values.min() + 1 == found.different
    return near and found.different <= FEW and found.different * 5 <= len(values)


def _digits(found: Found) -> bool:
    return set(found.present.tolist()) == {0.0, 1.0}


def _skewed(found: Found) -> bool:
    """Amounts, most of them small and a few very large."""
    values = found.present
    return bool(values.min() >= 0 and values.mean() > SKEWED * max(float(np.median(values)), 1e-12))


def _columns(survey: Survey) -> str:
    return f"columns: {', '.join([*survey.columns, *survey.left_out])}"
