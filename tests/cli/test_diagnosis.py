"""Why nothing was learned, where a user reads it."""

from __future__ import annotations

from tests.cli.helpers import IRIS, done

STUCK = (IRIS, "--set", "optimizer.lr=1e-9", "--set", "trainer.epochs=3")


def test_is_told_with_the_line_to_change() -> None:
    result = done("train", *STUCK, "--json")
    notes = result.json["notes"]
    assert len(notes) == 2 and notes[1].startswith("--set optimizer.lr=1e-9: optimizer.lr: 21 steps have moved")
    assert result.err.splitlines()[-2:] == [f"zen: warning: {note}" for note in notes]
    assert done("train", *STUCK, "-q").err == ""


def test_is_told_again_of_the_run() -> None:
    result = done("train", *STUCK, "--json", "-q").json
    described = done("describe", result["run"])
    assert described.err == "".join(f"zen: warning: {note}\n" for note in result["notes"])
    assert done("describe", result["run"] + "/last.safetensors").err == described.err


def test_check_sees_it_before_anything_is_trained() -> None:
    found = done("check", IRIS, "--set", "model[0].bias_init={constant: -100}", "--json").json["warnings"]
    assert any("5: model[1]: 16 of 16 units of relu give 0" in text and "iris.yaml:" in text for text in found)
