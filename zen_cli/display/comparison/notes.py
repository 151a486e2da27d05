"""What is said below a comparison's table: who won, in words, who was fastest, and what to be wary of."""

from __future__ import annotations

from zen_cli.display.aligned import MISSING
from zen_cli.display.comparison.columns import WITHHELD, Summary, shown_target
from zen_cli.display.numbers import duration
from zen_cli.display.prose import wrapped_text
from zen_cli.display.terminal import BOLD, DIM, GREEN, RED, YELLOW, Terminal, escape

COLORS = {"winner": GREEN, "tie": YELLOW}


def verdict_lines(summary: Summary, to: Terminal) -> list[str]:
    """`winner: adam` or `tie: adam, adamw`, the sentence, and who is fastest if it is another."""
    winner = summary["winner"]
    kind, names = winner["kind"], ", ".join(escape(name) for name in winner["names"]) or "none"
    first, *rest = wrapped_text(f"{'tie' if kind == 'tie' else 'winner'}: {names}", to)
    lines = [to.style(line, BOLD, COLORS.get(kind, RED)) for line in (first, *rest)]
    lines += wrapped_text(escape(summary["sentence"]), to)
    return lines + [to.style(line, DIM) for note in (_fastest(summary), _untimed(summary)) if note
                    for line in wrapped_text(note, to)]  # fmt: skip


def _fastest(summary: Summary) -> str:
    """Who reaches the target first, if it is not who ends best."""
    target, rows = shown_target(summary), summary["optimisers"]
    if target is None:
        return ""
    found = {row["label"]: row["to_target"].get(target, {}) for row in rows}
    for key, say in (("seconds_median", duration), ("steps_median", "{:.0f} steps".format)):
        reached = {label: one[key] for label, one in found.items() if one.get(key) is not None}
        if len(reached) > 1:
            first = min(reached, key=reached.__getitem__)
            said = f"fastest to {escape(target)}: {escape(first)} ({say(reached[first])})"
            return said if first != rows[0]["label"] else ""
    return ""


def _untimed(summary: Summary) -> str:
    costs = [row["cost"] for row in summary["optimisers"]]
    if not any(costs):
        return f"µs/step: {MISSING} (not measured)"
    return f"times: {WITHHELD} (see G10)" if any(cost and cost.get("withheld") for cost in costs) else ""


def warning_lines(summary: Summary, to: Terminal) -> list[str]:
    """`⚠ G2 sgd: lr 3.16 is 22× worse than lr 1`"""
    lines: list[str] = []
    for found in summary["warnings"]:
        whose = f" {escape(found['optimiser'])}:" if found.get("optimiser") else ""
        first, *rest = wrapped_text(f"⚠ {escape(found['id'])}{whose} {escape(found['text'])}", to, hang="  ")
        mark, _, text = first.partition(" ")
        lines += [f"{to.style(mark, YELLOW)} {text}", *rest]
    return lines
