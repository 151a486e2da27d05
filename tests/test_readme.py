"""The README says what is there: its generated parts are current, its commands and files exist."""

import re

from tests.make_readme import README, regenerated
from zen_cli.catalogue import REGISTRIES

TEXT = README.read_text("utf-8")


def test_generated_parts_are_current():
    assert regenerated(TEXT) == TEXT, "run python -m tests.make_readme"


def test_every_registered_name_is_in_it():
    missing = [name for registry in REGISTRIES.values() for name in registry if f"`{name}`" not in TEXT]
    assert not missing


def test_every_config_it_names_exists():
    named = set(re.findall(r"configs/\w+\.yaml", TEXT))
    assert named and all((README.parent / name).exists() for name in named)


def test_every_shipped_config_is_in_it():
    shipped = {path.name for path in (README.parent / "configs").glob("*.yaml")}
    assert not [name for name in shipped if name not in TEXT]
