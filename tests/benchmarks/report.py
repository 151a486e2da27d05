"""The tables of the speed benchmarks: microseconds a step, and how zen stands against each peer and its targets."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.timing import Timing, significant

ZEN = "zen"
# zen's time divided by the peer's, at most; what a first sketch of the compiler reached on two x86 cores
TARGETS: dict[str, dict[str, float]] = {
    "xor": {"textbook NumPy": 0.55, "torch": 0.085},
    "digits": {"textbook NumPy": 0.55, "torch": 0.12, "torch fused": 0.15, "scikit-learn": 0.21},
    "mnist": {"textbook NumPy": 0.80, "torch": 0.46, "torch fused": 0.60, "scikit-learn": 0.55},
    "deep": {"textbook NumPy": 0.93, "torch": 0.86, "torch fused": 0.86, "scikit-learn": 0.70},
    "wide": {"textbook NumPy": 0.62, "torch fused": 0.86, "scikit-learn": 0.61},
}


def report(results: Mapping[str, Mapping[str, Timing]]) -> str:
    peers = list(dict.fromkeys(peer for timings in results.values() for peer in timings))
    tables = ["Microseconds a step, one thread, float32: median (quartiles)", _times(results, peers)]
    if ZEN in peers:
        tables += ["zen / peer (target: met or not met)", _ratios(results, [p for p in peers if p != ZEN])]
    return "\n\n".join(tables)


def _times(results: Mapping[str, Mapping[str, Timing]], peers: Sequence[str]) -> str:
    rows = [[net, *(str(timings.get(peer, "-")) for peer in peers)] for net, timings in results.items()]
    return markdown(["net", *peers], rows)


def _ratios(results: Mapping[str, Mapping[str, Timing]], peers: Sequence[str]) -> str:
    rows = [[net, *(_ratio(net, peer, timings) for peer in peers)] for net, timings in results.items()]
    return markdown(["net", *peers], rows)


def _ratio(net: str, peer: str, timings: Mapping[str, Timing]) -> str:
    if peer not in timings or ZEN not in timings:
        return "-"
    ratio = timings[ZEN].median / timings[peer].median
    target = TARGETS.get(net, {}).get(peer)
    if target is None:
        return significant(ratio)
    return f"{significant(ratio)} ({target:g}: {'met' if ratio <= target else 'not met'})"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""A table that reads well as text and is Markdown too: the first column to the left, the others to the right.

    >>> markdown(["net", "us"], [["xor", "12"]])
    '| net | us |\n|-----|---:|\n| xor | 12 |'
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [cells[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return f"| {' | '.join(padded)} |"

    rule = [f"{'-' * (widths[0] + 2)}|", *(f"{'-' * (width + 1)}:|" for width in widths[1:])]
    return "\n".join([line(head), "|" + "".join(rule), *map(line, rows)])
