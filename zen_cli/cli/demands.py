"""Conditions on a comparison's result: `--assert 'adam<=sgd*0.95'`, `--require-decision`."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.errors import Exit, Place, ZenError

SIGNS = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


class Demand(NamedTuple):
    """The number of one optimizer against a multiple of another's."""

    left: str
    sign: str
    right: str
    factor: float


def demand(text: str, labels: Sequence[str]) -> Demand:
    """What `LABEL<=LABEL*FACTOR` asks for.

    Raises:
        ZenError: it cannot be read, or names who does not take part.

    >>> demand("adam <= sgd*0.95", ["adam", "sgd"])
    Demand(left='adam', sign='<=', right='sgd', factor=0.95)
    """
    sign = next((sign for sign in SIGNS if sign in text), "")
    left, _, right = text.partition(sign) if sign else (text, "", "")
    other, times, factor = right.rpartition("*")
    found = Demand(left.strip(), sign, (other if times else right).strip(), _number(factor) if times else 1.0)
    if not sign or math.isnan(found.factor) or found.left not in labels or found.right not in labels:
        hint = f"write it like 'adam<=sgd*0.95'; labels: {', '.join(labels)}"
        raise ZenError(f"'{text}' cannot be read", Place("--assert"), hint)
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def holds(wanted: Demand, summary: dict[str, Any]) -> bool:
    """Whether it does, for geometric means of losses or means of shares; who never finished is infinitely bad."""
    worst = math.inf if summary["metric"]["goal"] == "min" else -math.inf
    numbers = {it["label"]: _middle(it["loss"], worst) for it in summary["optimisers"]}
    return bool(SIGNS[wanted.sign](numbers[wanted.left], numbers[wanted.right] * wanted.factor))


def _middle(loss: dict[str, Any], worst: float) -> float:
    found = loss["mean"] if loss["gmean"] is None else loss["gmean"]
    return worst if found is None else float(found)


def code(summary: dict[str, Any], lost: bool, wanted: Demand | None, require_decision: bool) -> int:
    """5 if runs were lost or every run of some optimizer failed; 6, as an error, if what was demanded does not hold."""
    if lost or any(optimizer["finished"] == 0 for optimizer in summary["optimisers"]):
        return int(Exit.PARTLY)
    if wanted is not None and not holds(wanted, summary):
        what = f"{wanted.left} {wanted.sign} {wanted.right} * {wanted.factor:g} does not hold"
        raise ZenError(what, Place("--assert"), code=Exit.UNMET)
    if require_decision and summary["winner"]["kind"] != "winner":
        raise ZenError("no optimizer wins alone", Place("--require-decision"), summary["sentence"], Exit.UNMET)
    return int(Exit.DONE)
