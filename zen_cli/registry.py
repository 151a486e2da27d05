"""Names for classes, and their fields as the schema of what a user may write.

Every component (layer, loss, optimizer, ...) is a class registered by name. Its fields, declared with `option` as those
of a dataclass, give validation, help, the README catalogue and the JSON Schema; nothing is written twice.
"""

from __future__ import annotations

import importlib
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from zen_cli.errors import Place, ZenError

T = TypeVar("T")
REQUIRED = object()


class Share(float):
    """A part of a whole, 0 to 1, that may be written `0.2` or `20%`; the value itself is a plain float."""


class Epochs(str):
    """A number of epochs as it is written: `3 epochs`."""

    __slots__ = ()

    @property
    def number(self) -> float:
        return float(self.split()[0])


Length: typing.TypeAlias = int | Share | Epochs  # of a training: steps, a share of all of them, or epochs


class Limits(NamedTuple):
    """The values a number may take: `low <= value <= high`, `above < value < below`; or one of `choices`."""

    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[Any, ...] = ()

    def refuse(self, value: Any) -> str | None:
        """What was expected, if `value` is outside; None if it is inside.

        >>> Limits(above=0, high=1).refuse(2.0)
        'must be > 0 and <= 1'
        """
        if self.choices:
            return None if value in self.choices else f"must be one of {', '.join(map(str, self.choices))}"
        if not isinstance(value, (int, float)):
            return None
        inside = (
            (self.low is None or value >= self.low)
            and (self.high is None or value <= self.high)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )
        return None if inside else f"must be {self}"

    def __str__(self) -> str:
        if self.choices:
            return "one of " + ", ".join(map(str, self.choices))
        bounds = ((">", self.above), (">=", self.low), ("<", self.below), ("<=", self.high))
        return " and ".join(f"{sign} {_plain(bound)}" for sign, bound in bounds if bound is not None)


def _plain(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:g}"


class Option(NamedTuple):
    """One thing a user may set: its name, declared type, default (or REQUIRED), limits and one line of help."""

    name: str
    type: Any
    default: Any
    limits: Limits
    help: str
    common: bool = False  # whether all of a kind have it

    @property
    def required(self) -> bool:
        return self.default is REQUIRED


class Declared(NamedTuple):
    """What `option` leaves in a class body, until `schema` reads it."""

    default: Any
    limits: Limits
    help: str
    common: bool


def option(
    default: Any = REQUIRED, help: str = "", *, low: float | None = None, high: float | None = None,
    above: float | None = None, below: float | None = None, choices: tuple[Any, ...] = (), common: bool = False,
) -> Any:
    """Declares an option: `lr: float = option(1e-3, "learning rate", above=0)`; `common`: one of all of a kind."""
    return Declared(default, Limits(low, high, above, below, choices), help, common)


def schema(cls: type[T]) -> type[T]:
    """Makes the options that `cls` declares or inherits the parameters and attributes of its instances.

    What a dataclass does, without generating code: start-up is paid by all. Where the class has `presets`, the option
    `preset` names other defaults.
    """
    own = {name: value for name, value in vars(cls).items() if isinstance(value, Declared)}
    inherited: dict[str, Declared] = getattr(cls, "__options__", {})
    common = {name: it for name, it in inherited.items() if it.common}
    cls.__options__ = {name: it for name, it in inherited.items() if not it.common} | own | common  # type: ignore[attr-defined]
    for name, declared in own.items():
        if declared.default is REQUIRED:
            delattr(cls, name)
        else:
            setattr(cls, name, declared.default)
    cls.__init__ = _construct  # type: ignore[method-assign]
    return cls


def _construct(self: Any, *values: Any, **named: Any) -> None:
    """Options by position or name, defaults for the rest; then `__post_init__`, if there is one."""
    declared: dict[str, Declared] = type(self).__options__
    given = dict(zip(declared, values, strict=False)) | named
    given = {**getattr(type(self), "presets", {}).get(given.get("preset"), {}), **given}
    wrong = [name for name in given if name not in declared]
    lacking = [name for name, it in declared.items() if it.default is REQUIRED and name not in given]
    if wrong or lacking or len(values) > len(declared):
        raise TypeError(f"{type(self).__name__}: unknown {wrong}, missing {lacking}, {len(values)} by position")
    for name, it in declared.items():
        setattr(self, name, given[name] if name in given else _fresh(it.default))
    if hasattr(self, "__post_init__"):
        self.__post_init__()


