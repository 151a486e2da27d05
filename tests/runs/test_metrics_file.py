import json

import pytest

from zen_cli.errors import Exit, ZenError
from zen_cli.runs.metrics_file import MetricsFile, read, rewind
from zen_cli.training.events import End, Epoch, Start

START = Start("xor", 3, 4, {"train": 4}, 58)
END = End("completed", 3, 3, 0.1, {"loss": 1.0}, {}, {}, {"epoch": 3})


def epoch(number):
    return Epoch(number, number, 0.1, 0.0, {"loss": 1.0}, {})


@pytest.fixture
def path(tmp_path):
    write(tmp_path / "metrics.jsonl", START, *map(epoch, (1, 2, 3)), END)
    return tmp_path / "metrics.jsonl"


def write(path, *events):
    lines = MetricsFile(path)
    for event in events:
        lines.append(event)
    lines.close()


def kinds(path):
    return [event.get("epoch", event["event"]) for event in map(json.loads, path.read_text().splitlines())]


def test_each_line_is_there_at_once(tmp_path):
    lines = MetricsFile(tmp_path / "a")
    lines.append(START)
    assert kinds(tmp_path / "a") == ["start"]
    lines.close()


def test_a_run_that_goes_on_has_one_start_and_that_is_the_new_one(path):
    longer = START._replace(epochs=9)
    rewind(path, 3, longer)
    write(path, longer, epoch(4), END)
    assert kinds(path) == ["start", 1, 2, 3, 4, "end"]
    assert read(path).events[0]["epochs"] == 9


def test_the_time_goes_on_where_the_last_epoch_left_it(path):
    write(path, epoch(4)._replace(seconds=2.5), epoch(5)._replace(seconds=3.5))
    assert [rewind(path, number, START).seconds for number in (4, 3, 0)] == [2.5, 0.0, 0.0]


def test_rewind_gives_each_epoch_once(path):
    before = path.read_bytes().splitlines()
    write(path, epoch(3), epoch(4))
    assert rewind(path, 2, START).warnings == []
    assert path.read_bytes().splitlines() == before[:3]
    write(path, epoch(3))
    assert kinds(path) == ["start", 1, 2, 3]


def test_half_a_last_line_is_cut_and_noted(path):
    path.write_bytes(path.read_bytes()[:-10])
    assert kinds_after(path, 3) == (["start", 1, 2, 3], [f"{path}:5: half a line was left out"])


def test_a_last_line_without_its_end_is_cut_even_if_it_parses(path):
    rewind(path, 3, START)
    path.write_bytes(path.read_bytes()[:-1])
    written, warnings = kinds_after(path, 3)
    assert written == ["start", 1, 2]
    assert warnings == [f"{path}:4: half a line was left out", f"{path}: 1 of 3 epochs are missing"]


@pytest.mark.parametrize("line", [b"\0\0\0", b"{}", b"[1]", b'{"event":"epoch"}', b"[" * 99_999, b'{"event":1}'])
def test_a_damaged_line_is_left_out_and_noted(path, line):
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([*lines[:2], line, *lines[2:], b""]))
    assert kinds_after(path, 3) == (["start", 1, 2, 3], [f"{path}:3: a damaged line was left out"])


def test_a_missing_file_is_begun_anew_with_one_warning(tmp_path):
    written, warnings = kinds_after(tmp_path / "a", 3)
    assert (written, len(warnings)) == (["start"], 1)


def kinds_after(path, number):
    warnings = rewind(path, number, START).warnings
    return kinds(path), warnings


def test_the_last_epoch_is_known(path, tmp_path):
    assert (read(path).epoch, read(tmp_path / "none").epoch) == (3, 0)


def test_a_folder_in_its_place_is_named(tmp_path):
    (tmp_path / "a").mkdir()
    for call, code in ((MetricsFile, Exit.ENVIRONMENT), (read, Exit.FILES)):
        with pytest.raises(ZenError) as caught:
            call(tmp_path / "a")
        assert caught.value.code is code
