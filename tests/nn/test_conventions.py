"""Options of optimizers under the names that other programs have for them, and their defaults."""

from __future__ import annotations

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from zen_cli.config.component import build, component
from zen_cli.config.text import parse
from zen_cli.errors import Problems, ZenError
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.worked import walk
from zen_cli.registry import options_of


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("{type: adam, learning_rate: 0.1, epsilon: 1e-3}", "{type: adam, lr: 0.1, eps: 1e-3}"),
        ("{adamw: {beta_1: 0.5, beta_2: 0.7}}", "{type: adamw, betas: [0.5, 0.7]}"),
        ("{adam: {b2: 0.7}}", "{type: adam, betas: [0.9, 0.7]}"),
        ("{adan: {beta3: 0.7}}", "{type: adan, betas: [0.98, 0.92, 0.7]}"),
        ("{rmsprop: {rho: 0.5}}", "{type: rmsprop, alpha: 0.5}"),
        ("{rmsprop: {decay: 0.5}}", "{type: rmsprop, alpha: 0.5}"),
        ("{momentum: {beta: 0.5}}", "{type: momentum, momentum: 0.5}"),
        ("{adadelta: {rho: 0.5}}", "{type: adadelta, rho: 0.5}"),
        ("{adam: {groups: [{layers: [0], learning_rate: 0.1}]}}", "{adam: {groups: [{layers: [0], lr: 0.1}]}}"),
    ],
)
def test_other_names_are_read_and_recorded_by_zens(theirs: str, ours: str) -> None:
    one, other = (from_text(optimizers, text) for text in (theirs, ours))
    for option in options_of(type(one)):
        if option.name != "groups":
            assert getattr(one, option.name) == getattr(other, option.name)
    assert [vars(group) for group in one.groups] == [vars(group) for group in other.groups]


def test_another_name_is_told_once_with_its_place() -> None:
    problems = Problems()
    for _ in range(2):
        build(component(parse("type: adam\nlearning_rate: 0.1\nb1: 0.5", "a.yaml"), problems), optimizers, problems)
    assert problems.notes == [
        "a.yaml:2:1: learning_rate: zen calls it `lr`", "a.yaml:3:1: b1: zen has it in `betas`, a list",
    ]  # fmt: skip
    assert not problems.found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{adam: {lr: 0.1, learning_rate: 0.2}}", "learning_rate: it is what zen calls `lr`, which is given too"),
        ("{adam: {beta_1: 1.5}}", "beta_1: must be >= 0 and < 1, found 1.5"),
        ("{adam: {beta_3: 0.5}}", "beta_3: unknown option"),
        ("{sgd: {beta_1: 0.5}}", "beta_1: unknown option"),
        ("{adam: {preset: seed}}", "adam has no preset 'seed'"),
        ("{lbfgs: {preset: keras}}", "lbfgs has no preset 'keras'"),
    ],
)
def test_mistakes(text: str, said: str) -> None:
    with pytest.raises(ZenError) as found:
        from_text(optimizers, text)
    assert said in str(found.value)


def test_what_is_stated_goes_before_a_preset() -> None:
    built = from_text(optimizers, "{type: rmsprop, preset: keras, lr: 0.5, rate_inside: false}")
    assert (built.lr, built.alpha, built.eps, built.eps_inside, built.rate_inside) == (0.5, 0.9, 1e-7, True, False)


@pytest.mark.parametrize("name", list(optimizers))
def test_presets_name_options(name: str) -> None:
    known = {option.name for option in options_of(optimizers[name])}
    for preset, values in optimizers[name].presets.items():
        assert values.keys() <= known
        from_text(optimizers, f"{{type: {name}, preset: {preset}}}")


