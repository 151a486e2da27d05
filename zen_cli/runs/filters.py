"""Which runs are wanted: `--where 'validation.loss<0.1'`, `--where optimizer.type=adam`."""

from __future__ import annotations

import operator
from pathlib import Path
from typing import Any, NamedTuple

from zen_cli.config.node import leaves
from zen_cli.errors import Place, ZenError
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.listing import value

SIGNS = {
    "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "=": operator.eq, "<": operator.lt, ">": operator.gt,
}  # fmt: skip
FORM = "write it like 'validation.loss<0.1' or optimizer.type=adam"


class Where(NamedTuple):
    """A key of a run, or of its resolved config, compared with a number or a text."""

    key: str
    sign: str
    bound: str

    def holds(self, run: dict[str, Any]) -> bool:
        """Whether it does; what a run does not have is unequal to everything."""
        found = value(run, self.key)
        found = _configured(run["run"], self.key) if found is None else found
        if found is None:
            return self.sign == "!="
        left, right = _number(found), _number(self.bound)
        if left is not None and right is not None:
            return bool(SIGNS[self.sign](left, right))
        return self.sign in ("=", "!=") and bool(SIGNS[self.sign](str(found), self.bound))


def where(text: str) -> Where:
    """Reads a condition.

    >>> where("train.loss <= 0.5")
    Where(key='train.loss', sign='<=', bound='0.5')
    """
    found = [(text.index(sign), -len(sign), sign) for sign in SIGNS if sign in text]
    if not found:
        raise ZenError(f"'{text}' is no condition", Place("--where"), FORM)
    _, _, sign = min(found)
    key, _, bound = text.partition(sign)
    bound = bound.removeprefix("=").strip() if sign == "=" else bound.strip()
    if not key.strip() or not bound or (sign not in ("=", "!=") and _number(bound) is None):
        raise ZenError(f"'{text}' is no condition", Place("--where"), FORM)
    return Where(key.strip(), sign, bound)


def _number(text: Any) -> float | None:
    try:
        return None if isinstance(text, bool) else float(text)
    except (TypeError, ValueError):
        return None


def _configured(run: str, key: str) -> str | None:
    """The value in the run's resolved config, if it can be read; `model[0]` is the first of its layers."""
    from zen_cli.config.text import parse

    file = RunDirectory(Path(run)).resolved
    try:
        tree = parse(file.read_bytes(), str(file))
    except (OSError, ZenError):
        return None
    return dict(leaves(tree)).get(key.replace("model[", "model.layers[", 1))
