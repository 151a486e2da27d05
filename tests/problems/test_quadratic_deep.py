"""quadratic_deep meets what DeepOBS published: seed 42, 100 epochs, batches of 128, final loss on the test rows.

Source: Schneider, Balles, Hennig 2019, arXiv:1903.05499, its published baseline runs. Rates are 10^(k / 5).
"""

from io import BytesIO

import numpy as np
import pytest

from zen_cli.experiment import from_file
from zen_cli.problems.quadratic_deep import QuadraticDeep, matrix
from zen_cli.training.evaluation import Evaluation
from zen_cli.training.training import Training

WITHIN = 0.005
PUBLISHED = {
    "sgd": {-25: 236.09, -17: 101.60, -15: 95.853, -13: 90.146, -11: 87.601, -9: 87.280},
    "adam": {-25: 345.21, -17: 157.34, -15: 106.70, -13: 98.077, -11: 90.608, -5: 87.246},
}
FAST = [("sgd", -9), ("adam", -5)]
ALL = [(name, fifths) for name, table in PUBLISHED.items() for fifths in table]


def training(optimizer, fifths, seeds=None, more=""):
    text = f"problem: quadratic_deep\noptimizer: {{type: {optimizer}, lr: {10 ** (fifths / 5)!r}{more}}}\n"
    return Training(from_file("-", stdin=BytesIO(text.encode())), seeds)


def end_of(*arguments, **options):
    *_, end = training(*arguments, **options).events(lambda: 0.0)
    return end


def test_starts_at_the_published_loss():
    start = training("sgd", -9)
    found = Evaluation(start.experiment, start.state, start.constants).measure([start.rows[0].parts["test"]])
    assert found["loss"] == pytest.approx(353.4468, rel=1e-6)
    assert {name: part.rows for name, part in start.rows[0].parts.items()} == {"train": 896, "test": 896}
    assert (start.batch_size, start.experiment.trainer.epochs) == (128, 100)


def test_the_matrix_has_the_spectrum_of_a_deep_net():
    found = matrix()
    eigenvalues = np.linalg.eigvalsh(found)
    assert np.allclose(found, found.T, atol=1e-12)
    assert ((eigenvalues[:90] > 0) & (eigenvalues[:90] < 1)).all()
    assert ((eigenvalues[90:] > 30) & (eigenvalues[90:] < 60)).all()


def test_batches_are_the_same_in_every_epoch():
    rows = training("sgd", -9, 7).feed
    seen = []
    for _ in range(2):
        for segment in rows.epoch():
            for i in range(segment.batches):
                segment.load(i)
                seen.append(segment.step.y.copy())
    assert len(seen) == 14
    assert all(np.array_equal(first, second) for first, second in zip(seen[:7], seen[7:], strict=True))
    assert not np.array_equal(seen[0], QuadraticDeep().dataset().targets[:128].astype(np.float32))  # shuffled, once


@pytest.mark.parametrize(("optimizer", "fifths"), FAST)
def test_meets_the_published_loss(optimizer, fifths):
    end = end_of(optimizer, fifths)
    assert end.status == "completed"
    assert end.test["loss"] == pytest.approx(PUBLISHED[optimizer][fifths], rel=WITHIN)


@pytest.mark.slow
@pytest.mark.parametrize(("optimizer", "fifths"), ALL)
def test_meets_every_published_loss_from_every_seed(optimizer, fifths):
    found = end_of(optimizer, fifths, [42, 0, 1, 2, 3]).test["loss"]
    assert found == pytest.approx([PUBLISHED[optimizer][fifths]] * 5, rel=WITHIN)


@pytest.mark.parametrize("fifths", [-7, -5])
def test_sgd_diverges_where_it_did(fifths):
    assert end_of("sgd", fifths).status == "diverged"


@pytest.mark.parametrize("fifths", [-15, -17])
def test_momentum_of_99_percent_ends_near_the_published_loss(fifths):
    assert end_of("momentum", fifths, more=", momentum: 0.99").test["loss"] == pytest.approx(87.05, rel=WITHIN)
