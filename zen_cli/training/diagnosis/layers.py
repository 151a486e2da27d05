"""What every layer gives for some rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.tensor import leaf
from zen_cli.experiment import Experiment
from zen_cli.nn.state import State

Array = np.ndarray[Any, Any]


def outputs(experiment: Experiment, state: State, x: Array) -> list[Array]:
    """Of each layer of `model` in turn, as in inference, with the weights as they are."""
    network = experiment.network
    given = network.input(len(x))
    wanted = [
        network._replace(layers=network.layers[: count + 1]).trace(given, training=False).prediction
        for count in range(len(network.layers))
    ]
    leaves = {**state.leaves(), "x": x}
    named = [leaf(f"output.{i}", tensor.shape) for i, tensor in enumerate(wanted)]
    leaves |= {tensor.options["name"]: np.zeros(tensor.shape, state.dtype) for tensor in named}
    assignments = [Assignment(*pair) for pair in zip(named, wanted, strict=True)]
    with np.errstate(all="ignore"):
        Program([Section(assignments)], leaves, dtype=state.dtype).run()
    return [leaves[tensor.options["name"]] for tensor in named]
