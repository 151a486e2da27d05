"""The tables of the speed benchmarks: microseconds a step, and how zen stands against each peer and its targets."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.timing import Timing, significant

ZEN = "zen"
# zen's time divided by the peer's, at most
TARGETS: dict[str, dict[str, float]] = {
    "xor": {"textbook NumPy": 1.0, "torch": 1.0},
    "digits": {"textbook NumPy": 1.0, "torch": 1.0, "torch fused": 1.0, "scikit-learn": 1.0},
    "mnist": {"textbook NumPy": 1.0, "torch": 1.0, "torch fused": 0.75, "scikit-learn": 1.0},
    "deep": {"textbook NumPy": 1.0, "torch": 1.0, "torch fused": 1.0, "scikit-learn": 1.0},
    "wide": {"textbook NumPy": 1.0, "torch": 0.95, "torch fused": 0.95, "scikit-learn": 1.0},
    "lstm": {"torch": 1.0, "torch fused": 1.0},
    "transformer block": {"torch": 0.8, "torch fused": 0.8},
    "cnn on 8x8": {"torch": 0.5, "torch fused": 0.5},
    "2c2d on 28x28": {"torch": 1.25, "torch fused": 1.25},
    "zen train configs/xor.yaml": {"import numpy": 2.5},
    "CSV of 1M x 20 numbers, read": {"numpy.loadtxt": 1.1},
    "the same, read again": {"numpy.loadtxt": 0.05},
    "100 XOR runs of 200 steps": {"one after another": 0.1},
}
LIMITS = {"xor": 20.0, "digits": 35.0, "xor, 200 stacked, a net": 2.0}  # zen's microseconds a step, at most


def report(results: Mapping[str, Mapping[str, Timing]]) -> str:
    peers = list(dict.fromkeys(peer for timings in results.values() for peer in timings))
    tables = ["Microseconds a step, one thread, float32: median (quartiles)", _times(results, peers)]
    if ZEN in peers:
        tables += ["zen / peer (target: met or not met)", _ratios(results, [p for p in peers if p != ZEN])]
        tables += [_limit(net, timings[ZEN]) for net, timings in results.items() if net in LIMITS and ZEN in timings]
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


def _limit(net: str, timing: Timing) -> str:
    met = "met" if timing.median <= LIMITS[net] else "not met"
    return f"{net}: {significant(timing.median)} us a step (at most {LIMITS[net]:g}: {met})"


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
