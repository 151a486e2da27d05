"""zen lr-find: a curve, a suggestion, and nothing left behind."""

from __future__ import annotations

from pathlib import Path
from xml.dom import minidom

import pytest

from tests.cli.helpers import IRIS, XOR, done, zen


def test_draws_the_loss_over_the_rate_and_suggests_one() -> None:
    lines = done("lr-find", IRIS).out.splitlines()
    assert lines[0].startswith("iris: adam  ━━ smoothed  ╌╌ loss  │ 0.0")
    assert lines[-2].startswith("lr ") and lines[-1].startswith("suggested: --set optimizer.lr=0.0")
    assert max(map(len, lines)) <= 80
    assert not list(Path().iterdir())


def test_json_holds_every_step() -> None:
    found = done("lr-find", IRIS, "--from", "1e-4", "--to", "10", "--steps", "50", "--json").json
    assert found["steps"][0]["lr"] == 1e-4
    rates = [step["lr"] for step in found["steps"]]
    assert len(rates) <= 50 and rates[10] / rates[9] == pytest.approx(1e5 ** (1 / 49))
    lowest = min(found["steps"], key=lambda step: step["smoothed"])
    assert found["suggestion"] == float(f"{lowest['lr'] / 10:.2g}") and not found["still_falling"]


def test_quiet_gives_what_can_be_set() -> None:
    rate = done("lr-find", IRIS, "-q").out.strip()
    assert done("train", IRIS, "--set", f"optimizer.lr={rate}", "--set", "trainer.epochs=1", "-q").code == 0


def test_pictures() -> None:
    done("lr-find", IRIS, "--svg", "a.svg")
    assert "Suggested: 0.0" in minidom.parse("a.svg").toxml()
    assert "<html" in done("lr-find", IRIS, "--html", "-").out


def test_a_loss_that_never_falls_is_told() -> None:
    found = done("lr-find", XOR, "--to", "1e-4")
    assert "the loss never fell" in found.err and "suggested" not in found.out
    assert done("lr-find", XOR, "--to", "1e-4", "--json").json["suggestion"] is None


def test_a_loss_that_still_falls_is_told() -> None:
    assert "the loss still fell at 0.05: try a larger --to" in done("lr-find", IRIS, "--to", "0.05").err


@pytest.mark.parametrize(
    "flags", [("--from", "1", "--to", "0.1"), ("--from", "0"), ("--steps", "3"), ("--svg", "-", "--html", "-")]
)
def test_mistakes(flags: tuple[str, ...]) -> None:
    found = zen("lr-find", IRIS, *flags)
    assert (found.code, found.out) == (2, "") and found.err.startswith("zen: error: ")
