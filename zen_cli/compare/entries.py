"""Who takes part: optimizers with their options, and the learning rates that each is tuned over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.space import Space, between, grid
from zen_cli.config.component import Component, build, component
from zen_cli.config.node import Entry as Written
from zen_cli.config.node import Mapping, Scalar, describe
from zen_cli.config.schema import read_options
from zen_cli.config.values import INVALID, convert
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.experiment import Experiment
from zen_cli.nn.optimizers import Optimizer, optimizers
from zen_cli.registry import Limits, options_of

NO_LIMITS = Limits()
USUAL = ("sgd", "momentum", "rmsprop", "adam")


class Entry(NamedTuple):
    """One row of the comparison: an optimizer whose rate is still to be chosen from `rates`, ascending."""

    label: str
    optimizer: Optimizer
    rates: tuple[float, ...]
    experiment: Experiment | None = None  # its own, where what is compared is not the optimizer alone
    over: tuple[tuple[str, str], ...] = ()  # key and value of each option that sets it apart
    bounded: bool = False  # whether rates beyond are never tried

    def options(self) -> dict[str, Any]:
        """What is fixed: every option but the rate."""
        known = options_of(type(self.optimizer))
        return {option.name: getattr(self.optimizer, option.name) for option in known if option.name != "lr"}

    def card(self) -> dict[str, Any]:
        """The entry as plain values."""
        more = {"lr": self.rates, "default_lr": self.optimizer.lr, "slots": self.optimizer.floats_per_weight}
        apart = {"over": dict(self.over)} if self.over else {}
        return {"label": self.label, "type": self.optimizer.name, **self.options(), **more, **apart}

    def untuned(self) -> Entry:
        """The entry at its optimizer's own rate."""
        return self._replace(rates=(self.optimizer.lr,))

    def at(self, lr: float) -> Optimizer:
        """The optimizer with a rate."""
        made: Any = type(self.optimizer)
        return made(**self.options(), lr=lr)  # type: ignore[no-any-return]


def entries_of(written: Sequence[Component], trials: int) -> list[Entry]:
    """Entries for optimizers as a config or the command line writes them; two of one name need labels.

    Raises:
        ZenError: unknown names or options, all of them at once; a label that stands twice.
    """
    problems = Problems()
    found = [entry for each in written if (entry := _entry(each, trials, problems))]
    problems.check()
    labels = [entry.label for entry in found]
    for entry, each in zip(found, written, strict=True):
        if labels.count(entry.label) > 1:
            hint = "give each a label: {type: ..., label: ...}"
            raise ZenError(f"two rows are called '{entry.label}'", each.place, hint)
    return found


def named(names: str, flag: str = "-o") -> list[Component]:
    """Components for `sgd,adam`: bare names with their defaults."""
    place = Place(f"{flag} {names}")
    return [component(Scalar(place, name.strip()), Problems()) for name in names.split(",") if name.strip()]


def _entry(written: Component, trials: int, problems: Problems) -> Entry | None:
    options = dict(written.options.entries)
    label, space = options.pop("label", None), options.pop("tune", None)
    optimizer = build(written._replace(options=Mapping(written.options.place, options)), optimizers, problems)
    name = convert(label.value, str, NO_LIMITS, problems) if label else optimizer.name if optimizer else ""
    rates = _rates(space, trials, problems) if space else None
    if optimizer is None or name is INVALID:
        return None
    return Entry(name, optimizer, rates or grid(optimizer.lr_center, trials), bounded=rates is not None)


def _rates(space: Written, trials: int, problems: Problems) -> tuple[float, ...] | None:
    """Those of `tune: {lr: [low, high]}`."""
    if not isinstance(space.value, Mapping):
        problems.add(f"expected a mapping, found {describe(space.value)}", space.place, "write {lr: [1e-4, 1e-1]}")
        return None
    found = read_options(space.value, Space, problems)
    return between(*found.lr, trials) if found and found.lr else None
