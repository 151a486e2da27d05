"""The check against published losses: what it asks for, and what counts as met. tests/problems trains the nets."""

import math

from zen_cli.compare.deepobs import PUBLISHED, SEED, STEPS, check
from zen_cli.jobs.nets import Course


def trainer(change):
    """Stands for training: the published losses, changed."""

    def train(experiment, nets, budget, test):
        assert (budget.steps, test, {net.seed for net in nets}) == (STEPS, True, {SEED})
        losses = PUBLISHED[experiment.optimizer.name].values()
        finals = [math.nan if loss is None else change(loss) for loss in losses]
        return [
            Course(net, 1.0, (0,), ({"loss": 1.0},), {"loss": final}, 5 if math.isnan(final) else None)
            for net, final in zip(nets, finals, strict=True)
        ]

    return train


def test_the_published_losses_meet_themselves():
    found = list(check(trainer(lambda loss: loss)))
    assert len(found) == 14 and all(met.met and met.off == 0.0 for met in found)
    assert [met.lr for met in found if math.isnan(met.published)] == [10 ** (-7 / 5), 0.1]


def test_half_a_percent_is_the_limit():
    assert all(met.met for met in check(trainer(lambda loss: 1.0049 * loss)))
    assert not any(met.met for met in check(trainer(lambda loss: 0.9949 * loss)) if math.isfinite(met.ours))


def test_a_net_that_diverges_alone_is_missed():
    assert sum(met.met for met in check(trainer(lambda loss: math.nan))) == 2
