"""What a reader must know to judge a comparison, in a dozen short lines."""

from __future__ import annotations

from collections.abc import Iterator

from zen_cli.compare.budgets import said
from zen_cli.compare.report.series import Summary


def facts(summary: Summary) -> list[tuple[str, str]]:
    """Name and text."""
    return [(name, text) for name, text in _facts(summary) if text]


def _facts(summary: Summary) -> Iterator[tuple[str, str]]:
    card, metric, env = summary["protocol"], summary["metric"], summary["env"]
    tune, seeds, pairing = card["tune"], card["seeds"], summary.get("pairing") or {}
    also = "".join(f"; {name} gives verdicts too" for name in card.get("also", ()))
    yield "judged by", f"{metric['name']} at the end, {'more' if metric['goal'] == 'max' else 'less'} is better{also}"
    yield "success", card.get("success") or ""
    yield "budget", f"{said(card)}, measured every {card['budget']['every']} steps"
    extend = f", up to {tune['extend']} more for all where a best rate lies at the edge" if tune["extend"] else ""
    names = dict.fromkeys(name for each in summary["optimisers"] for name in each["tuned"])
    trials = f"{tune['trials']} trials ({tune['method']}) × {len(tune['seeds'])} seeds each{extend}"
    yield "tuning", f"{', '.join(names)}: {trials}" if tune["what"] != "none" else "nothing: rates as they are stated"
    fixed = card.get("pairing", {}).get("split") == "fixed"
    rows = "first weights and batches are the same for all, and the split for every seed" if fixed else (
        "rows, first weights and batches are the same for all")  # fmt: skip
    yield "judging", f"{len(seeds)} fresh seeds, {_span(seeds)}; {rows}"
    if pairing.get("median_corr") is not None:
        gain = f"; without pairs it would take {pairing['factor']:.3g} times the seeds" if pairing.get("factor") else ""
        yield "pairing", f"correlation of the seeds {pairing['median_corr']:.2f}{gain}"
    rope = f"{100 * card['rope']:g} {'points' if metric['kind'] == 'share' else '%'}"
    yield "statistics", f"alpha {card['alpha']:g} over all rivals (Holm); differences within {rope} do not matter"
    if "plan" in card:
        first, most = card["plan"]["looks"]
        said_plan = f"{first} seeds, and {most} if that leaves something undecided; alpha {card['alpha']:g} each"
        yield "plan", f"two looks, declared in advance: {said_plan}"
    yield "looks", "" if summary["looks"] == 1 else f"{summary['looks']}: the p-values do not know of the earlier ones"
    yield "data", f"sha256 {card['data_sha256']}"
    yield "protocol", summary["protocol_hash"]
    yield "machine", ", ".join(_machine(env))


def _machine(env: dict[str, object]) -> Iterator[str]:
    if env.get("cpu"):
        yield f"{env['cpu']}"
    for name, form in (("cores", "{} cores"), ("zen", "zen {}"), ("numpy", "NumPy {}"), ("load", "load {}"),
                       ("blas_threads", "BLAS threads {}")):  # fmt: skip
        if env.get(name) is not None:
            yield form.format(env[name])


def _span(seeds: list[int]) -> str:
    return f"{seeds[0]} to {seeds[-1]}"
