"""zen sample: a model of a text writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated

from zen_cli.cli import options
from zen_cli.cli.arguments import option
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    import numpy as np

    from zen_cli.data.symbols import Symbols
    from zen_cli.runs.model import Model

Prompt = Annotated[str | None, option("--prompt", "-p", metavar="TEXT", help="What it goes on from.")]
Length = Annotated[int, option("--length", "-n", min=1, help="Characters at most.")]
Temperature = Annotated[
    float, option("--temperature", "-t", min=0, help="Below 1 keeps to the likely, above dares; 0: the likeliest.")
]
TopK = Annotated[int | None, option("--top-k", "-k", min=1, help="Draw from so many of the likeliest characters only.")]
Count = Annotated[int, option("--count", "-c", min=1, help="How many texts.")]
Seed = Annotated[int, option("--seed", min=0, help="The same seed writes the same text.")]
Net = Annotated[int | None, option("--net", help="Which net of a run of several seeds: its seed.")]


def sample(
    run: options.Run, prompt: Prompt = None, length: Length = 200, temperature: Temperature = 1.0, top_k: TopK = None,
    count: Count = 1, seed: Seed = 0, net: Net = None, quiet: options.Quiet = False, threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Have a model of a text write.

    Character by character, each drawn from those that the net holds for likely after the ones before. A model of
    lines or names writes one to its end.
    """
    options.use_threads(threads)
    import numpy as np

    from zen_cli.data.symbols import Symbols
    from zen_cli.runs.model import open_model
    from zen_cli.training.sampling import Choice, continuation

    model = open_model(run, net)
    options.warn(model.warnings, quiet)
    _require_text(model, run)
    symbols, evaluation, choice = Symbols(model.schema.symbols), model.evaluation(), Choice(temperature, top_k)
    start = _start(symbols, prompt)
    for each in np.random.SeedSequence(seed).spawn(count):
        rng = np.random.Generator(np.random.PCG64(each))
        text = continuation(evaluation, symbols, start, choice, rng)
        _write(prompt or "", islice(text, length))
    return int(Exit.DONE)


def _require_text(model: Model, run: str) -> None:
    if not model.experiment.target.steps:
        what = "this model predicts something of a row, and does not write"
        raise ZenError(what, Place(run), "a config with data.text and without data.target makes one that does")


def _start(symbols: Symbols, prompt: str | None) -> np.ndarray:
    """The numbers of the prompt; without one a text begins as after the end of a line."""
    default = "" if symbols.filled else "\n" if "\n" in symbols.codes else symbols.names[0]
    try:
        return symbols.encode(prompt or default, lambda at: Place("--prompt"))
    except ZenError as error:
        error.code = Exit.USAGE
        raise


def _write(prompt: str, letters: Iterator[str]) -> None:
    """As it comes."""
    sys.stdout.write(prompt)
    for letter in letters:
        sys.stdout.write(letter)
        sys.stdout.flush()
    sys.stdout.write("\n")
    sys.stdout.flush()
