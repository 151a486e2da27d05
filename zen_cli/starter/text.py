"""The text of a config to start from: every line says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from zen_cli.config.dump import flow
from zen_cli.data.columns.category import Category
from zen_cli.data.columns.date import Date
from zen_cli.data.columns.number import Number
from zen_cli.starter.goal import Goal
from zen_cli.starter.survey import Found, Survey, rare

MANY = 24  # features: more are inferred anew, and only what is special about them is said
FEW = 30  # rows, of which none can be spared for validation
WIDTH = 110
NUMBER_INDICATOR = 0.02  # the share of missing numbers from which it may tell something that they are missing


class Line(NamedTuple):
    """A line, and what is said about it."""

    text: str
    comment: str = ""


def starter(source: str, survey: Survey, goal: Goal, dialect: dict[str, Any], name: str) -> str:
    """The config for a table at `source`, which will be called `name`."""
    head, data = _head(source, survey, goal, name), _data(source, survey, goal, dialect)
    return written(head, data, net(goal, size_for(survey.rows)))


def written(*blocks: Iterator[Line]) -> str:
    """The text of some blocks."""
    return "".join(f"{line}\n" for block in blocks for line in _aligned(list(block)))


class Size(NamedTuple):
    """What suits a number of rows: few want a small net that is held back, many a larger one and fewer passes.

    Found by five folds of iris, wine, breast_cancer, digits, penguins, titanic and auto_mpg.
    """

    units: tuple[int, ...]
    lr: float
    decay: float
    batch: int
    epochs: int
    patience: int


def size_for(rows: int) -> Size:
    """By the rows alone."""
    if rows < 2_000:
        return Size((64,), 0.01, 0.3, 32, 150, 40)
    if rows < 50_000:
        return Size((128, 64), 0.003, 0.05, 64, 60, 15)
    return Size((256, 128), 0.001, 0.01, 256, 20, 5)


def _head(source: str, survey: Survey, goal: Goal, name: str) -> Iterator[Line]:
    wanted = " and ".join(found.name for found in goal.targets)
    yield Line(f"# {_counted(survey.rows, 'row')} of {_source(source)}, to predict {wanted}. Then:".replace("\n", " "))
    yield Line(f"#   zen check {name}; zen train {name}; zen predict runs/{name.removesuffix('.yaml')} --input new.csv")


def _source(source: str) -> str:
    return "standard input" if source == "-" else source


def _data(source: str, survey: Survey, goal: Goal, dialect: dict[str, Any]) -> Iterator[Line]:
    yield Line("data:")
    yield Line(f"  source: {flow(source)}", "relative to this file; or a pattern, *.csv, or a list")
    for option, value in dialect.items():
        yield Line(f"  {option}: {flow(value)}", "as the first lines look")
    names = [found.name for found in goal.targets]
    yield Line(f"  target: {flow(names[0] if len(names) == 1 else names)}", _target_told(goal))
    yield from _columns(survey, goal)
    yield Line("  missing: median", "stands in for a missing number; a missing text is a level")
    if survey.rows < FEW:
        return
    stratify = {"stratify": True} if goal.kind == "classes" and min(n for _, n in goal.classes) > 10 else {}
    told = "at random; `group: COLUMN` keeps equal values together, `order: COLUMN` tests on the last"
    yield Line(f"  split: {flow({'validation': 0.1, 'test': 0.1, **stratify})}", told)


def _target_told(goal: Goal) -> str:
    if goal.kind == "labels":
        return "each yes or no"
    if goal.kind == "numbers":
        return "; ".join(found.told() for found in goal.targets)
    counted = ", ".join(f"{level} ({count})" for level, count in goal.classes[:4])
    told = f"{len(goal.classes)} classes: {counted}{', ...' if len(goal.classes) > 4 else ''}"
    return told if goal.targets[0].column.name != "number" else f"{told}; as a number with `loss: mse`"


def _columns(survey: Survey, goal: Goal) -> Iterator[Line]:
    """What each column is; of many only what is special, which takes a line less where nothing is."""
    features = [found for found in survey.features if found not in goal.targets]
    special = {found.name: _special(found) for found in features}
    if len(features) > MANY:
        special = {name: said for name, said in special.items() if not isinstance(said, str)}
    useless = {name: found.useless for name, found in survey.columns.items() if found.useless} | survey.left_out
    useless = {name: why for name, why in useless.items() if name not in [found.name for found in goal.targets]}
    stated = special | dict.fromkeys(useless, "ignore") | goal.columns()
    if not stated:
        return
    told = f"the other {len(features)} are inferred from the first rows" if len(features) > MANY else ""
    yield Line("  columns:", told or "what each is: number, category, boolean, date, or ignore")
    for name, said in stated.items():
        told = useless.get(name) or (_why(survey.columns[name], said) if name in survey.columns else "")
        yield Line(f"    {flow({name: said})[1:-1]}", told)


def _special(found: Found) -> Any:
    """The type of a feature, with options where it needs some."""
    column, said = found.column, {"type": found.column.name}
    if isinstance(column, Date) and column.format != "iso":
        said["format"] = column.format
    if isinstance(column, Number) and found.absent > NUMBER_INDICATOR * len(found.values):
        return {**said, "indicator": True}
    if isinstance(column, Category) and (least := rare(found)) > 1:
        return {**said, "rare": least}
    return said if len(said) > 1 else column.name


def _why(found: Found, said: Any) -> str:
    told = found.told()
    if isinstance(said, dict):
        told += "; an input says where" if "indicator" in said else ""
        told += f"; levels of fewer than {said['rare']} rows share an input" if "rare" in said else ""
        told += "; its logarithm is learned" if "scale" in said else ""
        told += "; rows without it are dropped" if "missing" in said else ""
    return told


def net(goal: Goal, size: Size) -> Iterator[Line]:
    """The layers, and how they are trained; no `patience`: to the end."""
    yield Line("model:")
    for units in size.units:
        yield Line(f"  - linear: {units}", "its input width follows from the columns" if units == size.units[0] else "")
        yield Line("  - relu")
    yield Line("  - output", "as wide as the target asks for")
    balanced = "; {type: cross_entropy, class_weights: balanced} has each class count the same" if goal.scarce else ""
    yield Line(f"loss: {goal.loss}", f"suits {goal.kind}{balanced}" if goal.kind != "labels" else "of each answer")
    optimizer = {"type": "adamw", "lr": size.lr, "weight_decay": size.decay}
    yield Line(f"optimizer: {flow(optimizer)}", "the fewer the rows, the more decay holds the net back")
    yield Line("scheduler: {type: cosine, warmup: 5%}", "the rate rises at first, then falls to nothing")
    stopping = {"early_stopping": {"patience": size.patience}} if size.patience else {}
    told = "stops where validation.loss is no longer better" if stopping else "passes over the rows"
    yield Line(f"trainer: {flow({'epochs': size.epochs, 'batch_size': size.batch, **stopping})}", told)
    yield Line(f"metrics: {flow(goal.metrics)}", "zen list metrics")


def _aligned(lines: Sequence[Line]) -> Iterator[str]:
    """Comments one below the other; a long one stands above its line."""
    column = min(44, max((len(line.text) for line in lines if line.comment), default=0))
    for line in lines:
        whole = f"{line.text:<{column}}  # {line.comment}" if line.comment else line.text
        if len(whole) <= WIDTH:
            yield whole
        else:
            indent = " " * (len(line.text) - len(line.text.lstrip()))
            yield f"{indent}# {line.comment}"[:WIDTH]
            yield line.text


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("s" if count != 1 else "")
