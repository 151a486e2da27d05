"""What a comparison leaves in its folder, and that the report follows from it."""

import json

import pytest

from tests.compare.race_helpers import protocol
from tests.compare.report_helpers import CONFIGS, xor
from tests.nn.catalogue import example
from zen_cli.compare.flags import Flags
from zen_cli.compare.report.files import ROWS, derived, texts, write_all
from zen_cli.compare.report.protocol_yaml import config_of, protocol_yaml
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.store import Store
from zen_cli.config.dump import dump
from zen_cli.errors import Exit, ZenError
from zen_cli.experiment import from_file
from zen_cli.jobs.nets import Net
from zen_cli.nn.optimizers import optimizers
from zen_cli.runs.strict_json import strict_json

NAMES = {"summary.json", "runs.csv", "curves.csv", "tuning.csv", "report.md", "report.html", "protocol.yaml"}


def test_every_file_is_written_and_nothing_else(tmp_path):
    write_all(tmp_path, *xor())
    assert {path.name for path in tmp_path.iterdir()} == NAMES
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_the_same_comparison_leaves_the_same_bytes():
    assert texts(*xor()) == texts(*xor())


def test_the_report_follows_from_the_files(tmp_path):
    write_all(tmp_path, *xor())
    found = {path.name: path.read_bytes().decode() for path in tmp_path.iterdir()}
    again = derived(found["summary.json"], {name: found[name] for name in ROWS})
    assert again == {name: found[name] for name in again} and len(again) == 3


def test_the_folder_is_made(tmp_path):
    write_all(tmp_path / "a" / "b", *xor())
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == NAMES


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(ZenError, match="taken") as found:
        write_all(tmp_path / "taken", *xor())
    assert found.value.code == Exit.ENVIRONMENT


@pytest.mark.parametrize(
    ("config", "flags"),
    [
        ("xor.yaml", Flags(optimizers="sgd,adam", seeds=8, trials=5)),
        ("xor.yaml", Flags(optimizers="sgd,adam", tune="all", tuner="random")), ("xor.yaml", Flags(tune="none")),
        ("iris.yaml", Flags(optimizers="adamw,momentum", metric="accuracy", baseline="adamw", budget="7st", rope="1%")),
        ("digits.yaml", Flags()),
        ("auto_mpg.yaml", Flags(tune_seeds=2, alpha="0.1")),
    ],
)
def test_the_protocol_is_a_config_with_the_same_protocol(tmp_path, config, flags):
    protocol = protocol_of(from_file(str(CONFIGS / config)), flags)
    summary = {"name": "again", "protocol": json.loads(json.dumps(protocol.card())), "protocol_hash": protocol.hash()}
    path = tmp_path / "protocol.yaml"
    path.write_text(protocol_yaml(summary), encoding="utf-8")
    assert protocol_of(from_file(str(path)), Flags()).hash() == protocol.hash()


@pytest.mark.parametrize("name", sorted(optimizers))
def test_every_optimizer_takes_part_as_its_example_is_written(tmp_path, name):
    other = "sgd" if name == "adam" else "adam"
    it = protocol(tmp_path, f"{example(optimizers[name])}, {other}", tune="all", trials=2, allow_unequal=True)
    first = it.entries[0]
    assert len({Store(None, it).key(first, Net(0, *each), "tune") for each in first.settings}) == 2
    (tmp_path / "again.yaml").write_text(dump(config_of("again", json.loads(strict_json(it.card())))))
    assert protocol_of(from_file(str(tmp_path / "again.yaml")), Flags(tune="all", trials=2)).hash() == it.hash()
