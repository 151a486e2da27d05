"""The epoch that is under way: which of its batches are done, and the sum of their losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zen_cli.training.events import Metrics
from zen_cli.training.feed import Feed
from zen_cli.training.rates import Rates
from zen_cli.training.streams import move, where


class EpochSteps:
    """`run` takes the steps that are left; `ask()` has it stop after the current one, wherever that is."""

    def __init__(self, feed: Feed, replicas: int | None) -> None:
        self.feed, self.stacked = feed, replicas is not None
        self.nothing: Any = 0.0 if replicas is None else np.zeros(replicas)
        self.asked = False
        self.clear()

    def clear(self) -> None:
        """Back to before the first batch."""
        self.done = self.rows = 0
        self.total: Any = self.nothing
        self.before: list[Any] = []  # where the streams of the order stood before they were drawn from

    def ask(self) -> None:
        self.asked = True

    @property
    def complete(self) -> bool:
        return self.done == self.feed.batches

    @property
    def lost(self) -> bool:
        """Whether a loss was not finite, where one net trains alone."""
        return not self.stacked and bool(self.total - self.total != 0.0)

    @property
    def loss(self) -> Any:
        """The mean loss of the steps, weighted by their rows."""
        return self.total / self.rows

    def metrics(self) -> Metrics:
        return {"loss": tuple(self.loss.tolist()) if self.stacked else self.loss}

    def run(self, step: int, rates: Rates) -> int:
        """Goes on after step number `step`, and gives the number of the last one. A loss that is lost ends it too."""
        if not self.done:
            self.before = where(self.feed.generators)
            self.feed.draw()
        for segment in self.feed.segments:
            first = max(self.done - segment.first, 0)
            if first >= segment.batches:
                continue
            run, load, loss, weight, total = segment.step.run, segment.load, segment.step.loss, segment.rows, self.total
            for i, lr in enumerate(rates.following(step, segment.batches - first), first):
                load(i)
                step += 1
                run(step, lr)
                if self.stacked:
                    total = total + loss.astype(np.float64) * weight
                else:
                    total += loss.item() * weight
                    if total - total != 0.0:  # not finite: nothing good can follow
                        break
                if self.asked:
                    break
            taken = i + 1 - first
            self.done, self.rows, self.total = self.done + taken, self.rows + taken * weight, total
            if self.asked or self.lost:
                break
        self.asked = False
        return step

    # --- what goes into a checkpoint ------------------------------------------------------------------
    def saved(self) -> dict[str, Any]:
        order = self.before if self.done else where(self.feed.generators)
        return {"done": self.done, "rows": self.rows, "order": order, "total": self.total}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.clear()
        move(self.feed.generators, saved["order"])
        if saved["done"]:
            self.before = where(self.feed.generators)
            self.feed.draw()
        self.done, self.rows = saved["done"], saved["rows"]
        self.total = saved["total"]
