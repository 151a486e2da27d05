"""Letters that show who cannot be told apart: a, ab, b."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def tie_letters(labels: Sequence[str], different: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each label its letters: two labels share one exactly if they are not `different`. `labels` are best first.

    Insert and absorb: one group of all; each difference splits the groups that hold both; groups within another go.
    Source: Piepho 2004, J. Computational and Graphical Statistics 13.

    >>> tie_letters(["adam", "sgd", "lion"], [("adam", "lion")])
    {'adam': 'a', 'sgd': 'ab', 'lion': 'b'}
    """
    groups = [frozenset(labels)]
    for first, second in different:
        split = [group - {gone} for group in groups if {first, second} <= group for gone in (second, first)]
        groups = _absorbed([group for group in groups if not {first, second} <= group] + split)
    ordered = sorted(groups, key=lambda group: [label not in group for label in labels])
    return {
        label: "".join(_letter(number) for number, group in enumerate(ordered) if label in group) for label in labels
    }


def _absorbed(groups: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    distinct = list(dict.fromkeys(groups))
    return [group for group in distinct if not any(group < other for other in distinct)]


def _letter(number: int) -> str:
    """a to z, then a1 to z1 and so on.

    >>> _letter(1), _letter(27)
    ('b', 'b1')
    """
    again, place = divmod(number, 26)
    return chr(ord("a") + place) + (str(again) if again else "")
