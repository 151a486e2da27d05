"""Has a model of a text write on: each character is drawn from what the net holds for likely after those before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from zen_cli.data.symbols import END, FILL, Symbols
from zen_cli.training.evaluation import Evaluation

Array = np.ndarray[Any, Any]


class Choice(NamedTuple):
    """How a character is chosen: `temperature` below 1 prefers what is likely, 0 takes the likeliest; of the `top`
    likeliest only, if it is stated.
    """

    temperature: float = 1.0
    top: int | None = None

    def draw(self, probabilities: Array, rng: np.random.Generator) -> int:
        """The number of a symbol.

        >>> Choice(0.0).draw(np.array([0.2, 0.5, 0.3]), np.random.default_rng(0))
        1
        """
        order = np.argsort(-probabilities, kind="stable")[: self.top]
        if self.temperature == 0:
            return int(order[0])
        with np.errstate(divide="ignore"):
            scores = np.log(probabilities[order]) / self.temperature
        weights = np.cumsum(np.exp(scores - scores[0]))
        return int(order[np.searchsorted(weights, rng.random() * weights[-1], side="right")])


def continuation(
    evaluation: Evaluation, symbols: Symbols, prompt: Array, choice: Choice, rng: np.random.Generator
) -> Iterator[str]:
    """What follows the prompt, character by character; a text of several ends, one that was cut into rows does not.

    The net sees as many of the last characters as a row of its training had.
    """
    written = [END, *prompt.tolist()] if symbols.filled else prompt.tolist()
    (context,) = evaluation.experiment.network.input_shape
    while not symbols.filled or len(written) <= context:
        code = choice.draw(_likely(evaluation, symbols, written[-context:]), rng)
        if symbols.filled and code == END:
            return
        written.append(code)
        yield symbols.names[code]


def _likely(evaluation: Evaluation, symbols: Symbols, written: list[int]) -> Array:
    """The probability of each symbol after those that are written."""
    row = np.zeros((1, *evaluation.experiment.network.input_shape), np.intp)  # what stands behind is not looked at
    row[0, : len(written)] = written
    found = np.array(evaluation.predict(row)[0, len(written) - 1])
    if symbols.filled:
        found[FILL] = 0.0
    return found
