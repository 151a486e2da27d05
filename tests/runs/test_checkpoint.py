import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from zen_cli.errors import Exit, ZenError
from zen_cli.runs import checkpoint, files
from zen_cli.runs import safetensors as layout
from zen_cli.runs.checkpoint import load, save

TENSORS = {"model.0.weight": np.arange(6, dtype="f4").reshape(2, 3), "optimizer.square": np.ones(3)}
METADATA = {"epoch": "7", "config": '{"name": "xor", "checksum":"00000000"}'}


@pytest.fixture
def path(tmp_path):
    save(tmp_path / "last.safetensors", TENSORS, METADATA)
    return tmp_path / "last.safetensors"


def refusal(path, code=Exit.FILES):
    with pytest.raises(ZenError) as caught:
        load(path)
    assert caught.value.code is code
    assert str(path) in str(caught.value)
    return caught.value


def test_what_is_saved_is_loaded(path):
    found = load(path)
    assert found.metadata == METADATA
    assert found.tensors.keys() == TENSORS.keys()
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(found.tensors[name], array, strict=True)
    assert os.listdir(path.parent) == ["last.safetensors"]


def test_the_package_reads_a_checkpoint(path):
    found = safetensors.numpy.load_file(path)
    np.testing.assert_array_equal(found["model.0.weight"], TENSORS["model.0.weight"], strict=True)


def test_files_of_every_format_so_far_are_read(tmp_path):
    kept = sorted((Path(__file__).parent / "formats").iterdir())
    assert [file.stem for file in kept] == [str(number) for number in range(1, checkpoint.FORMAT + 1)]
    for file in kept:
        found = load(file)
        assert found.metadata == METADATA
        assert layout.encode(found.tensors, {}) == layout.encode(TENSORS, {})
    save(tmp_path / "now", TENSORS, METADATA)
    assert (tmp_path / "now").read_bytes() == kept[-1].read_bytes()


def test_the_same_content_gives_the_same_bytes(path):
    other = path.with_name("best.safetensors")
    save(other, dict(reversed(TENSORS.items())), dict(reversed(METADATA.items())))
    assert other.read_bytes() == path.read_bytes()


def test_a_flipped_bit_is_seen_in_every_byte(path):
    data = path.read_bytes()
    for position, byte in enumerate(data):
        path.write_bytes(data[:position] + bytes([byte ^ 1 << position % 8]) + data[position + 1 :])
        refusal(path)


def test_every_truncation_is_seen(path):
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        refusal(path)


@pytest.mark.parametrize("tail", [b"\0", b" ", b"{}", bytes(4096)])
def test_trailing_bytes_are_refused(path, tail):
    path.write_bytes(path.read_bytes() + tail)
    refusal(path)


def test_a_missing_checkpoint_lists_those_that_exist(path):
    assert "last.safetensors" in refusal(path.with_name("best.safetensors")).hint
    assert "no sound checkpoint" in refusal(path.parent / "elsewhere" / "last.safetensors").hint


def test_an_empty_file_is_damaged(path):
    path.write_bytes(b"")
    assert "the file is empty" in refusal(path).what


class Canary:
    def __reduce__(self):
        return os.mkdir, ("canary",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_refused_and_not_run(path, protocol, monkeypatch):
    monkeypatch.chdir(path.parent)
    path.write_bytes(pickle.dumps(Canary(), protocol))
    assert "format not supported" in refusal(path).what
    assert not os.path.exists("canary")


def test_other_formats_are_refused_by_name(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("data.pkl", b"\x80\x02.")
    assert ".pt" in refusal(path).what
    np.save(path.with_name("a.npy"), np.zeros(3))
    assert ".npy" in refusal(path.with_name("a.npy")).what
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    assert "HDF5" in refusal(path).what
    path.write_text("model:\n- relu\n")
    assert "format not supported" in refusal(path).what


def test_safetensors_of_another_program_are_no_checkpoint(path):
    safetensors.numpy.save_file(TENSORS, path)
    assert "no zen checkpoint" in refusal(path).what


def test_a_newer_format_asks_for_an_upgrade(path, monkeypatch):
    monkeypatch.setattr(checkpoint, "FORMAT", checkpoint.FORMAT + 1)
    save(path, TENSORS, METADATA)
    monkeypatch.undo()
    assert "upgrade" in refusal(path).hint


@pytest.mark.parametrize("version", ["0", "-1", "1.0", "", "٣", "9" * 5000])
def test_an_impossible_format_is_damage(path, version):
    path.write_bytes(layout.encode({}, {"zen_format": version, "checksum": "00000000"}))
    assert refusal(path).what.startswith("damaged")


def test_a_checksum_with_half_a_surrogate_is_damage(path):
    text = b'{"__metadata__":{"checksum":"\\ud800","zen_format":"1"}}'
    path.write_bytes(len(text).to_bytes(8, "little") + text)
    assert "checksum" in refusal(path).what


def test_a_lying_header_costs_no_memory(path):
    with open(path, "wb") as file:
        file.write((50_000_000).to_bytes(8, "little") + b"{")
    assert "header should end" in refusal(path).what


def test_folders_and_pipes_are_refused(tmp_path):
    refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "regular" in refusal(tmp_path / "pipe").what


def failing(call, number, error):
    """`os.<call>` that fails at its `number`-th use."""
    original, count = getattr(os, call), 0

    def replacement(*arguments):
        nonlocal count
        count += 1
        if count == number:
            raise OSError(error, os.strerror(error))
        return original(*arguments)

    return replacement


FAULTS = [("write", n, 28) for n in range(1, 5)] + [("fsync", n, 5) for n in (1, 2)] + [("replace", 1, 13)]


@pytest.mark.parametrize(("call", "number", "error"), FAULTS)
def test_a_failed_save_keeps_the_previous_checkpoint(path, monkeypatch, call, number, error):
    monkeypatch.setattr(files.os, call, failing(call, number, error))
    with pytest.raises(ZenError) as caught:
        save(path, {**TENSORS, "model.0.weight": TENSORS["model.0.weight"] + 1}, METADATA)
    monkeypatch.undo()
    assert caught.value.code is Exit.ENVIRONMENT
    assert str(path) in str(caught.value)
    assert caught.value.hint
    assert os.listdir(path.parent) == ["last.safetensors"]
    renamed = call == "fsync" and number == 2
    assert load(path).tensors["model.0.weight"][0, 1] == (2 if renamed else 1)


def test_short_writes_are_continued(tmp_path, monkeypatch):
    original = os.write
    monkeypatch.setattr(files.os, "write", lambda descriptor, data: original(descriptor, data[:5]))
    save(tmp_path / "a.safetensors", TENSORS, METADATA)
    assert load(tmp_path / "a.safetensors").metadata == METADATA


def test_a_damaged_one_names_the_sound_one_beside_it(path):
    best, spoilt = path.with_name("best.safetensors"), path.with_name("old.safetensors")
    save(best, TENSORS, METADATA)
    spoilt.write_bytes(b"{")
    path.write_bytes(b"")
    hint = refusal(path).hint
    assert str(best) in hint
    assert str(spoilt) not in hint
