"""The sections of a config as classes whose fields are the options, with types, limits and defaults."""

import copy
from typing import Any, Literal

from zen_cli.config.comparison import MAX_SEED, Compare
from zen_cli.config.component import Component
from zen_cli.config.node import Mapping, Node
from zen_cli.config.sequences import Series, Text
from zen_cli.data.sizes import bytes_of
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.registry import Length, Share, option, schema


@schema
class Split:
    """Which rows are kept from training: a share of all rows (0.2 or 20%) or a number of rows."""

    validation: int | Share = option(0, "share or number of rows for validation", low=0)
    test: int | Share = option(0, "share or number of rows for the test", low=0)
    stratify: bool = option(False, "keep the proportions of the classes in each part")
    group: str | None = option(None, "a column whose equal values stay together in one part, such as a patient")
    order: str | None = option(None, "the last rows test, those before validate: by a column, or `rows` of the file")
    column: str | None = option(None, "a column that says train, validation or test of each row")

    def __post_init__(self) -> None:
        ways = [name for name in ("stratify", "group", "order", "column") if getattr(self, name)]
        if len(ways) > 1:
            raise ZenError(f"rows cannot be split by {ways[0]} and by {ways[1]}", hint="remove one of them")
        if self.column and (self.validation or self.test):
            raise ZenError("the column says which rows validate and test", hint="remove validation and test")
        shares = [part for part in (self.validation, self.test) if isinstance(part, float)]
        if sum(shares) >= 1:
            taken = f"{sum(shares):.0%}"
            raise ZenError(f"validation and test take {taken} of the rows, none is left to train on")


@schema
class Augment:
    """Changes every training row anew each time it comes: images are moved, cut out and mirrored, noise is added."""

    shift: int = option(0, "up to so many pixels up or down, and left or right; what comes in is 0", low=0)
    crop: Share = option(Share(1), "a part of at least this share of each side, enlarged to the whole", above=0, high=1)
    flip: bool = option(False, "whether half of the images are mirrored, left to right")
    noise: float = option(0.0, "standard deviation of the normal noise that is added", low=0)

    @property
    def moves(self) -> bool:
        """Whether rows have to be images."""
        return bool(self.shift or self.flip or self.crop < 1)


@schema
class Data:
    """The rows to learn from."""

    source: str | list[str] | Component = option(
        help="a file or several, relative to the config; a pattern (`*.csv`); `-`: standard input; a built-in"
    )
    validation: str | list[str] | None = option(None, "a file of its own for the validation rows")
    test: str | list[str] | None = option(None, "a file of its own for the test rows")
    target: str | list[str] | None = option(None, "the column or columns to predict")
    features: list[str] | None = option(None, "the columns to predict from; default: all others")
    drop: list[str] = option([], "columns to leave out")
    columns: dict[str, Component] = option({}, "types of columns, by name or pattern (`pixel*`); default: inferred")
    missing: Literal["refuse", "drop", "mean", "median", "most_frequent"] = option(
        "refuse", "a missing cell: refused, its row dropped, or what stands in for it (in text: a level of its own)"
    )
    scale: Literal["auto", "standard", "minmax", "robust", "log1p", "none"] = option(
        "auto", "how numbers are scaled; auto: standard in columns of a file, none in pixels and built-ins"
    )
    null: list[str] = option([], "further texts that mean a missing cell")
    delimiter: str | None = option(None, "what separates cells; default: a comma; a tab in .tsv files")
    decimal: Literal[".", ","] = option(".", "the decimal sign of numbers")
    encoding: str = option("utf-8", "how a table is written, such as latin-1 or utf-16")
    header: bool = option(True, "the first line names the columns; false: they are called c1, c2, ...")
    text: Text | None = option(None, "the source is text: its characters are predicted, or something from them")
    series: Series | None = option(None, "the source is a series: its next steps are predicted from those before")
    split: Split = option(Split(), "which rows are kept from training")
    image_size: tuple[int, int] | None = option(None, "[height, width] that pictures in a folder are brought to", low=1)
    augment: Augment | None = option(None, "what is changed in training rows each time they come: {shift: 2}")
    memory: str = option("256MB", "rows that take more, encoded, stay on disk and are encoded batch by batch")
    base = ""  # the folder that `source` is relative to

    def __post_init__(self) -> None:
        try:
            self.memory_bytes = bytes_of(self.memory)
        except ValueError:
            raise ZenError(f"memory must be a size, found '{self.memory}'", hint="write it like 256MB or 2GB") from None
        if self.text and self.series:
            raise ZenError("the source is either text or a series", hint="remove one of them")
        if self.series or self.text and not self.text.several:
            self._split_in_order()

    def _split_in_order(self) -> None:
        """What lies in time is split in time: pieces drawn from all over would give away what is to be predicted."""
        way = next((name for name in ("stratify", "group", "column") if getattr(self.split, name)), None)
        if way or self.split.order not in (None, "rows"):
            kind = "a series" if self.series else "a text"
            raise ZenError(f"{kind} is split in its own order", hint=f"remove data.split.{way or 'order'}")
        self.split = copy.copy(self.split)
        self.split.order = "rows"


@schema
class Model:
    """The layers, front to back, where the shape of the input is not the data's."""

    layers: list[Component] = option(help="the layers, front to back")
    input: list[int] | None = option(None, "shape of one input; default: the data's", low=1)


