"""Options of optimizers under the names that other programs have for them, and their defaults."""

from __future__ import annotations

import pytest

from tests.nn.catalogue import from_text
from zen_cli.config.component import build, component
from zen_cli.config.text import parse
from zen_cli.errors import Problems, ZenError
from zen_cli.nn.optimizers import optimizers
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
