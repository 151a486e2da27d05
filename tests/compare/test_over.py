"""Values of an option against each other: how they are written, what is refused, who takes part."""

import pytest

from tests.compare.report_helpers import CONFIGS
from zen_cli.compare.flags import Flags
from zen_cli.compare.over import choice, common, entries_over, one_loss, tunes_rate
from zen_cli.compare.settings import protocol_of
from zen_cli.errors import ZenError
from zen_cli.experiment import from_file

XOR, IRIS = (str(CONFIGS / name) for name in ("xor.yaml", "iris.yaml"))


def over(config, *written, **options):
    return entries_over(config, from_file(config), written, **options)


def test_values_are_split_outside_brackets_and_quotes():
    assert choice("model[0].units=4, 8").values == ("4", "8")
    assert choice("a='x, y',{b: 1, c: 2}").values == ("'x, y'", "{b: 1, c: 2}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("loss=mse", "two values"), ("loss", "two values"), ("loss=mse,", "two values"), ("loss=mse,mse", "twice"),
        ("seed=1,2", "same for all"), ("data.split.validation=0.1,0.2", "same for all"), ("a[=1,2", "key path"),
        ("trainer.epochs=1,2", "same for all"),
    ],
)  # fmt: skip
def test_a_choice_that_is_none_is_refused(text, said):
    with pytest.raises(ZenError, match=said):
        choice(text)


def test_every_combination_takes_part_under_its_values():
    entries = over(XOR, "model[0].units=4,8", "optimizer.alpha=0.5,0.9")
    assert [entry.label for entry in entries] == ["4/0.5", "4/0.9", "8/0.5", "8/0.9"]
    assert [entry.experiment.trace.parameters[0].shape for entry in entries[1:3]] == [(2, 4), (2, 8)]
    assert [entry.optimizer.alpha for entry in entries[:2]] == [0.5, 0.9]
    assert entries[0].card()["over"] == {"model[0].units": "4", "optimizer.alpha": "0.5"}


def test_flags_count_for_all():
    assert all(entry.optimizer.alpha == 0.7 for entry in over(XOR, "model[0].units=4,8", sets=["optimizer.alpha=0.7"]))


@pytest.mark.parametrize(
    ("written", "said"),
    [(("model[0].units=4,8", "model[0].units=1,2"), "twice"), (("model[0].unts=4,8",), "unknown option"),
     (tuple(f"model[{i}].units=1,2,3,4,5,6" for i in (0, 1)), "36 combinations")],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(written, said):
    with pytest.raises(ZenError, match=said):
        over(XOR, *written)


def test_mistakes_are_told_at_the_flag_that_was_typed():
    with pytest.raises(ZenError, match=r"^--over loss=msee: loss: unknown loss") as found:
        over(XOR, "loss=mse,msee")
    assert "mse" in found.value.hint and found.value.code == 2


def test_a_problem_keeps_its_loss():
    rosenbrock = str(CONFIGS / "rosenbrock.yaml")
    assert one_loss(over(rosenbrock, "optimizer=sgd,adam"))


def test_standard_input_cannot_be_read_again():
    with pytest.raises(ZenError, match="read again"):
        entries_over("-", from_file(XOR), ["loss=mse,mae"])


def test_different_losses_are_judged_by_a_metric():
    base, entries = from_file(XOR), over(XOR, "loss=mse,cross_entropy")
    assert not one_loss(entries) and common(base, entries) == ["accuracy"]
    protocol = protocol_of(base, Flags(), entries)
    assert (protocol.metric, protocol.goal, protocol.success) == ("accuracy", "max", None)
    with pytest.raises(ZenError, match="does not judge here") as found:
        protocol_of(base, Flags(metric="loss"), entries)
    assert "accuracy" in found.value.hint


def test_different_losses_without_a_common_metric_are_refused():
    sets = ["metrics=[]"]
    base = from_file(XOR, sets=sets)
    with pytest.raises(ZenError, match="no metric"):
        protocol_of(base, Flags(), over(XOR, "loss=mse,cross_entropy", sets=sets))


def test_one_loss_keeps_judging():
    base, entries = from_file(IRIS), over(IRIS, "model[0].units=4,8")
    protocol = protocol_of(base, Flags(), entries)
    assert protocol.metric == "loss" and protocol.one_loss
    assert protocol.card()["over"]["keys"] == ["model[0].units"]


def test_untuned_rates_are_those_that_are_stated():
    protocol = protocol_of(from_file(XOR), Flags(tune="none", optimizers="sgd,adam"))
    assert [entry.settings for entry in protocol.entries] == [((0.001, ()),), ((0.001, ()),)]
    assert (protocol.search.trials, protocol.extend, protocol.method) == (1, 0, "none")
    with pytest.raises(ZenError, match="no trials"):
        protocol_of(from_file(XOR), Flags(tune="none", trials=3))
    with pytest.raises(ZenError, match="expected one of lr, all, none"):
        protocol_of(from_file(XOR), Flags(tune="some"))


def test_the_rate_itself_is_recognised():
    assert tunes_rate(["optimizer.lr=0.1,0.2"]) and not tunes_rate(["optimizer.alpha=0.1,0.2"])
