"""zen explain: the NumPy program that a config compiles to."""

from __future__ import annotations

import sys
from typing import Annotated

from zen_cli.cli import options
from zen_cli.cli.arguments import option

Forward = Annotated[bool, option("--forward", help="Inference only: no loss, no gradients, no update.")]
Raw = Annotated[bool, option("--raw", help="The exact source that runs.")]


def explain(
    config: options.Config, forward: Forward = False, raw: Raw = False, sets: options.Sets = None,
    unsets: options.Unsets = None,
) -> int:  # fmt: skip
    """Print the program that will run, as readable Python that runs as it stands and gives the same bits."""
    options.use_threads(1)
    from zen_cli.experiment import from_file
    from zen_cli.training.explanation import explanation

    stdin = options.standard_input()
    experiment = from_file(config, sets=sets or [], unsets=unsets or [], stdin=stdin)
    sys.stdout.write(explanation(experiment, forward=forward, raw=raw))
    return 0
