"""Several batches that count as one are one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.test_rates import epochs, sine
from zen_cli.jobs.stack import Budget, Net, train_all
from zen_cli.training.training import Training

LARGE = ("trainer.dtype=float64", "trainer.batch_size=24", "trainer.shuffle=epoch")  # 40 rows: 24 and 16
SMALL = ("trainer.dtype=float64", "trainer.batch_size=6", "trainer.accumulate=4")  # 4 x 6, then 6, 6 and 4


@pytest.mark.parametrize(
    "sets",
    [
        (), ("trainer.clip={norm: 0.1}",), ("trainer.average={ema: 0.9}",), ("model[0].max_norm=0.5",),
        ("optimizer={type: schedule_free_adamw, lr: 0.1}",), ("optimizer=muon",), ("optimizer=adafactor",),
        ("optimizer={lookahead: {k: 2, of: {type: nadam, lr: 0.05}}}",), ("optimizer={lbfgs: {max_iter: 3}}",),
        ("scheduler=cosine",),
    ],
)  # fmt: skip
@pytest.mark.parametrize("seeds", [None, pytest.param((3, 4), marks=pytest.mark.slow)])
def test_equals_the_larger_batch_to_rounding(
    sets: tuple[str, ...], seeds: tuple[int, ...] | None, tmp_path: Path
) -> None:  # fmt: skip
    large, small = (Training(sine(tmp_path, "", *these, *sets), seeds) for these in (LARGE, SMALL))
    assert large.feed.batches == small.feed.batches == 2
    for one, other in zip(epochs(large), epochs(small), strict=True):
        assert one.step == other.step
        np.testing.assert_allclose(other.train["loss"], one.train["loss"], rtol=1e-9)
        np.testing.assert_allclose(other.validation["loss"], one.validation["loss"], rtol=1e-9)
    for name in large.state.vectors.keys() - {"gradients"}:  # whose place a rule may use for something else
        ours, theirs = small.state.vectors[name], large.state.vectors[name]
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-10, err_msg=name)


def test_a_whole_epoch_may_be_one_step(tmp_path: Path) -> None:
    full, many = (
        Training(sine(tmp_path, "", "trainer.dtype=float64", *sets))
        for sets in (("trainer.batch_size=full",), ("trainer.batch_size=7", "trainer.accumulate=99"))
    )
    assert many.feed.batches == 1
    np.testing.assert_allclose(epochs(many)[-1].train["loss"], epochs(full)[-1].train["loss"], rtol=1e-9)


def test_seeds_together_are_seeds_alone(tmp_path: Path) -> None:
    noisy = ("model[1]={dropout: 0.3}", "optimizer.lr=1e-3")
    experiment = sine(tmp_path, "", "trainer.batch_size=6", "trainer.accumulate=4", *noisy)
    together = epochs(Training(experiment, (3, 4)))
    alone = [epochs(Training(experiment, seed)) for seed in (3, 4)]
    for i, each in enumerate(alone):
        assert [epoch.train["loss"] for epoch in each] == [epoch.train["loss"][i] for epoch in together]  # type: ignore[index]


def test_a_comparison_counts_the_same_steps(tmp_path: Path) -> None:
    experiment = sine(tmp_path, "", *SMALL)
    course = train_all(experiment, [Net(3, 0.1), Net(4, 0.1), Net(5, 0.1)], Budget(12, 2))[0]
    losses = [point["loss"] for point in course.measured[1:]]
    assert losses == [epoch.validation["loss"] for epoch in epochs(Training(experiment, 3))]


def test_the_whole_batch_cannot_be_larger(tmp_path: Path) -> None:
    training = Training(sine(tmp_path, "", "trainer.batch_size=full", "trainer.accumulate=4"))
    assert "accumulate" in training.warnings[-1]


def test_rows_of_a_lost_training_are_found_among_all_batches_of_the_step(tmp_path: Path) -> None:
    training = Training(sine(tmp_path, "", "trainer.batch_size=6", "trainer.accumulate=4", "trainer.shuffle=none"))
    training.rows[0].parts["train"].x[13] = np.inf
    *_, end = training.events(lambda: 0.0)
    row = training.rows[0].rows.train[13] + 1
    assert f"in epoch 1, step 1: first what model[0] (linear) gives; row {row} of the data" in end.message  # type: ignore[union-attr]