def _fresh(default: Any) -> Any:
    """A list or dict of its own for each instance."""
    return type(default)(default) if isinstance(default, (list, dict)) else default


_OPTIONS: dict[type, tuple[Option, ...]] = {}


def options_of(cls: type) -> tuple[Option, ...]:
    """The options of a schema class, in the order written."""
    if cls not in _OPTIONS:
        hints = typing.get_type_hints(cls)
        declared: dict[str, Declared] = cls.__options__  # type: ignore[attr-defined]
        _OPTIONS[cls] = tuple(Option(name, hints[name], *it) for name, it in declared.items())
    return _OPTIONS[cls]


def members(wanted: Any) -> tuple[Any, ...]:
    """The members of a union, or the type alone."""
    origin = typing.get_origin(wanted)
    return typing.get_args(wanted) if origin in (typing.Union, types.UnionType) else (wanted,)


def is_schema(cls: Any) -> bool:
    """Whether it is a class with options."""
    return hasattr(cls, "__options__")


class Registry(typing.Generic[T]):
    """The classes of one kind by name.

    Start-up is paid by all: what is in the `index` is imported when it is asked for.

    >>> layers = Registry("layer")
    >>> @layers.register("linear", "dense", main="units")
    ... class Linear:
    ...     units: int = option(help="outputs")
    >>> layers["dense"].__name__
    'Linear'
    >>> layers["liner"]
    Traceback (most recent call last):
    zen_cli.errors.ZenError: unknown layer 'liner'; did you mean 'linear'?
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._modules: dict[str, str] = {}  # where the class of a name or alias is
        self._classes: dict[str, type[T]] = {}
        self._aliases: dict[str, str] = {}
        self._main: dict[str, str | None] = {}

    def register(self, name: str, *aliases: str, main: str | None = None) -> Callable[[type[T]], type[T]]:
        """Registers a class; `main` is the option that `name: value` sets (`linear: 64`)."""

        def decorate(cls: type[T]) -> type[T]:
            self._classes[name] = schema(cls)
            self._main[name] = main
            self._aliases.update(dict.fromkeys(aliases, name))
            cls.name = name  # type: ignore[attr-defined]
            return cls

        return decorate

    def index(self, package: str, modules: Mapping[str, str]) -> None:
        """Says which names and aliases, separated by spaces, each module of `package` registers."""
        self._modules |= {name: f"{package}.{module}" for module, names in modules.items() for name in names.split()}

    def __contains__(self, name: object) -> bool:
        return name in self._modules or name in self._classes or name in self._aliases

    def __iter__(self) -> Iterator[str]:
        for module in self._modules.values():
            importlib.import_module(module)
        return iter(sorted(self._classes))

    def __getitem__(self, name: str) -> type[T]:
        return self.get(name)

    def get(self, name: str, where: Place | None = None) -> type[T]:
        """The class of that name or alias; a ZenError with the closest match if there is none."""
        if name in self._modules:
            importlib.import_module(self._modules[name])
        found = self._classes.get(self._aliases.get(name, name))
        if found is None:
            known = list(self)
            from zen_cli.suggest import did_you_mean  # only a mistake needs it

            what = f"unknown {self.kind} '{name}'{did_you_mean(name, [*known, *self._aliases])}"
            plural = f"{self.kind}es" if self.kind.endswith("s") else f"{self.kind}s"
            raise ZenError(what, where, hint=f"{plural}: {', '.join(known)}")
        return found

    def main_option(self, name: str) -> str | None:
        """The option that the short form `name: value` sets."""
        return self._main[self[name].name]  # type: ignore[attr-defined]

    def aliases(self, name: str) -> list[str]:
        """Other names of a registered class."""
        return [alias for alias, canonical in self._aliases.items() if canonical == name]
