"""A report follows from its rows, and what does not is named."""

import pytest

from tests.compare.report_helpers import xor
from zen_cli.compare.report.files import write_all
from zen_cli.compare.verify import verify
from zen_cli.errors import Exit, ZenError


@pytest.fixture
def folder(tmp_path):
    summary, *rows = xor()
    from hashlib import sha256

    from zen_cli.runs.strict_json import strict_json

    known = sha256(strict_json(summary["protocol"]).encode()).hexdigest()
    write_all(tmp_path, {**summary, "protocol_hash": known}, *rows)
    return tmp_path


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_was_written_follows(folder):
    assert verify(folder) == []


def test_a_changed_number_is_named_with_both_values(folder):
    change(folder / "summary.json", '"wins": ', '"wins": 1')
    found = verify(folder)
    assert len(found) == 1 and ".wins is 1" in found[0] and "the rows give" in found[0]


def test_a_changed_row_is_seen_in_all_that_follows_from_it(folder):
    lines = (folder / "runs.csv").read_text().splitlines(keepends=True)
    (folder / "runs.csv").write_text("".join(lines[:1] + lines[2:]))
    assert {line.split(":")[0] for line in verify(folder)} == {"summary.json", "report.md", "report.html"}


@pytest.mark.parametrize("name", ["report.md", "report.html", "protocol.yaml"])
def test_a_changed_text_is_named_with_its_line(folder, name):
    change(folder / name, "xor", "nor")
    assert [line.partition(": line ")[0] for line in verify(folder)] == [name]


@pytest.mark.parametrize(("name", "text"), [("summary.json", "{"), ("summary.json", "{}"), ("runs.csv", "a,b\n1\n")])
def test_what_is_no_report_ends_with_3(folder, name, text):
    (folder / name).write_text(text)
    with pytest.raises(ZenError) as found:
        verify(folder)
    assert found.value.code == Exit.FILES


def test_a_missing_file_is_named(folder):
    (folder / "tuning.csv").unlink()
    with pytest.raises(ZenError, match=r"tuning\.csv.*cannot read"):
        verify(folder)
