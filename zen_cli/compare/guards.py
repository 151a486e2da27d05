"""What a reader must know before believing the table: each guard looks for one thing that misleads."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

from zen_cli.compare.aggregates import describe, finals
from zen_cli.compare.budgets import steps_on
from zen_cli.compare.inclusion import inclusion
from zen_cli.compare.material import Material, seedless, twins
from zen_cli.compare.modes import gap_of
from zen_cli.compare.refusals import REFUSALS
from zen_cli.nn.optimizers import optimizers

Finding = tuple[str | None, str]  # the optimizer, or None for all; what is to be said
Guard = Callable[[dict[str, Any], Material], Iterator[Finding]]

CLIFF, COARSE, APART = 5.0, 0.5, 0.1
FULL_BATCH_ONLY = {"rprop": "flip its signs", "lbfgs": "mislead its curvature"}


def edge(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for it in summary["optimisers"]:
        if it["lr"].get("edge"):
            yield it["label"], f"its best rate {it['lr']['best']:g} is the last one tried: it may be under-tuned"


def cliff(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for it in summary["optimisers"]:
        steep = it["lr"].get("cliff")
        if steep is not None and steep >= CLIFF:
            how = "breaks" if math.isinf(steep) else f"is {steep:.3g} times worse"
            yield it["label"], f"the rate beside its best {how}: a fragile optimum"


def coarse(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for it in summary["optimisers"]:
        step = it["lr"].get("resolution")
        if step is None or not it["finished"]:  # a single rate, or more than the rate was tuned
            continue
        if step > COARSE + 1e-9:
            yield it["label"], f"the rates tried lie up to {step:.2g} decades apart: try more of them"
        elif it["lr"].get("width_2x_decades") == 0.0:
            yield it["label"], "only one of the rates tried is within a factor of 2 of its best: try finer ones"


def failures(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for label, count, why in material.facts.get("lost", ()):
        yield label, f"lost runs: {count} ({why}); they count as failed"
    for it in summary["optimisers"]:
        if it["finished"] < it["n"]:
            yield it["label"], f"{it['finished']} of {it['n']} runs finished; the others count as infinitely bad"


def power(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    seeds, rivals = len(material.card["seeds"]), max(len(material.labels) - 1, 1)
    metrics = 1 + len(material.card.get("also", ()))
    needed = math.ceil(math.log2(2 * rivals * metrics / material.card["alpha"]))
    if seeds < needed:
        yield None, f"{seeds} seeds can never decide between {rivals + 1} optimizers: at least {needed} are needed"


def equal(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for it in summary["optimisers"]:
        if (it["vs_baseline"] or {}).get("verdict") == "equivalent":
            yield it["label"], f"as good as {summary['baseline']}: they differ by less than what matters"


def timing(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    why = {it["label"]: it["cost"]["withheld"] for it in summary["optimisers"] if it["cost"] and it["cost"]["withheld"]}
    if len(set(why.values())) == 1 and len(why) == len(summary["optimisers"]):
        yield None, f"{next(iter(why.values()))}: no times are shown"
        return
    for label, reason in why.items():
        yield label, f"{reason}: its times are not shown"


def cost(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    steps = [it["cost"]["us_per_step"] for it in summary["optimisers"] if it["cost"] and not it["cost"]["withheld"]]
    if len(steps) > 1 and max(steps) > (1 + APART) * min(steps):
        hint = "" if "seconds" in material.card["budget"] else "; --budget 60s gives all the same time"
        yield None, f"a step costs {min(steps):.3g} to {max(steps):.3g} us: seconds may rank otherwise{hint}"
    evaluations = [it["cost"]["grad_evals_per_step"] for it in summary["optimisers"] if it["cost"]]
    if len(evaluations) > 1 and max(evaluations) > (1 + APART) * min(evaluations):
        least, most = min(evaluations), max(evaluations)
        yield None, f"a step takes {least:.3g} to {most:.3g} gradients: steps do not cost the same"


def no_validation(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    if material.card["metric"].startswith("train."):
        yield None, "there is no validation split: this compares training loss only"


def bimodal(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for it in summary["optimisers"]:
        rate = it["success"]["rate"]
        if material.card["success"] and rate is not None and 0.05 < rate < 0.95:
            solved = f"{it['success']['count']} of {it['n']}"
            yield it["label"], f"some seeds solve it, others do not ({solved}): no mean says that"
        elif gap := gap_of(material, it["label"]):
            low, high = f"{gap.below} of {it['n']} runs end at {gap.low:.3g} or below", f"at {gap.high:.3g} or above"
            yield it["label"], f"{low}, all others {high}: no mean says that"


def crossing(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    if not material.card.get("over", {}).get("one_loss", True) or summary.get("headline") == "success":
        return
    now, then = _leader(material, 0.5), _leader(material, 1.0)
    if now is not None and then is not None and now != then:
        after = (twentieths / 20 for twentieths in range(20, 10, -1))
        since = list(takewhile(lambda share: _leader(material, share) == then, after))[-1]
        yield None, f"{now} leads at half of the budget, {then} at its end, from about {100 * since:.0f} % of it on"


def _leader(material: Material, share: float) -> str | None:
    """Who stands best at the last point within a share of the own budget, by what the table is sorted by."""
    name, goal = material.card["metric"].rpartition(".")[2], material.card["goal"]
    steps = {label: steps_on(material.card, label) for label in material.labels}
    last: dict[str, dict[int, float]] = {label: {} for label in material.labels}
    for point in material.curves:
        if point["step"] / steps[point["label"]] <= share:
            last[point["label"]][point["seed"]] = point[name]
    sign = 1.0 if goal == "min" else -1.0
    found = {label: describe(list(values.values()), goal, material.kind) for label, values in last.items() if values}
    middles = {label: each["mean"] if each["gmean"] is None else each["gmean"] for label, each in found.items()}
    known = {label: sign * value for label, value in middles.items() if value is not None}
    return min(known, key=lambda label: known[label], default=None)


def floor(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    values = {value for label in material.labels for value in finals(material.of(label), material.card["goal"])}
    if len(values) == 1 < len(material.labels) and math.isfinite(value := values.pop()):
        where = "reaches 100 %" if material.kind == "share" and value == 1.0 else f"ends at {value:.4g}"
        yield None, f"every run {where}: this problem does not tell them apart"


def identical(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for label, other in twins(material, summary["baseline"]).items():
        yield label, f"bit for bit the same as {other}"


def batch(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    if material.card["problem"]["trainer"].get("batch_size") != "full":
        for it in summary["optimisers"]:
            if it["type"] in FULL_BATCH_ONLY:
                yield it["label"], f"is made for full batches: mini-batches {FULL_BATCH_ONLY[it['type']]}"
    for entry in material.card["optimizers"]:
        if entry.get("idle"):
            yield entry["label"], "no weights of this net are for its rule: what it leaves to another is all there is"


def determinism(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    again = material.facts.get("repeat")
    if again and again["difference"] != 0.0:
        yield again["label"], f"seed {again['seed']} trained twice differs by {again['difference']:.3g}"


def convention(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    for it in summary["optimisers"]:
        if it["type"] in optimizers and "torch.optim." not in (optimizers[it["type"]].__doc__ or ""):
            yield it["label"], "torch has no such optimizer: its options mean what its paper says"
    for entry in material.card["optimizers"]:
        if (preset := entry.get("preset", "torch")) != "torch":
            own = optimizers[entry["type"]].presets[preset].items()
            if unlike := [f"{name} {entry[name]}" for name, value in own if name != "lr" and entry[name] == value]:
                yield entry["label"], f"as in {preset}, not as in torch: {', '.join(unlike)}"


def one_observation(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
    if seedless(material):
        yield None, "every seed gives the same numbers: they are one observation, and nothing is proven by their count"


def refused(name: str) -> Guard:
    """Says what is unfair, where that was allowed or the card was changed."""

    def guard(summary: dict[str, Any], material: Material) -> Iterator[Finding]:
        yield from ((None, text) for text in REFUSALS[name](material.card))

    return guard


GUARDS: dict[str, Guard] = {
    "G1": edge, "G2": cliff, "G3": coarse, "G4": refused("G4"), "G5": refused("G5"), "G6": failures, "G7": power,
    "G8": equal, "G9": inclusion, "G10": timing, "G11": cost, "G12": refused("G12"), "G13": no_validation,
    "G14": bimodal, "G15": crossing, "G16": floor, "G17": identical, "G18": batch, "G19": determinism,
    "G20": convention, "G21": one_observation,
}  # fmt: skip


def warnings_of(summary: dict[str, Any], material: Material) -> list[dict[str, Any]]:
    """What every guard finds, in their order."""
    return [
        {"id": name, "optimiser": label, "text": text}
        for name, guard in GUARDS.items() for label, text in guard(summary, material)
    ]  # fmt: skip
