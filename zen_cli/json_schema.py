"""The JSON Schema (draft 2020-12) of a config, made from the classes that read it: for editors and other tools.

What it cannot say is left to `zen check`: what depends on the data, on several options at once, or on how a number is
written (JSON knows no difference between 10 and 10.0).
"""

from __future__ import annotations

import json
import typing
from typing import Any

from zen_cli.catalogue import REGISTRIES
from zen_cli.config.component import Component
from zen_cli.config.files import VERSION
from zen_cli.config.load import MAX_NAME
from zen_cli.config.scalars import EPOCHS
from zen_cli.config.sections import Config
from zen_cli.errors import ZenError
from zen_cli.metrics import metrics
from zen_cli.registry import Epochs, Limits, Option, Registry, Share, is_schema, members, options_of

Schema = dict[str, Any]
KINDS = {
    "model": "layers", "layers": "layers", "loss": "losses", "optimizer": "optimizers", "scheduler": "schedulers",
    "problem": "problems", "metrics": "metrics", "source": "datasets", "columns": "columns",
}  # fmt: skip
"""Of which kind a component is that stands under this option, where its type does not say so."""

VARIABLE = {"$ref": "#/$defs/variable"}
PERCENT = {"type": "string", "pattern": r"^\+?(100(\.0*)?|[0-9]{0,2}(\.[0-9]*)?)%$"}
NAMES = [{"type": "string", "pattern": f"^[A-Za-z0-9_][A-Za-z0-9._-]{{0,{MAX_NAME - 1}}}$"}, VARIABLE,
         {"type": "number", "minimum": 0}, {"type": "boolean"}]  # fmt: skip
TEXT = {"type": ["string", "number", "boolean"]}
FREE = {"anyOf": [{"type": "string"}, {"type": "object", "minProperties": 1}]}


def json_schema() -> Schema:
    """The whole of it."""
    made = _Maker()
    top = made.options(options_of(Config))
    top["properties"]["optimiser"] = top["properties"]["optimizer"]
    top["properties"]["version"] = {"const": VERSION, "description": "version of the config's format"}
    for layers in (top["properties"]["model"], made.defs["Model"]["properties"]["layers"]):
        layers["minItems"] = 1
    del top["properties"]["name"]["type"]
    top["properties"]["name"]["anyOf"] = NAMES
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A config of zen", **top,
        "not": {"required": ["optimizer", "optimiser"]}, "anyOf": _sources(), "$defs": dict(sorted(made.defs.items())),
    }  # fmt: skip


