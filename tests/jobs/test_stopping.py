"""A stack that is stopped between any two steps goes on as if it had never stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.jobs.test_stack import SINE
from zen_cli.experiment import Experiment, from_file
from zen_cli.jobs.nets import Budget, Net
from zen_cli.jobs.stack import Stack

STEPS = 13  # two epochs of five batches, and some
KINDS = {
    "plain": SINE, "noise": SINE.replace("relu,", "relu, dropout: 0.3,"),
    "plateau": SINE + "scheduler: {type: plateau, patience: 1, threshold: 0.9}\n",
    "clipped": SINE.replace("{batch_size: 8}", "{batch_size: 8, clip: {norm: 0.5}}").replace("sgd", "adam"),
    "cosine": SINE + "scheduler: {type: cosine, warmup: 2}\n",
    "whole": SINE.replace("batch_size: 8", "batch_size: full"),
    "ema": SINE.replace("batch_size: 8", "batch_size: 8, average: {ema: 0.9}"),
    "once": SINE.replace("batch_size: 8", "batch_size: 8, shuffle: once"),
}  # fmt: skip
NETS = [Net(0, 0.01), Net(1, 0.01), Net(2, 1e5)]


def experiment(folder: Path, text: str) -> Experiment:
    (folder / "sine.yaml").write_text(text)
    return from_file(str(folder / "sine.yaml"))


def after(steps: int) -> Callable[[], bool]:
    """Asks to stop after so many steps."""
    left = iter(range(steps))
    return lambda: next(left, None) is None


def trained(it: Experiment, nets: list[Net], stops: tuple[int, ...]) -> str:
    """What becomes of the nets if they are stopped so often, each time by a new object."""
    stack = Stack(it, nets, Budget(STEPS, 3))
    for steps in stops:
        assert not stack.run(after(steps - 1))
        saved = stack.freeze()
        stack = Stack(it, nets, Budget(STEPS, 3))
        stack.thaw(*saved)
    assert stack.run()
    return repr(stack.courses(test=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nets", [pytest.param(NETS[:1], marks=pytest.mark.slow), NETS], ids=["one", "stack"])
def test_goes_on_to_the_bit(tmp_path: Path, kind: str, nets: list[Net]) -> None:
    it = experiment(tmp_path, KINDS[kind])
    whole = trained(it, nets, ())
    assert all(trained(it, nets, (steps,)) == whole for steps in (1, 5, 9, 10))
    assert trained(it, nets, (2, 3, 1, 4)) == whole


def test_another_training_is_refused(tmp_path: Path) -> None:
    stack = Stack(experiment(tmp_path, KINDS["clipped"]), NETS[:1], Budget(STEPS, 3))
    stack.run(after(3))
    with pytest.raises(LookupError):
        Stack(experiment(tmp_path, SINE), NETS[:1], Budget(STEPS, 3)).thaw(*stack.freeze())
