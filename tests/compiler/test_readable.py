"""The readable form of a program: a script that stands alone and gives the bits of the program that trains."""

import ast
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import DTYPES
from tests.compiler.graphs import Maker
from tests.compiler.test_plan import MIXED, VECTORS
from tests.nn.catalogue import example, from_text, in_a_net, taken_by
from zen_cli.compiler.emitter.forms import FORMS as EMITTED
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.readable.forms import FORMS
from zen_cli.compiler.readable.helpers import HELPERS
from zen_cli.compiler.readable.script import readable
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.limits import NO_CLIP, Clip
from zen_cli.nn.programs import Batch, Inference, TrainingStep
from zen_cli.nn.state import State
from zen_cli.training.streams import Noise

STEPS = 25


class Case(NamedTuple):
    """A training: layers as (name, options) or as in a config, and the loss, optimizer, batch it takes."""

    model: tuple[tuple[Any, ...] | str, ...]
    loss: str = "mse"
    loss_options: dict[str, Any] = {}
    optimizer: str = "sgd"
    options: dict[str, Any] = {}
    batch: int = 6
    inputs: tuple[int, ...] = (3,)
    outputs: int = 2
    labels: bool = False
    clip: Clip = NO_CLIP
    symbols: int = 0


def hidden(*activation: Any, width: int = 5, outputs: int = 2) -> tuple[tuple[Any, ...], ...]:
    return (("linear", width), activation, ("linear", outputs))


CASES = {
    "xor": Case((("linear", 8), ("linear", 4), ("sigmoid",), ("linear", 2), ("softmax",)), "mse", optimizer="rmsprop"),
    "digits": Case(hidden("relu", width=64), "cross_entropy", optimizer="adam", batch=32, inputs=(64,)),
    "wide": Case(hidden("relu", width=300), "cross_entropy", optimizer="adam", batch=64, inputs=(200,)),
    "dropout": Case((*hidden("relu"), ("dropout", 0.25), ("dropout", 0.5)), "mae", optimizer="momentum"),
    "one row": Case(hidden("tanh"), "huber", optimizer="nesterov", batch=1),
    "one of everything": Case(hidden("tanh", width=1, outputs=1), "bce", batch=1, inputs=(1,), outputs=1),
    "flattened": Case((("flatten",), *hidden("relu")), "mse", inputs=(2, 3)),
    "smoothed": Case(hidden("gelu"), "cross_entropy", {"label_smoothing": 0.1}, "adamw"),
    "weighted": Case(hidden("elu"), "cross_entropy", {"class_weights": [0.3, 2.0]}, "adam", {"amsgrad": True}),
    "labels": Case(hidden("silu", outputs=300), "cross_entropy", outputs=300, labels=True),
    "clipped": Case(hidden("selu"), "bce", optimizer="rmsprop", clip=Clip(norm=0.5)),
    "decayed": Case(hidden("softplus"), "bce", optimizer="adam", options={"weight_decay": 0.1}),
    "centered": Case(hidden("leaky_relu"), "huber", {"delta": 0.5}, "rmsprop", {"centered": True, "momentum": 0.9}),
    "damped": Case(hidden("sigmoid"), "mse", {}, "momentum", {"dampening": 0.1}),
    "sigmoid scores": Case((*hidden("relu"), ("sigmoid",)), "cross_entropy"),
    "softmax in bce": Case((*hidden("relu"), ("softmax",)), "bce"),
    "linear only": Case((("linear", 2),), "mse"),
}
for _name in layers:
    _text = example(layers[_name])
    CASES[_name] = Case((*in_a_net(_text), "flatten", "output"), **taken_by(_text))
for _name in (name for name in optimizers if not optimizers[name].evaluates):
    CASES[f"optimizer {_name}"] = Case(hidden("tanh"), optimizer=_name)
for _name in losses:
    CASES[f"loss {_name}"] = Case(hidden("tanh"), _name)


class Training(NamedTuple):
    """A compiled step on its state, and what feeds it."""

    step: TrainingStep
    state: State
    script: str


def noise(rng: np.random.Generator) -> Any:
    return Noise([rng], stacked=False)


def built(case: Case, dtype: str) -> tuple[Network, Any, State, Batch, dict[str, Any]]:
    model = [from_text(layers, it) if isinstance(it, str) else layers[it[0]](*it[1:]) for it in case.model]
    network = Network(model, case.inputs, case.outputs, case.symbols)
    optimizer = optimizers[case.optimizer](**case.options)
    trace = network.describe()
    state = State(trace.parameters, optimizer, None, dtype, memories=trace.memories)
    state.draw([np.random.default_rng(1)])
    weights = case.loss_options.get("class_weights")
    given = {} if weights is None else {"loss.class_weights": np.asarray(weights)}
    batch = Batch(case.batch, () if case.labels else (case.outputs,), case.labels)
    return network, optimizer, state, batch, given


def training(case: Case, dtype: str) -> Training:
    network, optimizer, state, batch, given = built(case, dtype)
    loss = losses[case.loss](**case.loss_options)
    draws = noise(np.random.default_rng(7))
    step = TrainingStep(network, loss, optimizer, state, batch, clip=case.clip, noise=draws, constants=given)
    return Training(step, state, readable(step.program, title="a test", rule=case.optimizer))


def run(script: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "script"}
    exec(compile(script, "<readable>", "exec"), space)
    return space


