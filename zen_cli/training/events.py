"""What a training tells whoever listens: one `Start`, an `Epoch` after each epoch, one `End`; a `Rest` to save in.

The classes are tuples with names: frozen, cheap to make and to define. Metrics are by name with `loss` first;
an empty dict means that the split does not exist. Where several seeds train together, each value is a tuple
with one float a replica.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

Value: TypeAlias = "float | tuple[float, ...]"
Metrics: TypeAlias = "dict[str, Value]"

COMPLETED, STOPPED_EARLY = "completed", "stopped_early"
INTERRUPTED, DIVERGED = "interrupted", "diverged"


class Start(NamedTuple):
    """The training is ready to take its first step.

    `rows` counts the rows of each split that exists; `run` is the run directory, None if nothing is kept.
    """

    name: str
    epochs: int
    batch_size: int
    rows: dict[str, int]
    parameters: int
    replicas: int = 1
    run: str | None = None


class Epoch(NamedTuple):
    """An epoch has ended: `step` counts optimizer steps since the start, `seconds` the time since then.

    `clipped` is the share of its steps whose gradient was clipped, where the config bounds it; `grad_evals` counts
    evaluations of the gradient since the start, where a step takes several. Where an average of the weights predicts,
    `validation` is its, and `raw` that of the weights themselves.
    """

    epoch: int
    step: int
    lr: Value
    seconds: float
    train: Metrics
    validation: Metrics
    clipped: Value | None = None
    grad_evals: Value | None = None
    raw: Metrics = {}


class Rest(NamedTuple):
    """Nothing moves for a moment, within an epoch or before the last numbers are taken: whoever listens may save.

    It is for those who save or show, and written nowhere. With `urgent` there may be no later moment. Within an epoch,
    `share` of it is done, with the mean `loss` of its steps.
    """

    epoch: int
    step: int
    urgent: bool
    share: float = 0.0
    loss: Value | None = None


class End(NamedTuple):
    """The training has ended; `status` is completed, stopped_early, interrupted or diverged.

    `best` holds the epoch that was best and its metrics (`{}` before the first one); `message` says why it
    ended where the status alone does not, `notes` why it has learned nothing, or what may keep it from diverging.
    """

    status: str
    epochs: int
    steps: int
    seconds: float
    train: Metrics
    validation: Metrics
    test: Metrics
    best: dict[str, Any]
    run: str | None = None
    message: str = ""
    notes: tuple[str, ...] = ()


Event: TypeAlias = Start | Epoch | Rest | End

_END_AS_WRITTEN = ("status", "run", *(name for name in End._fields if name not in ("status", "run")))
_LEFT_OUT_IF_EMPTY = frozenset({"train", "validation", "test", "best", "message", "notes", "raw"})

_LEFT_OUT_IF_NONE = frozenset({"clipped", "grad_evals"})


def as_json(event: Event) -> dict[str, Any]:
    """The event as it is written to `metrics.jsonl` and by `--jsonl`; splits that do not exist are left out.

    >>> as_json(Epoch(1, 42, 0.02, 0.01, {"loss": 0.3}, {}))
    {'event': 'epoch', 'epoch': 1, 'step': 42, 'lr': 0.02, 'seconds': 0.01, 'train': {'loss': 0.3}}
    >>> as_json(Epoch(1, 42, 0.02, 0.01, {"loss": (0.3, 0.4)}, {}))["train"]
    {'loss': [0.3, 0.4]}
    """
    written: dict[str, Any] = {"event": type(event).__name__.lower()}
    for name in _END_AS_WRITTEN if isinstance(event, End) else event._fields:
        value = getattr(event, name)
        if value or name not in _LEFT_OUT_IF_EMPTY and (value is not None or name not in _LEFT_OUT_IF_NONE):
            written[name] = _plain(value)
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: list(inner) if type(inner) is tuple else inner for name, inner in value.items()}
    return list(value) if type(value) is tuple else value
