import io
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.display.helpers import golden
from zen_cli.display.numbers import quantile
from zen_cli.display.seeds import distribution, seeds_summary, seeds_table, success
from zen_cli.training.conditions import condition
from zen_cli.training.events import End

NAN = math.nan
LOSS = (0.02, 0.005, NAN, 0.001, 0.25)
END = End("completed", 200, 200, 0.1, {"loss": LOSS, "accuracy": (0.75, 1.0, NAN, 1.0, 0.5)}, {}, {}, {})
SEEDS = (7, 8, 9, 10, 11)


def test_the_numbers_as_json():
    assert json.loads(json.dumps(seeds_summary(END, SEEDS, condition("train.loss<0.01")), allow_nan=False)) == {
        "success": {"rate": 0.4, "count": 2, "of": 5, "target": "train.loss<0.01"},
        "loss": {
            "median": 0.02, "quartiles": [0.005, 0.25],
            "best": {"seed": 10, "value": 0.001}, "worst": {"seed": 9, "value": None},
        },
    }


def test_the_table():
    stream = io.StringIO()
    seeds_table(END, SEEDS, condition("train.loss<0.01"), stream=stream, environ={})
    golden("seeds.txt", stream.getvalue())


def test_validation_is_what_counts_where_there_is_one():
    assert seeds_summary(END._replace(validation={"loss": (5.0,) * 5}), SEEDS)["loss"]["median"] == 5.0


@pytest.mark.parametrize(
    ("goal", "count"),
    [
        (None, 4), (condition("train.accuracy>=1"), 2), (condition("validation.loss<1"), 0),
        (condition("train.loss<9"), 4),
    ],
)
def test_counts_what_reached_the_target(goal, count):
    assert success(END, goal)[:2] == (count, 5)


def test_more_is_better_where_the_metric_says_so():
    found = distribution("accuracy", END.train["accuracy"], SEEDS)
    assert (found.median, found.best.seed, found.worst.seed) == (0.75, 8, 9)
    assert found.quartiles == (0.5, 1.0)


def test_where_most_diverged_the_median_is_infinite():
    found = distribution("loss", (NAN, 1.0, NAN, NAN), range(4)).as_json()
    assert (found["median"], found["quartiles"], found["best"]) == (None, [None, None], {"seed": 1, "value": 1.0})


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values, share):
    expected = np.quantile(values, share)
    assert quantile(sorted(values), share) == pytest.approx(expected, rel=1e-9, abs=1e-6)