def test_the_posts_momentum_and_rmsprop() -> None:
    """By the formulas and the defaults of the post: b <- 0.9 b + lr g, p <- p - b; p <- p - lr g / sqrt(v + 1e-10)."""
    momentum, rmsprop = (from_text(optimizers, f"{{type: {name}, preset: seed}}") for name in ("momentum", "rmsprop"))
    first, second = 0.01 * 2.0, 0.9 * 0.01 * 2.0 + 0.001 * -1.0
    np.testing.assert_allclose(walk(momentum, 0.0, [2.0, -1.0], [1.0, 0.1]), [-first, -first - second], rtol=1e-14)
    small = 1e-5 / np.sqrt(0.1 * 1e-10 + 1e-10)
    np.testing.assert_allclose(walk(rmsprop, 0.0, [1e-5]), [-0.01 * small], rtol=1e-12)
    assert from_text(optimizers, "{type: sgd, preset: seed}").lr == 0.01


SHARE, POSITIVE, NEVER_NEGATIVE = ("-0.1", "1.0"), ("0", "-1"), ("-1e-9",)
REFUSED = {
    "lr": POSITIVE, "eps": NEVER_NEGATIVE, "weight_decay": NEVER_NEGATIVE, "momentum": SHARE, "rho": SHARE,
    "dampening": SHARE, "lr_decay": NEVER_NEGATIVE, "initial_accumulator_value": NEVER_NEGATIVE,
    "momentum_decay": NEVER_NEGATIVE,
    "lambd": NEVER_NEGATIVE, "t0": NEVER_NEGATIVE, "r": NEVER_NEGATIVE, "trust": POSITIVE, "d": ("0.9",),
    "warmup_steps": ("-1",), "ns_steps": ("0", "100"), "k": ("0",), "history_size": ("0",), "max_iter": ("0",),
    "beta2_decay": ("0.1",), "etas": ("[0, 1.2]",), "step_sizes": ("[-1, 2]",),
}  # fmt: skip
ACCEPTED = {
    "lr": "1e-9", "eps": "0", "weight_decay": "0", "momentum": "0.999", "rho": "0.999", "dampening": "0.999",
    "lr_decay": "0", "initial_accumulator_value": "0", "momentum_decay": "0", "lambd": "0", "t0": "0", "r": "0",
    "trust": "1e-9", "d": "1",
    "warmup_steps": "0", "ns_steps": "1", "k": "1", "history_size": "1", "max_iter": "1", "beta2_decay": "0",
    "etas": "[1e-9, 1.2]", "step_sizes": "[0, 2]",
}  # fmt: skip
OWN_LIMITS = {
    ("sam", "rho"): (POSITIVE, "2"), ("adafactor", "eps"): (("[-1, 1]",), "[0, 0]"),
    ("lookahead", "alpha"): (("0", "1.5"), "1"), ("rmsprop", "alpha"): (SHARE, "0.999"),
    ("asgd", "alpha"): (NEVER_NEGATIVE, "0"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(optimizers))
def test_values_outside_what_is_meant_are_refused(name: str) -> None:
    for option in options_of(optimizers[name]):
        refused, accepted = OWN_LIMITS.get((name, option.name), (REFUSED.get(option.name), ACCEPTED.get(option.name)))
        for value in refused or ():
            with pytest.raises(ZenError):
                from_text(optimizers, f"{{type: {name}, {option.name}: {value}}}")
        if accepted is not None:
            from_text(optimizers, f"{{type: {name}, {option.name}: {accepted}}}")


@pytest.mark.parametrize("name", [name for name in optimizers if hasattr(optimizers[name], "betas")])
def test_each_beta_is_at_least_0_and_below_1(name: str) -> None:
    count = len(optimizers[name]().betas)
    for place in range(count):
        for value, fits in ((-0.1, False), (1.0, False), (0.0, True), (0.999, True)):
            betas = [0.5] * count
            betas[place] = value
            if fits:
                from_text(optimizers, f"{{type: {name}, betas: {betas}}}")
                continue
            with pytest.raises(ZenError, match="must be >= 0 and < 1"):
                from_text(optimizers, f"{{type: {name}, betas: {betas}}}")


def test_the_rest_of_muon_has_its_own_rate_and_follows_the_schedule() -> None:
    muon = from_text(optimizers, "{type: muon, lr: 0.1, rest: {type: sgd, lr: 0.02}}")
    np.testing.assert_allclose(walk(muon.rest, 1.0, [1.0, 1.0], [1.0, 0.5]), [0.98, 0.97], rtol=1e-14)
    assert muon.rest.share == pytest.approx(0.2)
