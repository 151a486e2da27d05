"""Sound files of every kind that zen reads, small ones, and the commands that read them."""

from __future__ import annotations

import gzip
import random
import struct
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.cli.helpers import CONFIGS, IRIS_CSV, train
from tests.faults.helpers import MOONS, stopped
from tests.faults.mutations import mutated

ROWS = "".join(Path(IRIS_CSV).read_text(encoding="utf-8").splitlines(keepends=True)[:121:4])
TABLE = "data: {{source: {name}, target: {target}}}\nmodel: [linear: 3, relu, output]\ntrainer: {{epochs: 1}}\n"
RICH = """\
extends: base.yaml
vars: {width: 4, "[red]": 1}
name: all
data: {source: rows.csv, target: species, missing: mean, columns: {"sepal*": {type: number, scale: minmax}}}
model: [linear: "${vars.width}", dropout: 10%, {type: residual, of: [linear: 4, tanh]}, layer_norm, output]
loss: {type: cross_entropy, label_smoothing: 0.1, class_weights: balanced}
optimizer: {type: adamw, lr: 1e-3, groups: [{layers: [0], lr: 1e-4}]}
scheduler: {type: cosine, warmup: 5%}
trainer: {batch_size: 8, clip: {norm: 1.0}, early_stopping: {patience: 3}, target: train.loss<0.1}
metrics: [accuracy, f1_macro]
compare: {optimizers: [sgd, {type: adam, label: b}], budget: 2ep, seeds: {eval: 2}}
"""


class Sound(NamedTuple):
    """A file, the bytes in it, and commands that read it."""

    path: Path
    data: bytes
    commands: Sequence[Sequence[str]]


def configs() -> list[Sound]:
    Path("rows.csv").write_text(ROWS)
    Path("base.yaml").write_text("seed: 3\ntrainer: {epochs: 2}\n")
    texts = [
        path.read_text().replace("../datasets/", "") for path in CONFIGS if path.stem in ("xor", "spiral", "rosenbrock")
    ]
    texts += [MOONS, RICH, TABLE.format(name="rows.csv", target="species")]
    path = Path("mutated.yaml")
    words = ("check", "config show", "check --json", "explain", "train -q --set trainer.epochs=1")
    commands = [[*word.split(), "mutated.yaml", "--untrusted"] for word in words]
    return [Sound(path, text.encode(), commands) for text in texts]


def tables() -> list[Sound]:
    numbers = np.arange(24, dtype=np.float64).reshape(8, 3)
    labels = np.arange(8) % 2
    lines = ROWS.splitlines()
    names = lines[0].split(",")
    objects = "".join(
        "{" + ",".join(f'"{n}":"{c}"' for n, c in zip(names, line.split(","), strict=True)) + "}\n"
        for line in lines[1:]
    )
    idx = b"\0\0\x08\x03" + struct.pack(">III", 6, 4, 4) + bytes(range(96))
    files = {
        "m.csv": ROWS.encode(), "m.tsv": ROWS.replace(",", "\t").encode(), "m.jsonl": objects.encode(),
        "m.csv.gz": gzip.compress(ROWS.encode(), mtime=0), "m.npy": _npy(numbers), "m.npz": _npz(numbers, labels),
        "m-images-idx3-ubyte": idx,
    }  # fmt: skip
    Path("m-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + struct.pack(">I", 6) + bytes((0, 1, 2, 0, 1, 2)))
    return [_table(name, data) for name, data in files.items()]


def _table(name: str, data: bytes) -> Sound:
    target = "species" if ".csv" in name or name.endswith((".tsv", ".jsonl")) else "-1"
    text = TABLE.format(name=name, target=target)
    text = text if target == "species" else text.replace(", target: -1", "")
    config = f"{name}.yaml"
    Path(config).write_text(text)
    return Sound(
        Path(name), data, [["check", config, "--untrusted"], ["check", config, "--json"], ["train", config, "-q"]]
    )


def _npy(array: np.ndarray) -> bytes:  # type: ignore[type-arg]
    stream = BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def _npz(numbers: np.ndarray, labels: np.ndarray) -> bytes:  # type: ignore[type-arg]
    stream = BytesIO()
    np.savez_compressed(stream, x=numbers, y=labels)
    return stream.getvalue()


def runs() -> list[Sound]:
    """Every file of a run that was interrupted, and of a finished one."""
    Path("rows.csv").write_text(ROWS)
    Path("new.csv").write_text("\n".join(",".join(line.split(",")[:-1]) for line in ROWS.splitlines()) + "\n")
    Path("iris.yaml").write_text(TABLE.format(name="rows.csv", target="species"))
    Path("moons.yaml").write_text(MOONS)
    found = []
    for run in (train("iris.yaml"), stopped("moons.yaml", 13)):
        at = str(run)
        commands = [["evaluate", at], ["describe", at], ["runs", "show", at], ["runs", "ls"], ["plot", at],
                    ["predict", at, "-i", "new.csv"], ["resume", at, "-q"]]  # fmt: skip
        found += [Sound(path, path.read_bytes(), commands) for path in sorted(run.iterdir()) if not path.is_symlink()]
    return [sound for sound in found if sound.data and sound.path.name != ".lock"]


def models() -> list[Sound]:
    """The newest checkpoint of each run, named itself: no older one stands in for it."""
    newest = [sound for sound in runs() if sound.path.name == "last.safetensors"]
    words = ("evaluate", "describe", "predict -i new.csv", "resume -q")
    return [sound._replace(commands=[[*word.split(), str(sound.path)] for word in words]) for sound in newest]


def tampered(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """A checkpoint whose header was mutated, and then given the length and the checksum that fit again."""
    end = 8 + int.from_bytes(data[:8], "little")
    header = mutated(data[8:end].rstrip(), [other[8:end] for other in others], rng)
    header += b" " * (-len(header) % 8)
    length, mark = len(header).to_bytes(8, "little"), b'"checksum":"'
    before, found, after = header.partition(mark)
    if found:
        value = zlib.crc32(data[end:], zlib.crc32(before + mark + b"0" * 8 + after[8:], zlib.crc32(length)))
        header = before + mark + b"%08x" % value + after[8:]
    return length + header + data[end:]


def drawn(sounds: Sequence[Sound], count: int, rng: random.Random) -> Iterator[tuple[Sound, bytes, Sequence[str]]]:
    """So many mutated files, each with a command that is to read it."""
    others = [sound.data for sound in sounds]
    for number in range(count):
        sound = sounds[number % len(sounds)]
        deep = sound.path.suffix == ".safetensors" and rng.random() < 0.8
        data = (tampered if deep else mutated)(sound.data, others, rng)
        yield sound, data, sound.commands[rng.randrange(len(sound.commands))]
