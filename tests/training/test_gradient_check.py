"""The gradient check of a config: it agrees where nothing is wrong, and finds what is."""

from zen_cli.compiler.primitives import PRIMITIVES
from zen_cli.config.load import load
from zen_cli.experiment import from_config
from zen_cli.training.gradient_check import gradient_check
from zen_cli.training.rows import rows_of
from zen_cli.training.streams import streams


def error(tmp_path, model):
    file = tmp_path / "net.yaml"
    file.write_text(f"data: {{source: spiral}}\nmodel: [{model}, output]\n")
    experiment = from_config(load(str(file)))
    return gradient_check(experiment, rows_of(experiment, streams(0).split), 0).error


def test_a_row_of_zeros_with_zero_biases_stands_on_no_kink(tmp_path):
    assert error(tmp_path, "linear: 16, relu") < 1e-8


def test_a_wrong_derivative_is_found(tmp_path, monkeypatch):
    right = PRIMITIVES["tanh"]
    monkeypatch.setitem(PRIMITIVES, "tanh", right._replace(derivative=lambda g, y, x: (1.001 * g * (1.0 - y * y),)))
    assert error(tmp_path, "linear: 16, tanh") > 1e-5
