"""Who takes part: optimizers with their options, and the settings that each is tuned over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from zen_cli.compare import hyperparameters
from zen_cli.compare.search import NONE, Search, dimensions_of, plain
from zen_cli.compare.space import Dimension
from zen_cli.compare.tuners import settings
from zen_cli.compare.variant import read_variant
from zen_cli.config import node as nodes
from zen_cli.config.comparison import Range, Ranges, ranges_of
from zen_cli.config.component import Component, build, component
from zen_cli.config.source import read
from zen_cli.config.text import parse
from zen_cli.config.values import INVALID, convert
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.experiment import Experiment
from zen_cli.jobs.nets import Net, Setting
from zen_cli.nn.optimizers import Optimizer, optimizers
from zen_cli.registry import Limits, options_of
from zen_cli.resolved import as_written

NO_LIMITS = Limits()
USUAL = ("sgd", "momentum", "rmsprop", "adam")


class Entry(NamedTuple):
    """One row of the comparison: an optimizer of which one of `settings`, ascending in the rate, is still to be chosen.

    `own`: the ranges that it states itself; None: it is not tuned, whatever the others are.
    """

    label: str
    optimizer: Optimizer
    dimensions: tuple[Dimension, ...] = ()
    settings: tuple[Setting, ...] = ()
    own: Mapping[str, Range] | None = {}
    beyond: tuple[str, ...] = ()  # what it tunes and the rule for all does not
    stated: Mapping[str, Any] = {}  # a schedule or a bound on the gradient of its own
    pace: float | None = None  # the seconds of a step, where they say how many there are to be
    experiment: Experiment | None = None  # its own, where what is compared is not the optimizer alone
    over: tuple[tuple[str, str], ...] = ()  # key and value of each option that sets it apart

    @property
    def bounded(self) -> bool:
        """Whether rates beyond those tried are never tried."""
        return not self.dimensions or self.dimensions[0].centre is None

    @property
    def default(self) -> Setting:
        """The optimizer as it is stated."""
        return Setting(self.optimizer.lr)

    def card(self) -> dict[str, Any]:
        """The entry as plain values."""
        more: dict[str, Any] = {"default_lr": self.optimizer.lr, "slots": self.optimizer.floats_per_weight}
        tried = [{"lr": lr, **dict(others)} for lr, others in self.settings]
        stated = {"tune": plain(self.own) if self.own is not None else NONE} if self.own != {} else {}
        more |= {"beyond": list(self.beyond)} if self.beyond else {}
        apart = {"over": dict(self.over)} if self.over else {}
        options = {"label": self.label, "type": self.optimizer.name, **options_but_rate(self.optimizer)}
        return {**options, **more, "settings": tried, **stated, **apart}

    def untuned(self) -> Entry:
        """The entry as it is stated."""
        return self._replace(settings=(self.default,), dimensions=(), own={}, beyond=())

    def tuned_by(self, search: Search, method: str) -> Entry:
        """The entry with the settings to try."""
        if self.own is None:
            return self.untuned()._replace(own=None)
        return self._replace(settings=settings(self.dimensions, search.trials, method))

    def at(self, net: Net | Setting) -> Optimizer:
        """The optimizer as a net has it."""
        return hyperparameters.tuned(self.optimizer, (("lr", net.lr), *net.others))


def options_but_rate(optimizer: Optimizer) -> dict[str, Any]:
    """Every option but the rate, as plain values."""
    known = options_of(type(optimizer))
    return {option.name: as_written(getattr(optimizer, option.name)) for option in known if option.name != "lr"}


def entries_of(written: Sequence[Component], search: Search) -> list[Entry]:
    """Entries for optimizers as a config or the command line writes them; two of one name need labels.

    Raises:
        ZenError: unknown names or options, all of them at once; a label that stands twice.
    """
    problems = Problems()
    found = [entry for each in written if (entry := _entry(each, search, problems))]
    problems.check()
    labels = [entry.label for entry in found]
    for entry, each in zip(found, written, strict=True):
        if labels.count(entry.label) > 1:
            hint = "give each a label: {type: ..., label: ...}"
            raise ZenError(f"two rows are called '{entry.label}'", each.place, hint)
    return found


def named(names: str) -> list[Component]:
    """Components for `sgd,adam`, bare names with their defaults; for `FILE.yaml`, the list that stands in it."""
    if names.endswith((".yaml", ".yml")):
        return listed(*read(names))
    place = Place(f"-o {names}")
    return [component(nodes.Scalar(place, name.strip()), Problems()) for name in names.split(",") if name.strip()]


def listed(text: str, file: str) -> list[Component]:
    """Components for a list of optimizers as the section `compare` has it.

    Raises:
        ZenError: the text is no such list.
    """
    problems = Problems()
    found = parse(text, file, problems)
    if not isinstance(found, nodes.Sequence):
        said = nodes.describe(found) if found else "nothing"
        raise ZenError(f"expected a list of optimizers, found {said}", Place(file), "write `- sgd`, `- {type: adam}`")
    written = [component(node, problems) for node in found.items]
    problems.check()
    return written


def _entry(written: Component, search: Search, problems: Problems) -> Entry | None:
    options = dict(written.options.entries)
    label, space = options.pop("label", None), options.pop("tune", None)
    stated = read_variant(options, problems)
    optimizer = build(written._replace(options=nodes.Mapping(written.options.place, options)), optimizers, problems)
    name = convert(label.value, str, NO_LIMITS, problems) if label else optimizer.name if optimizer else ""
    own = _own(space, problems) if space else {}
    if optimizer is None or name is INVALID or own is INVALID:
        return None
    try:
        dimensions = dimensions_of(optimizer, search, own or {}) if search.what != NONE and own is not None else ()
    except ZenError as error:
        problems.add(error.what, space.place if space else written.place, error.hint)
        return None
    ruled = {each.name for each in dimensions_of(optimizer, search, {})}
    beyond = tuple(each.name for each in dimensions if each.name not in ruled)
    return Entry(name, optimizer, dimensions, own=own, beyond=beyond, stated=stated)


def _own(space: nodes.Entry, problems: Problems) -> Any:
    """The ranges of `tune: {lr: [low, high]}`; None for `tune: none`."""
    if isinstance(space.value, nodes.Scalar) and space.value.text == NONE:
        return None
    found = convert(space.value, Ranges, NO_LIMITS, problems)
    if found is INVALID:
        return INVALID
    try:
        return ranges_of(found)
    except ZenError as error:
        problems.add(error.what, space.place, error.hint)
        return INVALID
