import json
import os
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from zen_cli.errors import Exit, ZenError
from zen_cli.runs import directory as module
from zen_cli.runs import files
from zen_cli.runs.directory import RunDirectory, utc_text

NOON = datetime(2025, 1, 31, 12, 0, 0, tzinfo=UTC)


def create(root, name="xor", digest="1a2b3c4d", now=NOON):
    return RunDirectory.create(root, name, digest, now)


def refusal(call, code):
    with pytest.raises(ZenError) as caught:
        call()
    assert caught.value.code is code
    return caught.value


def fail(error):
    def raising(*arguments, **options):
        raise OSError(error, os.strerror(error))

    return raising


def test_the_folder_is_named_by_time_and_digest(tmp_path):
    run = create(tmp_path / "runs")
    assert run.path == tmp_path / "runs" / "xor" / "20250131T120000Z-1a2b3c"
    assert run.path.is_dir()
    assert os.readlink(tmp_path / "runs" / "xor" / "latest") == run.path.name


def test_times_are_utc_whatever_the_zone(tmp_path):
    east = datetime(2025, 3, 30, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    assert create(tmp_path, now=east).path.name.startswith("20250330T013000Z")
    assert utc_text(east) == "2025-03-30T01:30:00Z"
    with pytest.raises(ValueError, match="time zone"):
        create(tmp_path, now=datetime(2025, 1, 1))


def test_64_starts_in_one_second_give_64_folders(tmp_path):
    made = []
    threads = [threading.Thread(target=lambda: made.append(create(tmp_path).path)) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 64
    assert (tmp_path / "xor" / "latest").resolve() in made
    assert sorted(os.listdir(tmp_path / "xor")) == sorted(["latest", *(path.name for path in made)])


def test_later_starts_in_one_second_sort_behind(tmp_path):
    names = [create(tmp_path).path.name for _ in range(11)]
    assert names == sorted(names)


def test_latest_follows_the_newest_run(tmp_path):
    create(tmp_path)
    second = create(tmp_path, digest="ffffff", now=NOON + timedelta(seconds=1))
    assert (tmp_path / "xor" / "latest").resolve() == second.path
    assert not (tmp_path / "xor" / "latest").readlink().is_absolute()


def test_latest_is_a_text_file_where_there_are_no_links(tmp_path, monkeypatch):
    monkeypatch.setattr(module.Path, "symlink_to", fail(1))
    run = create(tmp_path)
    assert (tmp_path / "xor" / "latest").read_text() == f"{run.path.name}\n"


def test_a_folder_called_latest_is_left_alone(tmp_path):
    (tmp_path / "xor" / "latest").mkdir(parents=True)
    error = refusal(lambda: create(tmp_path), Exit.ENVIRONMENT)
    assert "latest" in str(error)
    assert not list((tmp_path / "xor").glob(".latest*"))


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a\0b", "a\nb", "\x1b[31m", "x" * 101, "\ud800"])
def test_names_that_are_no_folder_are_refused(tmp_path, name):
    refusal(lambda: create(tmp_path, name), Exit.USAGE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a b", "-rf", "naïve ✓", "latest", "x" * 100, "~", "$HOME", "a:b"])
def test_odd_names_are_kept_literally(tmp_path, name):
    assert create(tmp_path, name).path.parent.name == name


def test_an_exact_folder_is_made_once(tmp_path):
    assert RunDirectory.create_at(tmp_path / "out" / "a").path.is_dir()
    assert "already exists" in str(refusal(lambda: RunDirectory.create_at(tmp_path / "out" / "a"), Exit.ENVIRONMENT))


@pytest.mark.parametrize("error", [13, 30, 28])
def test_a_root_that_cannot_be_written_has_a_hint(tmp_path, monkeypatch, error):
    monkeypatch.setattr(module.Path, "mkdir", fail(error))
    assert "--out" in refusal(lambda: create(tmp_path), Exit.ENVIRONMENT).hint


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "runs").write_text("")
    assert str(tmp_path / "runs") in str(refusal(lambda: create(tmp_path / "runs"), Exit.ENVIRONMENT))


def test_config_and_receipt_are_written_and_finished(tmp_path):
    run = create(tmp_path)
    run.write_config("seed: 0 # ✓\n", "seed: 0\nname: xor\n")
    run.write_receipt({"argv": ["zen", "é"], "status": "running"})
    run.finish(NOON, "completed", {"epoch": 3, "loss": float("nan")}, 0)
    assert run.config.read_text("utf-8") == "seed: 0 # ✓\n"
    assert run.resolved.read_text("utf-8") == "seed: 0\nname: xor\n"
    assert json.loads(run.receipt.read_text("utf-8"), parse_constant=pytest.fail) == {
        "argv": ["zen", "é"], "status": "completed", "ended": "2025-01-31T12:00:00Z",
        "best": {"epoch": 3, "loss": None}, "exit": 0,
    }
    assert not list(run.path.glob(".*"))


@pytest.mark.parametrize("text", [None, "", "{", "[]", "[" * 100_000, "\xff"])
def test_a_damaged_receipt_names_itself(tmp_path, text):
    run = create(tmp_path)
    if text is not None:
        run.receipt.write_text(text, "latin-1")
    assert "run.json" in str(refusal(run.read_receipt, Exit.FILES))


def test_a_full_disk_keeps_the_receipt(tmp_path, monkeypatch):
    run = create(tmp_path)
    run.write_receipt({"status": "running"})
    monkeypatch.setattr(files.os, "write", fail(28))
    error = refusal(lambda: run.finish(NOON, "completed", {}, 0), Exit.ENVIRONMENT)
    assert ("run.json" in str(error), run.read_receipt()) == (True, {"status": "running"})


def test_the_lock_clears_what_a_killed_run_left(tmp_path):
    run = create(tmp_path)
    (run.path / ".last.safetensors.tmp").write_bytes(b"half")
    with run.lock():
        assert os.listdir(run.path) == [".lock"]