def schema_text() -> str:
    """The schema as a file holds it: a line for each section and component, so that changes can be read."""
    whole = json_schema()
    long = ("properties", "$defs")
    parts = [f"{_json(key)}: {_lines(value) if key in long else _json(value)}" for key, value in whole.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(values: Schema) -> str:
    return "{\n" + ",\n".join(f"  {_json(key)}: {_json(value)}" for key, value in values.items()) + "\n}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sources() -> list[Schema]:
    """What is learned: data and a model, or a problem, or what the files below say."""
    alone = {"not": {"anyOf": [{"required": [name]} for name in ("data", "model", "loss", "metrics")]}}
    return [{"required": ["extends"]}, {"required": ["data", "model"], "not": {"required": ["problem"]}},
            {"required": ["problem"], **alone}]  # fmt: skip


class _Maker:
    """Makes schemas; `defs` are those that are referred to."""

    def __init__(self) -> None:
        use = "a value of the section `vars`: ${vars.NAME}"
        self.defs: dict[str, Schema] = {
            "variable": {"type": "string", "pattern": r"\$\{\s*vars\.", "description": use}
        }

    def options(self, known: tuple[Option, ...]) -> Schema:
        """An object with these options and no others."""
        required = [option.name for option in known if option.required]
        properties = {option.name: self.option(option) for option in known}
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def option(self, option: Option) -> Schema:
        found = self.of(option.type, option.limits, option.name)
        told = {"description": option.help} if option.help else {}
        usual = {"default": option.default} if isinstance(option.default, (bool, int, float, str)) else {}
        return {**found, **told, **usual}

    def of(self, wanted: Any, limits: Limits, name: str) -> Schema:
        """What may stand where a value of the type `wanted` is read."""
        found = [schema for member in members(wanted) for schema in self._member(member, limits, name)]
        if found == [{}] or TEXT in found:
            return found[0] if len(found) == 1 else {"anyOf": found}
        return {"anyOf": [*found, VARIABLE]}

    def _member(self, member: Any, limits: Limits, name: str) -> list[Schema]:
        origin, arguments = typing.get_origin(member) or member, typing.get_args(member)
        if origin in _SCALARS:
            return list(_SCALARS[origin](limits))
        if origin is typing.Literal:
            return [{"enum": list(arguments)}]
        if origin is dict:
            return [{"type": "object", "additionalProperties": self.of((arguments or (str, Any))[1], limits, name)}]
        if origin in (list, tuple):
            return [self._items(origin, arguments or (Any,), limits, name)]
        if member is Component or isinstance(getattr(member, "registry", None), Registry):
            return [self._component(member, name)]
        assert is_schema(member), member
        self.defs.setdefault(member.__name__, {})
        least = {} if _may_be_empty(member) else {"minProperties": 1}
        self.defs[member.__name__] = {"description": member.__doc__, **self.options(options_of(member)), **least}
        return [{"$ref": f"#/$defs/{member.__name__}"}]

    def _items(self, origin: Any, arguments: tuple[Any, ...], limits: Limits, name: str) -> Schema:
        whole = {"type": "array", "items": self.of(arguments[0], limits, name)}
        if origin is tuple and arguments[-1] is not Ellipsis:
            return {**whole, "minItems": len(arguments), "maxItems": len(arguments)}
        return whole

    # --- components --------------------------------------------------------------------------------
    def _component(self, member: Any, name: str) -> Schema:
        """A reference to its kind, which is made when it is first met."""
        own = getattr(member, "registry", None)
        kind = next((kind for kind, it in REGISTRIES.items() if it is own), KINDS.get(name, ""))
        if not kind:
            return FREE
        if kind not in self.defs:
            self.defs[kind] = {}
            self.defs[kind] = self._kind(kind, REGISTRIES[kind])
        return {"$ref": f"#/$defs/{kind}"}

    def _kind(self, kind: str, registry: Registry[Any]) -> Schema:
        """A name alone, `{type: name, ...}` or `{name: ...}`."""
        spelled = {name: [name, *registry.aliases(name)] for name in registry}
        known = {name: options_of(registry[name]) for name in registry}
        self.defs |= {f"{kind}/{name}": self._options_of(registry[name]) for name in registry}
        alone = [each for name in registry for each in spelled[name] if not any(it.required for it in known[name])]
        short = {each: self._short(kind, name, registry) for name in registry for each in spelled[name]}
        every = sorted(each for names in spelled.values() for each in names)
        typed = [{"if": {"properties": {"type": {"enum": spelled[name]}}}, "then": _typed(kind, name, known[name])}
                 for name in registry]  # fmt: skip
        return {"anyOf": [
            {"enum": sorted([*alone, *(_labels() if kind == "metrics" else [])])},
            {"type": "object", "required": ["type"], "properties": {"type": {"anyOf": [{"enum": every}, VARIABLE]}},
             "allOf": typed},
            {"type": "object", "properties": short, "additionalProperties": False, "minProperties": 1,
             "maxProperties": 1},
        ]}  # fmt: skip

    def _options_of(self, cls: type) -> Schema:
        return {"description": (cls.__doc__ or "").partition("\n")[0], **self.options(options_of(cls))}

    def _short(self, kind: str, name: str, registry: Registry[Any]) -> Schema:
        """The options as a mapping, or the value of the main one."""
        main, whole = registry.main_option(name), {"$ref": f"#/$defs/{kind}~1{name}"}
        others = [option.name for option in options_of(registry[name]) if option.required and option.name != main]
        value = {"$ref": f"#/$defs/{kind}~1{name}/properties/{main}"}
        return {"anyOf": [whole, value]} if main and not others else whole


def _may_be_empty(cls: type) -> bool:
    """Whether the class itself takes a mapping that says nothing."""
    try:
        cls()
    except ZenError:
        return False
    except TypeError:  # an option lacks, which is told as such
        return True
    return True


def _typed(kind: str, name: str, known: tuple[Option, ...]) -> Schema:
    """The object `{type: name, ...}`, its options as in `{name: {...}}`."""
    properties = {option.name: {"$ref": f"#/$defs/{kind}~1{name}/properties/{option.name}"} for option in known}
    required = [option.name for option in known if option.required]
    return {"properties": {"type": {}, **properties}, "required": ["type", *required], "additionalProperties": False}


def _labels() -> list[str]:
    """The names that results have, such as `f1_micro`: the name of a metric and the value of its main option."""
    found = []
    for name in metrics:
        main = [option for option in options_of(metrics[name]) if option.name == metrics.main_option(name)]
        literals = [each for option in main for it in members(option.type) for each in getattr(it, "__args__", ())]
        chosen = [each for option in main for each in option.limits.choices]
        found += [f"{name}_{value}" for value in [*literals, *chosen]]
    return found


def _number(limits: Limits) -> list[Schema]:
    names = {"minimum": limits.low, "maximum": limits.high, "exclusiveMinimum": limits.above,
             "exclusiveMaximum": limits.below}  # fmt: skip
    chosen = {"enum": list(limits.choices)} if limits.choices else {}
    plain = {"type": "number", **{name: bound for name, bound in names.items() if bound is not None}, **chosen}
    return [plain, PERCENT] if 1 in (limits.high, limits.below) else [plain]


def _integer(limits: Limits) -> list[Schema]:
    return [{**_number(limits)[0], "type": "integer"}]


def _share(limits: Limits) -> list[Schema]:
    bounded = limits.high is not None or limits.below is not None
    return _number(limits if bounded else Limits(0, 1))


def _text(limits: Limits) -> list[Schema]:
    return [{"enum": list(limits.choices)} if limits.choices else TEXT]


_SCALARS: dict[Any, Any] = {
    int: _integer, float: _number, Share: _share, str: _text, bool: lambda limits: [{"type": "boolean"}],
    Epochs: lambda limits: [{"type": "string", "pattern": f"^{EPOCHS.pattern}$"}],
    type(None): lambda limits: [{"type": "null"}], Any: lambda limits: [{}],
}  # fmt: skip
