import io

import pytest

from tests.display.helpers import golden
from zen_cli.display.layers import layer_rows
from zen_cli.display.table import table
from zen_cli.experiment import from_file


@pytest.mark.parametrize("name", ["xor", "digits"])
def test_the_table_of_a_model(name):
    experiment = from_file(f"configs/{name}.yaml")
    columns, rows = layer_rows(experiment.trace.shapes, experiment.network.input_shape)
    assert rows[-1][-1] == experiment.parameters
    stream = io.StringIO()
    table(columns, rows, stream=stream, environ={})
    golden(f"layers_{name}.txt", stream.getvalue())
