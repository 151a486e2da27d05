"""An experiment as the config that says everything: nothing defaulted, inferred or overridden is left unsaid."""

from __future__ import annotations

import os
from typing import Any

from zen_cli.config.component import Component
from zen_cli.config.dump import dump
from zen_cli.config.files import folder
from zen_cli.config.node import Mapping, Node, Scalar, Sequence
from zen_cli.config.sections import Config
from zen_cli.data.builtin import datasets
from zen_cli.data.columns import Column
from zen_cli.data.target import scales
from zen_cli.experiment import Experiment
from zen_cli.nn.optimizers import optimizers
from zen_cli.parts import look_up
from zen_cli.registry import options_of

PLACES = ("source", "validation", "test")


def resolved(experiment: Experiment) -> dict[str, Any]:
    """Plain values in the order of a config; `dump` of them is read back as the same experiment."""
    config = experiment.config
    return {
        "name": config.name,
        "seed": config.seed,
        **_learned(experiment),
        "optimizer": as_written(experiment.optimizer),
        **({"scheduler": as_written(experiment.scheduler)} if experiment.scheduler else {}),
        "trainer": {**_options(config.trainer), **_success(experiment)},
        **({} if experiment.problem else {"metrics": [as_written(metric) for metric in experiment.metrics]}),
    }


def _learned(experiment: Experiment) -> dict[str, Any]:
    """What is learned: data, model and loss, or the problem that brings them."""
    network = experiment.network
    if experiment.problem:
        return {"problem": as_written(experiment.problem)}
    return {
        "data": _data(experiment),
        "model": {"input": list(network.input_shape), "layers": [as_written(layer) for layer in network.layers]},
        "loss": as_written(experiment.loss),
    }


def unread(config: Config) -> dict[str, Any]:
    """The same of a config whose data are not read: defaults are said, and what follows from the data is not.

    Raises:
        ZenError: with every mistake in it.
    """
    parts = look_up(config)
    config.problems.check()
    model = {"input": config.input} if config.input else {}
    learned = {"problem": as_written(parts.problem)} if parts.problem else {
        "data": {**_options(config.data), **_sources(config)},
        "model": {**model, "layers": [as_written(layer) for layer in parts.layers]},
        **({"loss": as_written(parts.loss)} if parts.loss else {}),
    }  # fmt: skip
    return {
        "name": config.name, "seed": config.seed, **learned,
        "optimizer": as_written(parts.optimizer or optimizers["adam"]()),
        **({"scheduler": as_written(parts.scheduler)} if parts.scheduler else {}),
        "trainer": _options(config.trainer),
        **({} if parts.problem else {"metrics": as_written(parts.metrics or config.metrics)}),
    }  # fmt: skip


def resolved_text(experiment: Experiment) -> str:
    """The resolved config as YAML."""
    return dump(resolved(experiment))


def digest(experiment: Experiment) -> str:
    """The hash of what decides a run's numbers: the resolved config, its data; not its name, where they lie, or when
    it is saved.
    """
    from hashlib import sha256

    values = resolved(experiment)
    if "data" in values:
        values["data"] = {name: None if name in PLACES else value for name, value in values["data"].items()}
    del values["name"], values["trainer"]["checkpoint"]
    return sha256((dump(values) + experiment.dataset.sha256).encode()).hexdigest()


def _success(experiment: Experiment) -> dict[str, Any]:
    target = experiment.trainer.target
    return {"target": target} if target else {}


def _data(experiment: Experiment) -> dict[str, Any]:
    section = experiment.config.data
    found = {**_options(section), **_sources(experiment.config), **_columns(experiment)}
    return {option.name: found[option.name] for option in options_of(type(section)) if option.name in found}


def _columns(experiment: Experiment) -> dict[str, Any]:
    """The type of every column of a table, with what does not follow from the section's options."""
    section, schema = experiment.config.data, experiment.dataset.schema
    if not schema.columns:
        return {}
    features = {name: column.shortened(section) for name, column in zip(schema.features, schema.columns, strict=True)}
    left_out = dict.fromkeys(experiment.dataset.left_out, "ignore")
    named = zip(schema.target, schema.outputs, scales(experiment.dataset, section, experiment.unbounded), strict=True)
    targets = {name: _target(column, scale).shortened(section) for name, column, scale in named}
    return {"columns": {**features, **left_out, **targets}}


def _target(column: Column, scale: str) -> Column:
    """With the scale that it has; nothing can stand in for a missing cell of a target, its row may be dropped."""
    missing = "drop" if column.missing == "drop" else None
    return column.with_options(missing=missing, **({"scale": scale} if column.name == "number" else {}))


def _sources(config: Config) -> dict[str, Any]:
    """Files by their full names, a pattern as a pattern; built-ins and standard input as they are."""
    section = config.data
    if isinstance(section.source, Component):
        return {"source": _component(section.source)}
    if isinstance(section.source, str) and (section.source in datasets or section.source == "-"):
        return {"source": section.source}
    found = {"source": _absolute(section.base, section.source)}
    for option in ("validation", "test"):
        if given := getattr(section, option):
            found[option] = _absolute(folder(config.where("data", option).file), given)
    return found


def _absolute(folder: str, names: str | list[str]) -> str | list[str]:
    if isinstance(names, list):
        return [os.path.abspath(os.path.join(folder, name)) for name in names]
    return os.path.abspath(os.path.join(folder, names))


def _component(component: Component) -> dict[str, Any]:
    """A component that is looked up elsewhere, as it was written."""
    return {"type": component.type, **{name: _node(entry.value) for name, entry in component.options.entries.items()}}


def _node(node: Node) -> Any:
    if isinstance(node, Scalar):
        return _number(node)
    if isinstance(node, Sequence):
        return [_node(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {name: _node(entry.value) for name, entry in node.entries.items()}


def _number(node: Scalar) -> Any:
    for read in (int, float):
        try:
            return node.text if node.quoted else read(node.text)
        except ValueError:
            continue
    return node.text


def _options(instance: Any) -> dict[str, Any]:
    """What can be set, without what is left open (None) and empty lists."""
    found = {option.name: as_written(getattr(instance, option.name)) for option in options_of(type(instance))}
    return {name: value for name, value in found.items() if value is not None and value not in ([], {})}


def as_written(value: Any) -> Any:
    """The plain value that a config has in place of a component, or of anything else that can be set."""
    if isinstance(value, Component):
        return _component(value)
    if isinstance(value, (list, tuple)):
        return [as_written(item) for item in value]
    if isinstance(value, dict):
        return {name: as_written(item) for name, item in value.items()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    name = getattr(value, "name", None)
    return {"type": name, **_options(value)} if name else _options(value)
