"""The same for a built-in dataset."""

from __future__ import annotations

from collections.abc import Iterator

from zen_cli.data.builtin import datasets
from zen_cli.starter.goal import Goal
from zen_cli.starter.text import Line, net, size_for, written

FEW = 50  # rows, of which none can be spared


def template(name: str) -> str:
    """A config for the built-in dataset of that name.

    Raises:
        ZenError: there is none.
    """
    problem = datasets[name]()
    features, targets = problem.make()
    kind = "classes" if targets.dtype.kind == "i" else "numbers"
    classes = [(str(label), int((targets == label).sum())) for label in sorted(set(targets.ravel().tolist()))]
    goal = Goal(kind, [], classes if kind == "classes" else [])
    size = size_for(len(features))
    few = len(features) < FEW
    size = size._replace(epochs=500, decay=0.0 if few else 0.01, batch=min(size.batch, len(features)), patience=0)
    return written(_data(name, type(problem).__doc__ or "", len(features)), net(goal, size))


def _data(name: str, about: str, rows: int) -> Iterator[Line]:
    yield Line(f"# {about.partition(chr(10))[0]}")
    yield Line("# For a table of your own: zen init --data FILE --target COLUMN")
    yield Line("data:")
    yield Line(f"  source: {name}", f"built in, {rows} rows: zen describe {name}")
    if rows >= FEW:
        yield Line("  split: {validation: 0.1, test: 0.1}", "rows that are kept from training")
