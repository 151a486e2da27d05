"""zen list and zen describe: everything registered, every config, every run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import CONFIGS, ROOT, XOR, done, train, zen
from zen_cli.catalogue import REGISTRIES

NAMES = [(kind, name) for kind, registry in REGISTRIES.items() for name in registry]


@pytest.mark.parametrize("kind", REGISTRIES)
def test_list_has_every_name_of_a_kind(kind: str) -> None:
    found = done("list", kind, "--json").json
    assert [each["name"] for each in found] == list(REGISTRIES[kind])
    assert all(each["what"] and each["example"] for each in found)
    header, *lines = done("list", kind).out.splitlines()
    assert header.split() == ["kind", "name", "what"]
    assert [line.split()[1] for line in lines] == list(REGISTRIES[kind])


def test_list_without_a_kind_has_everything() -> None:
    assert [(each["kind"], each["name"]) for each in done("list", "--json").json] == NAMES


def test_list_of_configs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert done("list", "configs", "--json").json == []
    monkeypatch.chdir(ROOT)
    found = done("list", "configs", "--json").json
    assert [each["name"] for each in found] == [str(config.relative_to(ROOT)) for config in CONFIGS]
    assert all(each["what"] for each in found)


@pytest.mark.parametrize("kind, name", NAMES)
def test_describe_explains_every_name(kind: str, name: str) -> None:
    text = done("describe", name).out
    assert text.startswith(f"{name}: a") and "example: " in text
    found = next(each for each in done("describe", name, "--json").json if each["kind"] == kind)
    assert found["summary"] in text
    for option in found["options"]:
        assert f"\n{option['name']} " in text and option["help"]


def test_describe_knows_aliases() -> None:
    assert done("describe", "dense").out.startswith("linear: a layer (also dense)\n")


@pytest.mark.parametrize("config", [it for it in CONFIGS if "mnist" not in it.stem], ids=lambda config: config.stem)
def test_describe_shows_the_layers_of_a_config(config: Path) -> None:
    found = done("describe", str(config), "--json").json
    assert found[0]["layer"] == "input" and found[-1]["layer"] == "total"
    assert found[-1]["parameters"] == sum(each["parameters"] for each in found[1:-1])
    assert "total" in done("describe", str(config)).out


def test_describe_shows_the_layers_of_a_run() -> None:
    run = train(XOR)
    assert done("describe", str(run)).out == done("describe", XOR).out
    assert done("describe", "-", stdin=Path(XOR).read_bytes()).out == done("describe", XOR).out
    assert zen("describe", "runs").code == 3
