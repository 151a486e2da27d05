"""The timer with a clock of its own, and the report with figures of its own."""

from tests.benchmarks.report import report
from tests.benchmarks.timing import Timing, interleave


class Clock:
    """Time passes only where a step says so."""

    def __init__(self):
        self.now = 0.0
        self.calls = []

    def __call__(self):
        return self.now

    def step(self, name, seconds):
        def run():
            self.now += seconds
            self.calls.append(name)

        return run


def test_gives_microseconds_a_step_and_takes_turns():
    clock = Clock()
    steps = {"quick": clock.step("quick", 50e-6), "slow": clock.step("slow", 2.0)}
    timings = interleave(steps, total=8.0, clock=clock)
    assert round(timings["quick"].median) == 50
    assert round(timings["slow"].low) == round(timings["slow"].high) == 2_000_000
    assert timings["quick"].blocks == timings["slow"].blocks >= 3
    turns = "".join(name[0] for name, before in zip(clock.calls, [None, *clock.calls], strict=False) if name != before)
    assert turns == "qs" * (len(turns) // 2)


def test_a_quick_step_runs_for_about_a_block():
    clock = Clock()
    quick = clock.step("quick", 50e-6)
    blocks = interleave({"quick": quick}, total=1.0, clock=clock)["quick"].blocks
    assert 8 <= blocks <= 11


def test_a_call_of_many_batches_counts_as_many():
    clock = Clock()
    timings = interleave({"epoch": clock.step("epoch", 0.5)}, batches={"epoch": 50}, total=2.0, clock=clock)
    assert round(timings["epoch"].median) == 10_000


def test_the_report_states_ratios_and_targets():
    timings = {"zen": Timing(20, 19, 21, 3), "torch": Timing(400, 390, 410, 3), "textbook NumPy": Timing(25, 24, 26, 3)}
    text = report({"xor": timings, "new": {"torch": Timing(1, 1, 1, 3)}})
    assert "400 (390-410)" in text
    assert "0.05 (1: met)" in text
    assert "0.8 (1: met)" in text
    assert "| new" in text


def test_the_report_does_without_zen():
    assert "zen" not in report({"xor": {"torch": Timing(1, 1, 1, 3)}})
