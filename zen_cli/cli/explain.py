"""zen explain: the NumPy program that a config compiles to."""

from __future__ import annotations

import sys
from typing import Annotated

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import option

Forward = Annotated[bool, option("--forward", help="Inference only: no loss, no gradients, no update.")]
Raw = Annotated[bool, option("--raw", help="The exact source that runs.")]


def explain(
    configs: options.Configs, forward: Forward = False, raw: Raw = False, sets: options.Sets = None,
    unsets: options.Unsets = None, untrusted: options.Untrusted = False,
) -> int:  # fmt: skip
    """Print the program that will run, as readable Python that runs as it stands and gives the same bits."""
    options.use_threads(1)
    from zen_cli.training.explanation import explanation
    from zen_cli.training.memory import require

    memory = machine.room()
    experiment = options.Given(configs, sets, unsets, untrusted).experiment(memory)
    require(experiment, memory.memory)
    sys.stdout.write(explanation(experiment, forward=forward, raw=raw))
    return 0
