import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from zen_cli.errors import Exit, ZenError
from zen_cli.runs.checkpoint import save
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.metrics_file import MetricsFile
from zen_cli.runs.newest import newest_checkpoint
from zen_cli.runs.opening import open_run, runs_in
from zen_cli.training.events import Epoch

NOON = datetime(2025, 1, 31, 12, 0, 0, tzinfo=UTC)


def make(root, name="xor", seconds=0, last=9, best=5):
    run = RunDirectory.create(root, name, "1a2b3c", NOON + timedelta(seconds=seconds))
    run.write_receipt({"status": "completed"})
    save(run.last, {"w": np.ones(3)}, {"epoch": str(last)})
    save(run.best, {"w": np.ones(3)}, {"epoch": str(best)})
    lines = MetricsFile(run.metrics)
    for epoch in range(1, last + 1):
        lines.append(Epoch(epoch, epoch, 0.1, 0.0, {"loss": 1.0}, {}))
    lines.close()
    return run


def spoil(path):
    path.write_bytes(path.read_bytes()[:-1])


def refusal(call):
    with pytest.raises(ZenError) as caught:
        call()
    assert caught.value.code is Exit.FILES
    return caught.value


def test_all_ways_to_name_a_run(tmp_path):
    make(tmp_path)
    run = make(tmp_path, seconds=1)
    for path in (run.path, tmp_path / "xor", tmp_path / "xor" / "latest"):
        assert open_run(path) == (run, None, ())
    assert open_run(run.best) == (run, run.best, ())


def test_latest_as_a_text_file(tmp_path):
    first, _ = make(tmp_path), make(tmp_path, seconds=1)
    (tmp_path / "xor" / "latest").unlink()
    (tmp_path / "xor" / "latest").write_text(f"{first.path.name}\n")
    for path in (tmp_path / "xor", tmp_path / "xor" / "latest"):
        assert open_run(path).directory == first


@pytest.mark.parametrize("how", ["dangling", "missing", "noise"])
def test_latest_that_leads_nowhere_falls_back_with_one_warning(tmp_path, how):
    first, second, third = (make(tmp_path, seconds=seconds) for seconds in range(3))
    if how == "dangling":
        shutil.rmtree(third.path)
    else:
        spoil(third.last)
        spoil(third.best)
        (tmp_path / "xor" / "latest").unlink()
    if how == "noise":
        (tmp_path / "xor" / "latest").write_bytes(b"\xff\0")
    for path in (tmp_path / "xor", tmp_path / "xor" / "latest"):
        opened = open_run(path)
        assert opened.directory == second
        assert len(opened.warnings) == 1
        assert str(second.path) in opened.warnings[0]
    assert runs_in(tmp_path / "xor")[0] == first


def test_a_missing_run_says_what_exists(tmp_path, monkeypatch):
    make(tmp_path / "runs", "digits")
    make(tmp_path / "runs", "xor")
    error = refusal(lambda: open_run(tmp_path / "runs" / "digit"))
    assert "digits, xor; did you mean 'digits'?" in error.hint
    assert "digits, xor" in refusal(lambda: open_run(tmp_path / "runs")).hint
    assert "no run" in refusal(lambda: open_run(tmp_path / "nowhere" / "xor")).hint
    monkeypatch.chdir(tmp_path)
    assert "runs/xor" in refusal(lambda: open_run(Path("xor"))).hint


def test_an_empty_folder_has_no_run(tmp_path):
    assert "no run" in refusal(lambda: open_run(tmp_path)).what


def test_the_newest_checkpoint_is_the_last(tmp_path):
    run = make(tmp_path)
    found, warnings = newest_checkpoint(run)
    assert (found.path, warnings) == (run.last, [])


@pytest.mark.parametrize("damage", [spoil, lambda path: path.unlink()])
def test_a_damaged_last_falls_back_to_best_and_counts_the_loss(tmp_path, damage):
    run = make(tmp_path)
    damage(run.last)
    found, warnings = newest_checkpoint(run)
    assert found.path == run.best
    assert len(warnings) == 1
    assert warnings[0].endswith("went back to best.safetensors of epoch 5: 4 epochs are lost")


def test_all_damaged_gives_one_error_a_file(tmp_path):
    run = make(tmp_path)
    spoil(run.last)
    spoil(run.best)
    error = refusal(lambda: newest_checkpoint(run))
    assert [each.where.file for each in error.all()] == [str(run.last), str(run.best)]
    run.last.unlink()
    assert len(refusal(lambda: newest_checkpoint(run)).all()) == 1
    run.best.unlink()
    assert "no checkpoint" in refusal(lambda: newest_checkpoint(run)).what
