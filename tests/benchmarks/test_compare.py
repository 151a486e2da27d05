"""What stacking gains: a hundred XOR nets together against one after another."""

import pytest

from tests.benchmarks.timing import interleave
from zen_cli.experiment import from_file
from zen_cli.jobs.nets import Budget, Net
from zen_cli.jobs.stack import train_all

NETS = 100
BUDGET = Budget(steps=200, every=200)


@pytest.mark.benchmark
def test_stacked_against_one_after_another(results, request):
    experiment = from_file(str(request.config.rootpath / "configs" / "xor.yaml"))
    nets = [Net(seed, 0.02) for seed in range(NETS)]
    assert _alike(train_all(experiment, nets, BUDGET), _alone(experiment, nets))
    steps = {
        "zen": lambda: train_all(experiment, nets, BUDGET),
        "one after another": lambda: _alone(experiment, nets),
    }
    results["100 XOR runs of 200 steps"] = interleave(steps, total=12.0)


def _alone(experiment, nets):
    return [course for net in nets for course in train_all(experiment, [net], BUDGET)]


def _alike(stacked, alone):
    return [course.measured for course in stacked] == [course.measured for course in alone]