@schema
class Clip:
    """A bound on the gradient: on the norm of all of it, on each value, or on its size beside the weights'."""

    norm: float | None = option(None, "largest norm of the gradient", above=0)
    value: float | None = option(None, "largest absolute value of each element", above=0)
    adaptive: float | None = option(None, "largest norm of a unit's gradient, as a share of its weights'", above=0)
    per: Literal["all", "tensor"] = option("all", "whether the norm is of everything, or of each tensor")

    def __post_init__(self) -> None:
        if sum(bound is not None for bound in (self.norm, self.value, self.adaptive)) != 1:
            raise ZenError("expected one of norm, value and adaptive", hint="write {norm: 1.0}")
        if self.per == "tensor" and self.norm is None:
            raise ZenError("`per: tensor` needs a norm", hint="write {norm: 1.0, per: tensor}")


@schema
class Average:
    """An average of the weights that predicts in their place: a moving one, or one over the last epochs."""

    ema: float | None = option(None, "moving average: the share of it that each step keeps", above=0, below=1)
    swa: Length | None = option(None, "mean over the ends of epochs from 75%, 100 (steps) or `3 epochs` on", above=0)

    def __post_init__(self) -> None:
        if (self.ema is None) == (self.swa is None):
            raise ZenError("expected either ema or swa", hint="write {ema: 0.999} or {swa: 75%}")


@schema
class EarlyStopping:
    """Ends training when what is monitored has not improved for `patience` epochs."""

    monitor: str | None = option(None, "what to watch; default: as trainer.monitor")
    patience: int = option(10, "epochs without improvement before stopping", low=1)
    min_delta: float = option(0.0, "the least change that counts as improvement", low=0)


@schema
class Checkpoint:
    """When a run is saved, beside at its end and when a signal stops it."""

    seconds: float = option(5.0, "the least time between two checkpoints", low=0)
    epochs: int | None = option(None, "also after every so many epochs, whatever the time", low=1)


@schema
class Trainer:
    """How long, in which batches and at which precision to train."""

    epochs: int = option(100, "passes over the training rows", low=1)
    batch_size: int | Literal["full"] = option(32, "rows a step, or `full`", low=1)
    shuffle: bool | Literal["epoch", "once", "none"] = option("epoch", "when rows are put in a new order")
    dtype: Literal["float32", "float64"] = option("float32", "precision of the numbers")
    clip: Clip | None = option(None, "bound on the gradient: {norm: 1.0}, {value: 0.5} or {adaptive: 0.01}")
    accumulate: int = option(1, "batches whose gradients make one step", low=1)
    average: Average | None = option(None, "predict with an average of the weights: {ema: 0.999} or {swa: 75%}")
    early_stopping: EarlyStopping | None = option(None, "when to stop before the last epoch")
    checkpoint: Checkpoint = option(Checkpoint(), "when the run is saved while it trains")
    target: str | None = option(None, "what counts as success, such as 'train.loss<0.01'")
    monitor: str | None = option(None, "what `best` means; default: validation.loss, else train.loss")

    def __post_init__(self) -> None:
        if isinstance(self.shuffle, bool):
            self.shuffle = "epoch" if self.shuffle else "none"


@schema
class Config:
    """A config whose values are checked and whose components are not yet looked up."""

    data: Data = option(Data(""), "the rows to learn from")  # type: ignore[call-arg]
    model: list[Component] | Model = option([], "the layers, front to back")
    problem: Component | None = option(None, "a built-in problem in place of data, model and loss")
    name: str = option("", "names the run; default: the file's name")
    seed: int = option(0, "where all random numbers begin", low=0, high=MAX_SEED)
    loss: Component | None = option(None, "what training makes small; default: by the target")
    optimizer: Component | None = option(None, "how parameters move; default: adam")
    scheduler: Component | None = option(None, "how the learning rate changes")
    trainer: Trainer = option(Trainer(), "how long and in which batches to train")
    metrics: list[Component] | Literal["auto"] = option("auto", "what is measured besides the loss")
    compare: Compare = option(Compare(), "how `zen compare` compares optimizers")
    vars: dict[str, Any] = option({}, "values that are written as ${vars.NAME} elsewhere")
    extends: str | list[str] = option([], "configs below this one: it says what changes")
    version: int = option(1, "version of the config's format", low=1)

    tree: Mapping | None = None  # as written, overrides applied
    text = ""  # as given, line ends and all
    file = ""
    base = ""  # the folder of the file

    def __post_init__(self) -> None:
        self.problems = Problems()

    def where(self, *path: str) -> Place:
        """The place of the value at a path (`"data", "target"`), or of the closest section above it that is written."""
        if self.tree is None:
            return Place(self.file, key=".".join(path))
        node: Node = self.tree
        for step in path:
            if not isinstance(node, Mapping) or step not in node.entries:
                break
            node = node.entries[step].value
        return node.place

    def writes(self, section: str, name: str) -> bool:
        """Whether the config says itself what the option `name` of a section is."""
        entry = self.tree.entries.get(section) if self.tree else None
        return entry is not None and isinstance(entry.value, Mapping) and name in entry.value.entries

    @property
    def layers(self) -> list[Component]:
        """The layers, in either form of `model`."""
        return self.model.layers if isinstance(self.model, Model) else self.model

    @property
    def input(self) -> list[int] | None:
        """The shape of one input, where the config states it."""
        return self.model.input if isinstance(self.model, Model) else None