def holding(state: State, space: dict[str, Any]) -> dict[str, Any]:
    """What a script defines, with the weights, and what layers remember, of a state."""
    for name in ("parameters", "memory"):
        if name in space:
            space[name][:] = state.vectors[name]
    return space


def fill(case: Case, x: Any, y: Any, rng: np.random.Generator) -> None:
    x[...] = rng.integers(case.symbols, size=x.shape) if case.symbols else rng.standard_normal(x.shape)
    y[...] = rng.integers(0, case.outputs if case.labels else 2, y.shape)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", CASES)
def test_the_script_gives_the_bits_of_the_training_program(name: str, dtype: str) -> None:
    case = CASES[name]
    step, state, script = training(case, dtype)
    space, rng, draws = holding(state, run(script)), np.random.default_rng(2), np.random.default_rng(7)
    more = (draws,) if "rng" in script.partition("def step(")[2].partition(")")[0] else ()
    for t in range(1, STEPS + 1):
        fill(case, step.x, step.y, rng)
        with np.errstate(all="ignore"):
            step.run(t, 0.05 / t)
        loss = space["step"](step.x.copy(), step.y.copy(), t, 0.05 / t, *more)
        assert loss.tobytes() == step.loss.tobytes(), f"loss of step {t}"
        assert loss.dtype == dtype
    for vector, array in state.vectors.items():
        ours = space[vector.removeprefix("optimizer.")]
        assert ours.dtype == dtype
        assert ours.tobytes() == array.tobytes(), vector
    assert np.isfinite(state.vectors["parameters"]).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", CASES)
def test_the_forward_script_gives_the_bits_of_inference(name: str, dtype: str) -> None:
    case = CASES[name]
    network, _, state, batch, given = built(case, dtype)
    inference = Inference(network, losses[case.loss](), state, batch, with_loss=False, constants=given)
    script = readable(inference.program, name="predict", returns=("prediction",))
    space = holding(state, run(script))
    fill(case, inference.x, inference.y, np.random.default_rng(3))
    with np.errstate(all="ignore"):
        inference.run()
    assert space["predict"](inference.x.copy()).tobytes() == inference.prediction.tobytes()
    assert "gradient" not in script and "loss" not in script


def test_what_the_emitter_can_say_has_a_readable_form() -> None:
    for table in (EMITTED, FORMS):
        table["convolve"]  # brings what is imported when it is asked for
    assert EMITTED.keys() - {"patches"} <= FORMS.keys()  # which are made of a convolution after the script is


def test_the_script_reads_as_a_person_would_write_it() -> None:
    script = training(CASES["xor"], "float32").script
    wanted = [
        "# 2 sigmoid: (6, 4) -> (6, 4)", "    h2 = 1 / (1 + np.exp(-h1))", "    h0 = x @ weight_0 + bias_0",
        "    gradient_weight_0[:] = x.T @ d0", "weight_0 = parameters[0:24].reshape(3, 8)", "    # rmsprop",
        "    square[:] = 0.99 * square + 0.01 * gradients ** 2", "    return loss", '"""a test',
    ]  # fmt: skip
    missing = [line for line in wanted if line not in script.splitlines() and f"    {line}" not in script.splitlines()]
    assert not missing, f"{missing} not in\n{script}"


@pytest.mark.parametrize("name", CASES)
def test_lines_are_short_and_every_name_is_given_once(name: str) -> None:
    script = training(CASES[name], "float64").script
    assert max(map(len, script.splitlines())) <= 120
    tree = ast.parse(script)
    tree.body = [node for node in tree.body if getattr(node, "name", "") not in HELPERS]
    given = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    assert len(given) == len(set(given))
    assert ("math" in given or "import math" in script) == ("math." in script)


def test_a_title_from_a_config_stays_text() -> None:
    program = training(CASES["linear only"], "float32").step.program
    space = run(readable(program, title='a """ b \\ c \x1b[31m\nboom = 1'))
    assert "boom" not in space
    assert space["__doc__"].startswith('a """ b \\ c')


def test_replicas_have_no_readable_form() -> None:
    network, optimizer, _, batch, _ = built(CASES["linear only"], "float32")
    state = State(network.describe().parameters, None, 2, "float32")
    step = TrainingStep(network, losses["mse"](), optimizer, state, batch)
    with pytest.raises(ValueError, match="without replicas"):
        readable(step.program)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shapes", "length"), [(MIXED, None), (VECTORS, 7)], ids=["layers", "rules"])
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 25), st.integers(1, 5))
def test_the_script_of_a_random_program_gives_its_bits(shapes, length, dtype, seed, steps, count) -> None:
    maker = Maker(seed, shapes, elementwise=length is not None).grow(steps)
    arrays = maker.arrays(dtype)
    program = Program([Section(maker.assignments(count), length)], arrays, dtype=dtype, arguments=("t", "lr"))
    space = run(readable(program, inputs=(), returns=()))
    mentioned = {name: space[name] for name in arrays if name in space}
    for name, array in mentioned.items():
        array[...] = arrays[name]
    with np.errstate(all="ignore"):
        program.run(3.0, 0.3)
    space["step"](3.0, 0.3)
    for name, array in mentioned.items():  # equal but for the sign of a zero, which a sum with zeros loses
        assert np.array_equal(array, arrays[name]), name
