"""Two looks that were declared in advance: more seeds judge only where the first ones leave something undecided.

Each look has half of alpha (Bonferroni), so that the chance of a false verdict in either stays below alpha.
"""

from __future__ import annotations

from zen_cli.compare.phases import Judged
from zen_cli.compare.rivals import UNDECIDED
from zen_cli.compare.rows import curve_rows, run_rows, tuning_rows
from zen_cli.compare.summary import Material, summarize


def undecided(judged: Judged) -> bool:
    """Whether a verdict against the baseline is."""
    protocol = judged.protocol
    rows = run_rows(protocol, judged), curve_rows(protocol, judged), tuning_rows(protocol, judged)
    summary = summarize(Material(protocol.card(), *rows), {}, {}, "", "")
    return any((it["vs_baseline"] or {}).get("verdict") == UNDECIDED for it in summary["optimisers"])
