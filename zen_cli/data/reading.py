"""Tables into a dataset: which columns are features and which are targets, of which types, and their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from zen_cli.data.block import Block
from zen_cli.data.cells import shown
from zen_cli.data.columns import Column
from zen_cli.data.columns.ignore import Ignore
from zen_cli.data.columns.number import Number
from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.files import STDIN
from zen_cli.data.gather import Gather
from zen_cli.data.infer import infer
from zen_cli.data.key_columns import key_types
from zen_cli.data.open_table import open_table
from zen_cli.data.request import Request
from zen_cli.data.target_columns import target_types
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.suggest import did_you_mean

if TYPE_CHECKING:
    from zen_cli.data.cache import Aside

SAMPLE = 1000  # rows from which types are inferred, or more while a column has no cell that is not missing
LARGEST_SAMPLE = 20_000


class Choice(NamedTuple):
    """Names of the feature and the target columns."""

    features: tuple[str, ...]
    targets: tuple[str, ...]


def read_tables(
    files: Mapping[str, list[str]], request: Request, stdin: BinaryIO | None = None, place: Aside | None = None
) -> Dataset:
    """The rows of all files as one dataset; `files` by option: source, then validation and test, if there are any.

    The first file names the columns, the others have them in any order. `place`: a folder for what is too large for
    memory.

    Raises:
        ZenError: a table is damaged (the line is named), a chosen column is not in it, a cell does not fit the type
            of its column, the target does not fit the task.
    """
    blocks = Blocks(files, request, stdin)
    names, sample = blocks.names, blocks.sample
    choice = choose(names, request)
    stated = stated_types(names, request)
    types, inferred = _types(choice, stated, sample, request)
    keys = key_types(request, names, sample)
    gather = Gather(types, inferred, target_types(choice.targets, stated, sample, request), keys, request, place)
    counts = [gather.count(part) for part in blocks.parts()]
    found = gather.result(blocks.origin)
    features, columns = tuple(found.columns), tuple(found.columns.values())
    if not features:
        raise _nothing_left(names, request)
    schema = Schema(
        "table", features, (sum(len(column.inputs("")) for column in columns),), choice.targets, found.targets.classes,
        columns, found.targets.columns, request.dialect,
    )  # fmt: skip
    left_out = tuple(name for name in choice.features if name not in found.columns)
    _, validation, test = counts
    return Dataset(
        found.frame, found.targets.values, schema, blocks.origin, test, validation, found.keys, left_out, found.notes
    )


class Blocks:
    """The blocks of all files, one file after another; the first rows can be looked at before."""

    def __init__(self, files: Mapping[str, list[str]], request: Request, stdin: BinaryIO | None) -> None:
        self._files, self._request, self._stdin = files, request, stdin
        first = files["source"]
        self.origin = first[0] if first[0] != "-" else STDIN
        self._train = self._of("source")
        self.sample = _sample(self._train)
        if not self.sample:
            raise ZenError("a header but no rows", Place(self.origin), code=Exit.FILES)
        self.names = self.sample[0].names

    def parts(self) -> Iterator[Iterator[Block]]:
        """Of training, validation and test."""
        yield chain(self.sample, self._train)
        for option in ("validation", "test"):
            yield self._of(option)

    def _of(self, option: str) -> Iterator[Block]:
        for path in self._files.get(option, ()):
            dialect = self._request.for_table(path).dialect
            with open_table(path, dialect, self._stdin, self._request.place(option)) as table:
                yield from table.blocks()


def choose(names: tuple[str, ...], request: Request) -> Choice:
    """The columns that the section asks for: features in the order stated, else all but target, drop and split keys.

    Raises:
        ZenError: a name that is no column, one that is asked for twice, or no feature left.
    """
    section, targets = request.section, request.targets
    for option, wanted in (("target", targets), ("features", section.features or ()), ("drop", section.drop)):
        for name in wanted:
            if name not in names:
                what = f"no column {shown(name)}{did_you_mean(name, names)}"
                raise ZenError(what, request.place(option), f"columns: {', '.join(names)}")
    taken = {*targets, *section.drop}
    for name in section.features or ():
        if name in taken:
            both = "the target" if name in targets else "in drop"
            raise ZenError(f"column {shown(name)} is a feature and {both}", request.place("features"))
    keys = {name for key, name in request.key_columns.items() if key != "order"}
    features = tuple(section.features or (name for name in names if name not in taken | keys))
    if not features:
        raise _nothing_left(names, request)
    return Choice(features, targets)


def _sample(blocks: Iterator[Block]) -> list[Block]:
    """The first rows: SAMPLE, or more while some column is without a value."""
    found: list[Block] = []
    rows = 0

    def has_value(column: int) -> bool:
        return any(any(block.column(column)) for block in found)

    for block in blocks:
        found.append(block)
        rows += block.rows
        if rows >= LARGEST_SAMPLE or rows >= SAMPLE and all(map(has_value, range(len(block.names)))):
            break
    return found


def _nothing_left(names: tuple[str, ...], request: Request) -> ZenError:
    return ZenError("no column is left as a feature", request.place("features"), f"columns: {', '.join(names)}")


def _types(
    choice: Choice, stated: dict[str, Column], sample: list[Block], request: Request
) -> tuple[dict[str, Column], set[str]]:
    """The type of each feature, and which of them were inferred; a column without a value is ignored, or refused."""
    types: dict[str, Column] = {}
    empty = Number() if request.section.missing == "refuse" else Ignore()
    for name in choice.features:
        cells = [cell for block in sample for cell in block.column(block.position(name))] if name not in stated else []
        types[name] = stated.get(name) or infer(cells, request.dialect) or empty
    return types, set(types) - set(stated)


def stated_types(names: tuple[str, ...], request: Request) -> dict[str, Column]:
    """The types in `data.columns` by column; a pattern such as `pixel*` stands for all that it matches.

    Raises:
        ZenError: a name or pattern that fits no column.
    """
    found: dict[str, Column] = {}
    for name, column in request.columns.items():
        fitting = [name] if name in names else [each for each in names if fnmatchcase(each, name)]
        if not fitting:
            what = f"no column {shown(name)}{did_you_mean(name, names)}"
            raise ZenError(what, request.place(f"columns.{name}"), f"columns: {', '.join(names)}")
        found |= {each: column for each in fitting if each == name or each not in request.columns}
    return found
