"""zen.schema.json: current, and of one mind with what reads configs, as far as a schema can say."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.make_readme import SCHEMA
from zen_cli.catalogue import entries
from zen_cli.config.dump import dump
from zen_cli.config.load import load
from zen_cli.config.node import Mapping, Scalar, Sequence
from zen_cli.config.scalars import core
from zen_cli.config.text import parse
from zen_cli.errors import Place, ZenError
from zen_cli.json_schema import json_schema, schema_text
from zen_cli.parts import look_up

jsonschema = pytest.importorskip("jsonschema")
CONFIGS = sorted((SCHEMA.parent / "configs").glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def plain(node: Any) -> Any:
    """What an editor sees: the values of YAML 1.2."""
    if isinstance(node, Scalar):
        return core(node)
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {name: plain(entry.value) for name, entry in node.entries.items()}


def accepted(values: dict[str, Any]) -> bool:
    """Whether it is a config, its data aside."""
    try:
        config = load("-", stdin=BytesIO(dump(written(values)).encode()))
        look_up(config)
        config.problems.check()
    except ZenError:
        return False
    return True


def written(value: Any) -> Any:
    """Shares and lengths without the quotes that they must not have."""
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [written(item) for item in value]
    bare = isinstance(value, str) and value.endswith(("%", "epochs"))
    return Scalar(Place(""), value) if bare else value


def values_of(config: Path) -> dict[str, Any]:
    return plain(parse(config.read_text("utf-8"), str(config)))


def test_is_current() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(), "run python -m tests.make_readme"


def test_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_shipped_configs_name_it_and_are_valid(config: Path) -> None:
    first = config.read_text("utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=../zen.schema.json"
    assert not [error.message for error in VALIDATOR.iter_errors(values_of(config))]


FULL = """\
name: full
seed: 3
vars: {a: 1, wide: {b: [1]}}
data:
  source: {type: spiral, samples: 50}
  target: [a, b]
  features: [c]
  columns: {"c*": {number: {scale: log1p, missing: mean}}, d: {type: date, parts: [year]}, e: ignore}
  split: {validation: 20%, test: 5, stratify: true}
model:
  input: [2]
  layers:
    - {linear: {units: 8, init: he_normal, bias_init: {constant: 1}}}
    - {residual: [{type: linear, units: 8}, relu]}
    - {dropout: 10%}
    - output
loss: {type: cross_entropy, label_smoothing: 0.1, class_weights: balanced}
optimizer: {adam: {lr: 1e-3, betas: [0.9, 0.99]}}
scheduler: {cosine: {warmup: 3 epochs}}
trainer: {epochs: 3, batch_size: full, shuffle: once, clip: {norm: 1}, early_stopping: {patience: 3}}
metrics: [accuracy, f1_micro, {f1: macro}]
compare: {seeds: {eval: 5}, stats: {rope: 2%}, tune: {trials: 5, space: {lr: [1, 2]}}, budget: {steps: 5}}
"""
STRANGERS: list[Any] = ["some text", -1, 0, 0.5, 1e9 + 0.5, True, [1], [], {"a": 1, "b": 2}, ["relu"], "12"]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in the tree: what holds it, and its key or index there."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def mutants(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The config with one thing in it changed, in each way at each place."""
    for number in range(sum(1 for _ in places(values))):
        for change in [*STRANGERS, "left out", "misspelt", "with a stranger"]:
            changed = copy.deepcopy(values)
            holder, key = list(places(changed))[number]
            if change == "with a stranger":
                holder[key] = holder[key] | {"wrnog": 1} if isinstance(holder[key], dict) else [*STRANGERS]
            elif change == "misspelt" and isinstance(holder, dict):
                holder[f"{key}x"] = holder.pop(key)
            elif change == "left out":
                del holder[key]
            else:
                holder[key] = change
            yield changed


def disagreements(values: dict[str, Any], every: int = 1) -> list[str]:
    return [
        f"{dump(changed)}{[error.message[:200] for error in VALIDATOR.iter_errors(changed)]}"
        for i, changed in enumerate(mutants(values))
        if i % every == 0 and accepted(changed) != VALIDATOR.is_valid(changed)
    ]


def test_says_of_a_broken_config_what_zen_says() -> None:
    values = plain(parse(FULL, "full.yaml"))
    assert accepted(values) and VALIDATOR.is_valid(values)
    assert not disagreements(values, every=23)


ALONE = [each for each in CONFIGS if "extends" not in values_of(each)]  # a schema does not know which files there are


@pytest.mark.slow
@pytest.mark.parametrize("config", [*ALONE, None], ids=lambda config: config.stem if config else "full")
def test_says_of_many_broken_configs_what_zen_says(config: Path | None) -> None:
    values = values_of(config) if config else plain(parse(FULL, "full.yaml"))
    assert not disagreements(values, every=11 if config else 3)


WHERE = {"layers": ("model", list), "losses": ("loss", None), "optimizers": ("optimizer", None),
         "schedulers": ("scheduler", None), "metrics": ("metrics", list), "problems": ("problem", None)}  # fmt: skip


@pytest.mark.parametrize("kind", WHERE)
def test_knows_every_component_in_all_its_forms(kind: str) -> None:
    section, listed = WHERE[kind]
    for entry in entries(kind):
        for name in (entry.name, *entry.aliases):
            for form in forms(name, plain(parse(f"x:\n  {entry.example}", "x"))["x"]):
                rest = {} if kind == "problems" else {"data": {"source": "xor"}, "model": ["output"]}
                values = {**rest, section: [form] if listed else form}
                assert accepted(values) and VALIDATOR.is_valid(values), values


def forms(name: str, example: Any) -> Iterator[Any]:
    """The example under the name, in the forms in which it can be written."""
    body = {} if isinstance(example, str) else {key: value for key, value in example.items() if key != "type"}
    if len(body) == 1 and not isinstance(example, str) and "type" not in example:
        ((_, value),) = body.items()
        yield {name: value}
        body = value if isinstance(value, dict) else None
    if body is not None:
        yield {"type": name, **body}
        yield {name: body}
        if not body:
            yield name
