"""What a training augments are rows as they are in the data, whatever was made of them before."""

import io

import pytest

from zen_cli.errors import ZenError
from zen_cli.experiment import from_file
from zen_cli.training.training import Training

NET = b"""
data: {source: xor, augment: {noise: 0.1}}
model: [output]
optimizer: sgd
trainer: {epochs: 200, batch_size: full}
"""


def experiment(*sets):
    return from_file("-", sets=sets, stdin=io.BytesIO(NET))


@pytest.mark.parametrize("sets", [(), ("trainer.batch_size=2",), ("trainer.batch_size=2", "trainer.accumulate=2")])
@pytest.mark.parametrize("seeds", [None, range(2)])
def test_noise_does_not_gather_from_epoch_to_epoch(sets, seeds):
    training = Training(experiment(*sets), seeds)
    list(training.events(lambda: 0.0))
    x = training.feed.segments[0].step.x
    assert 0 < abs(x - x.round()).max() < 0.5


def test_what_is_no_image_cannot_be_moved():
    with pytest.raises(ZenError, match=r"images .* found rows of shape \[2\]"):
        experiment("data.augment.shift=1")


def test_a_rule_that_asks_for_gradients_itself_gets_the_same_rows():
    with pytest.raises(ZenError, match="lbfgs cannot have data.augment"):
        experiment("optimizer=lbfgs")
