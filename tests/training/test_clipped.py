"""The share of clipped steps that an epoch tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.test_rates import epochs, sine
from zen_cli.training.events import as_json
from zen_cli.training.training import Training


@pytest.mark.parametrize(("bound", "share"), [("{norm: 1e-6}", 1.0), ("{value: 1e6}", 0.0)])
def test_all_or_none(bound: str, share: float, tmp_path: Path) -> None:
    experiment = sine(tmp_path, "", f"trainer.clip={bound}")
    assert [epoch.clipped for epoch in epochs(Training(experiment))] == [share] * 6
    assert epochs(Training(experiment, (3, 4)))[0].clipped == (share, share)


def test_each_epoch_counts_anew_and_says_it(tmp_path: Path) -> None:
    found = epochs(Training(sine(tmp_path, "", "trainer.clip={norm: 0.5}")))
    shares = [epoch.clipped for epoch in found]
    assert len(set(shares)) > 1 and all(share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0) for share in shares)
    assert as_json(found[0])["clipped"] == shares[0]


def test_without_a_bound_nothing_is_said(tmp_path: Path) -> None:
    assert "clipped" not in as_json(epochs(Training(sine(tmp_path)))[0])
