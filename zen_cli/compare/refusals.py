"""What makes a comparison unfair: refused before anything runs. Each looks at the card of the protocol alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from zen_cli.compare.search import NONE
from zen_cli.compare.variant import NAMES as VARIED
from zen_cli.errors import ZenError

Card = Mapping[str, Any]
Refusal = Callable[[Card], Iterator[str]]
ALLOWED = "--allow-unequal, or `allow_unequal: true`, compares all the same and says so below the table"


def unequal(card: Card) -> Iterator[str]:
    """G4: some are given more to tune, more trials, or a schedule or bound on the gradient that others have not."""
    if card.get("over"):
        return  # what sets them apart is what is compared
    entries = card.get("optimizers", ())
    for it in entries:
        if it.get("beyond"):
            yield f"{it['label']} is given more to tune than all are: {', '.join(it['beyond'])}"
    yield from _trials(entries)
    for name, said in zip(VARIED, ("schedule", "bound on the gradient"), strict=True):
        own = [it["label"] for it in entries if name in it]
        if own:
            have = "have" if len(own) > 1 else "has"
            yield f"{', '.join(own)} {have} a {said} of {'their' if len(own) > 1 else 'its'} own"


def _trials(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    counts = {it["label"]: len(it.get("settings", ())) for it in entries}
    most = max(counts.values(), default=0)
    fewer = [f"{label} {count}" for label, count in counts.items() if count < most]
    if fewer:
        more = [label for label, count in counts.items() if count == most]
        yield f"{', '.join(more)} {'are' if len(more) > 1 else 'is'} tuned by {most} trials, {', '.join(fewer)}"


def untuned_baseline(card: Card) -> Iterator[str]:
    """G5: whom all are compared with is not tuned, while they are."""
    untuned = [it["label"] for it in card.get("optimizers", ()) if it.get("tune") == NONE]
    if card.get("baseline") in untuned and len(untuned) < len(card["optimizers"]):
        yield f"the baseline {card['baseline']} is not tuned, its rivals are"


def selection(card: Card) -> Iterator[str]:
    """G12: what judges has a part in choosing."""
    chosen_by = [card.get("metric"), card.get("success"), *card.get("targets", ())]
    for name in dict.fromkeys(filter(None, chosen_by)):
        if name.startswith("test."):
            yield f"{name}: the test rows may choose nothing and stop nothing, they are read once, at the end"
    both = set(_judging(card)) & set(card.get("tune", {}).get("seeds", ()))
    if both:
        yield f"{len(both)} seeds that tune would judge, {min(both)} the first"


def _judging(card: Card) -> Sequence[int]:
    """The seeds that judge, those of a second look too."""
    seeds = list(card.get("seeds", ()))
    most = max(card.get("plan", {}).get("looks", [0]))
    return [*seeds, *range(seeds[-1] + 1, seeds[0] + most)] if most else seeds


REFUSALS: dict[str, Refusal] = {"G4": unequal, "G5": untuned_baseline, "G12": selection}


def refuse_unfair(card: Card, allow_unequal: bool = False) -> None:
    """Raises a ZenError with the first thing that is unfair and not allowed."""
    for name, refusal in REFUSALS.items():
        found = list(refusal(card))
        if found and not (name == "G4" and allow_unequal):
            raise ZenError(f"{name}: {'; '.join(found)}", hint=ALLOWED if name == "G4" else None)
