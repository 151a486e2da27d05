import io
import os

import pytest

from tests.config.helpers import GOOD
from tests.faults.cases import case
from zen_cli.config.source import read
from zen_cli.errors import Exit, ZenError


def refusal(path, stdin=None):
    with pytest.raises(ZenError) as caught:
        read(str(path), stdin)
    assert caught.value.code is Exit.USAGE
    return f"{caught.value} ({caught.value.hint})"


@case("C01")
def test_missing_file_with_the_closest_name(tmp_path):
    (tmp_path / "xor.yaml").write_text(GOOD)
    assert refusal(tmp_path / "xr.yaml") == f"{tmp_path}/xr.yaml: no such file (did you mean {tmp_path}/xor.yaml)"
    assert f"did you mean {tmp_path}/xor.yaml" in refusal(tmp_path / "xor")
    assert "no such file (None)" in refusal(tmp_path / "zzzzzz")


def test_missing_file_is_looked_for_among_the_examples(tmp_path, monkeypatch):
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "xor.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    assert "did you mean configs/xor.yaml" in refusal("configs/xr.yaml")
    assert "did you mean configs/xor.yaml" in refusal("xor")
    assert "did you mean configs/xor.yaml" in refusal("elsewhere/xor.yaml")


@case("C02")
def test_directory(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD)
    assert refusal(tmp_path) == f"{tmp_path}: is a directory (name a .yaml file inside it: {tmp_path}/a.yaml)"


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "/dev/null/x"])
def test_impossible_paths(path):
    assert "cannot be read" in refusal(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(GOOD)
    file.chmod(0)
    assert "permission denied" in refusal(file)


@case("C75")
def test_terminal_on_standard_input():
    class Terminal(io.BytesIO):
        def isatty(self):
            return True

    assert "standard input is a terminal (pipe a file in" in refusal("-", Terminal())
    assert "standard input is closed" in refusal("-", None)


def test_standard_input_may_arrive_in_pieces():
    reader, writer = os.pipe()
    os.write(writer, b"seed: ")
    with os.fdopen(reader, "rb", buffering=0) as stream, os.fdopen(writer, "wb") as out:
        out.write(b"1\r\n")
        out.close()
        assert read("-", stream) == ("seed: 1\r\n", "<stdin>")
