"""zen lr-find: which learning rates train."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import option
from zen_cli.cli.plot import Drawing, Html, Svg, check_outputs, write
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.experiment import Experiment
    from zen_cli.training.rate_test import RateTest

Low = Annotated[float, option("--from", metavar="LR", help="The first rate.")]
High = Annotated[float, option("--to", metavar="LR", help="The last rate, if the loss allows.")]
Steps = Annotated[int, option("--steps", min=10, help="Steps, each at a rate of its own.")]


def lr_find(
    configs: options.Configs, low: Low = 1e-7, high: High = 10.0, steps: Steps = 100, sets: options.Sets = None,
    unsets: options.Unsets = None, seed: options.Seed = None, svg: Svg = None, html: Html = None,
    quiet: options.Quiet = False, json: options.Json = False, no_color: options.NoColor = False,
    untrusted: options.Untrusted = False,
) -> int:  # fmt: skip
    """Find where to begin a search for the learning rate.

    Trains with a rate that grows from step to step until the loss is far above its lowest, draws the loss over the
    rate, and suggests a tenth of the rate where it is lowest. One seed and few steps: to begin with, not to judge by.
    Keeps nothing; --quiet prints the rate alone.
    """
    if not 0 < low < high:
        raise ZenError(f"expected 0 < --from < --to, found {low:g} and {high:g}", Place("--from"))
    check_outputs(svg, html)
    options.use_threads(1)
    from zen_cli.training.memory import require
    from zen_cli.training.rate_test import rate_test
    from zen_cli.training.training import Training

    given = options.Given(configs, options.overrides(sets, seed), unsets, untrusted)
    room = machine.room(quiet)
    experiment = given.experiment(room)
    require(experiment, room.memory)
    training = Training(experiment)
    options.warn(training.warnings, quiet)
    found = rate_test(training, low, high, steps)
    _tell(experiment, found, quiet)
    to = Drawing(svg, html, no_color)
    if json:
        _write_json(experiment, found)
    elif quiet and not to.files:
        sys.stdout.write(f"{found.suggestion:g}\n" if found.suggestion else "")
    else:
        _draw(experiment, found, to)
    return int(Exit.DONE)


def _tell(experiment: Experiment, found: RateTest, quiet: bool) -> None:
    """On standard error, what the suggestion leaves open."""
    if found.suggestion is None:
        options.warn(["the loss never fell: no rate is suggested; zen check looks for the cause"], quiet)
    elif not found.rising:
        options.warn([f"the loss still fell at {found.trials[-1].lr:g}: try a larger --to"], quiet)


def _draw(experiment: Experiment, found: RateTest, to: Drawing) -> None:
    from zen_cli.display.plot import rate_curve

    title = f"{experiment.config.name}: {experiment.optimizer.name}"
    if to.files:
        write(to, rate_curve.FRAME, title, rate_curve.picture(found, title))
        return
    rate_curve.show(found, title, stream=sys.stdout, environ=options.environment(to.no_color))
    if found.suggestion:
        sys.stdout.write(f"suggested: --set optimizer.lr={found.suggestion:g}\n")


def _write_json(experiment: Experiment, found: RateTest) -> None:
    from zen_cli.runs.strict_json import strict_json

    steps: list[dict[str, Any]] = [trial._asdict() for trial in found.trials]
    values = {
        "name": experiment.config.name, "optimizer": experiment.optimizer.name, "suggestion": found.suggestion,
        "still_falling": found.suggestion is not None and not found.rising, "steps": steps,
    }  # fmt: skip
    sys.stdout.write(strict_json(values) + "\n")
