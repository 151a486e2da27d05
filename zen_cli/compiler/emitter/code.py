"""Writes plans down as one straight Python function of NumPy calls, with everything it needs at hand.

All arrays, bound methods and functions are default arguments of the function: a local variable each, the
fastest there is (201 ns a call; a list of functions and arguments takes 306, layer objects 350).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from zen_cli.compiler.emitter.forms import FORMS
from zen_cli.compiler.emitter.moves import along, place_of
from zen_cli.compiler.emitter.terms import Array
from zen_cli.compiler.placing import placed
from zen_cli.compiler.plan import Plan, Storage
from zen_cli.compiler.primitives import PRIMITIVES
from zen_cli.compiler.tensor import Tensor, ancestors
from zen_cli.compiler.views import is_view, whole

AGREED = ("scalar", "add", "subtract", "multiply", "divide", "negative")  # to the last bit
INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}


class Code:
    """The function while it is written: its lines, and the values that it will find under which names."""

    def __init__(
        self, leaves: dict[str, Array], replicas: int | None, dtype: Any, name: Callable[[Any, str], str] | None = None
    ) -> None:  # fmt: skip
        """`name` gives a new value its name, if not this function does itself."""
        self.leaves, self.replicas, self.dtype = leaves, replicas, np.dtype(dtype)
        self.looped = False
        self._name = name or self._own_name
        self.values: dict[str, Any] = {}
        self.lines: list[str] = []
        self.marks: list[tuple[int, str]] = []  # from which line on they belong to which scope
        self.arrays: dict[Tensor, Array] = {}
        self._names: dict[Any, str] = {}
        self._ones: dict[tuple[int, ...], Array] = {}

    # --- names ------------------------------------------------------------------------------------
    def bound(self, value: Any, prefix: str) -> str:
        key = identity(value)
        if key not in self._names:
            self._names[key] = self._name(value, prefix)
        return self._names[key]

    def _own_name(self, value: Any, prefix: str) -> str:
        plain = isinstance(value, np.ufunc) or value is np.copyto or value is np.matmul  # one of each: no number
        name = prefix if plain else f"{prefix}{len(self.values)}"
        self.values[name] = value
        return name

    def ones(self, *shape: int) -> Array:
        return self._ones.setdefault(shape, np.ones(shape, self.dtype))

    # --- arrays -----------------------------------------------------------------------------------
    def allocate(self, plan: Plan) -> None:
        """Makes the temporary arrays of a plan and gives every instruction its place."""
        rooms = {storage: self._room(storage) for storage in plan.temporary}
        for tensor in plan.results:
            storage = plan.storage[tensor]
            self.arrays[tensor] = (
                self.leaves[storage.leaf.options["name"]] if storage.leaf is not None
                else self._placed(rooms[storage], tensor, storage.stacked)
            )
        for tensor, part in placed(plan):
            self.arrays[part] = place_of(tensor, part, self.arrays[tensor])

    def _room(self, storage: Storage) -> Array:
        return np.empty(storage.size * (self.replicas or 1 if storage.stacked else 1), self.dtype)

    def _placed(self, room: Array, tensor: Tensor, stacked: bool) -> Array:
        shape = (self.replicas, *tensor.shape) if stacked and self.replicas is not None else tensor.shape
        return room[: math.prod(shape)].reshape(shape)

    def array(self, tensor: Tensor) -> Array:
        """The array that holds `tensor` while the program runs."""
        if tensor not in self.arrays:
            self.arrays[tensor] = self._found(tensor)
        return self.arrays[tensor]

    def _found(self, tensor: Tensor) -> Array:
        if is_view(tensor):
            return self._viewed(tensor, self.array(tensor.inputs[0]))
        if tensor.primitive == "leaf":
            return self.leaves[tensor.options["name"]]
        if tensor.primitive == "constant":
            return constant_array(tensor, self.dtype)
        return self._cell(tensor)

    def _viewed(self, tensor: Tensor, source: Array) -> Array:
        lead = source.ndim - tensor.inputs[0].rank
        if tensor.primitive == "transpose":
            axes = whole(tensor.options["axes"], tensor.rank)
            return source.transpose(*range(lead), *(axis % tensor.rank + lead for axis in axes))
        if tensor.primitive == "slice":
            part: Array = source[along(tensor.options["axis"], tensor.options["start"], tensor.options["stop"])]
            return part
        view = source.reshape(source.shape[:lead] + tensor.shape)
        assert np.may_share_memory(view, source) or not view.size
        return view

    def _cell(self, tensor: Tensor) -> Array:
        """A scalar of the step in an array of its own, set at the start of the step."""
        cell = np.zeros(() if self.replicas is None else (self.replicas,), self.dtype)
        index = "()" if self.replicas is None else "..."
        self.lines.append(f"{self.bound(cell, 'k')}[{index}] = {self._expression(tensor)}")
        return cell

    def _expression(self, tensor: Tensor) -> str:
        """Each replica's number from Python too, where NumPy has no such function or rounds its own differently."""
        said, names = python_expression(tensor), _bent(tensor)
        if self.replicas is None or not names:
            return said
        lists = ", ".join(f"{self.bound(each_of, 'each')}({name}, {self.replicas})" for name in names)
        return f"[{said} for {', '.join(names)}, in zip({lists})]"

    def operand(self, item: Tensor, rank: int) -> Array:
        """The array of an input, its replica axis in front of as many axes as the result has."""
        array = self.array(item)
        if self.replicas is None or array.ndim == item.rank or item.rank >= rank:
            return array
        return array.reshape(array.shape[0], *(1,) * (rank - item.rank), *item.shape)

    # --- lines ------------------------------------------------------------------------------------
    def mark(self, scope: str) -> None:
        """Has what is written from here on belong to a scope."""
        self.marks.append((len(self.lines), scope))

    def write(self, plan: Plan) -> None:
        for tensor in plan.instructions:
            self.mark(tensor.scope)
            if tensor.primitive == "loop":
                self._write_loop(tensor)
                continue
            out = self.array(tensor)
            aligned = PRIMITIVES[tensor.primitive].elementwise or tensor.primitive in ("broadcast", "matmul")
            inputs = [self.operand(item, tensor.rank) if aligned else self.array(item) for item in tensor.inputs]
            self.lines += filter(None, FORMS[tensor.primitive](self, tensor, out, inputs).split("\n"))
        for target, value in plan.copies:
            self.mark(value.scope)
            place, source = self.array(target), self.operand(value, target.rank)
            self.lines.append(f"{self.bound(np.copyto, 'copyto')}({self.bound(place, 'a')}, {self.bound(source, 'a')})")

    def _write_loop(self, tensor: Tensor) -> None:
        from zen_cli.compiler.emitter.loops import written  # most nets have none

        results = {item.options["index"]: array for item, array in self.arrays.items() if item.inputs[:1] == (tensor,)}
        self.lines += written(self, tensor, results)

    def source(self, arguments: Sequence[str], lines: Sequence[str] | None = None) -> str:
        """The text of the function: `arguments` first, then what it needs as defaults; `lines`: others for its own."""
        defaults = [f"{name}={name}" for name in self.values]
        body = (self.lines if lines is None else lines) or ["pass"]
        return f"def step({', '.join([*arguments, *defaults])}):\n" + "".join(f"    {line}\n" for line in body)

    def function(
        self, arguments: Sequence[str], lines: Sequence[str] | None = None, **more: Any
    ) -> Callable[..., None]:
        namespace = {**self.values, "math": math, **more}
        exec(compile(self.source(arguments, lines), "<zen program>", "exec"), namespace)
        step: Callable[..., None] = namespace["step"]
        return step


def constant_array(tensor: Tensor, dtype: Any) -> Array:
    """The numbers of a constant."""
    value = tensor.options["value"]
    array = np.asarray(eval(value, {"np": np}) if isinstance(value, str) else value, dtype)
    return np.broadcast_to(array, tensor.shape).copy() if tensor.shape else array


def python_expression(tensor: Tensor) -> str:
    """A scalar of the step as plain Python: `lr / (1.0 - 0.9 ** t)`."""
    if tensor.primitive == "scalar":
        return str(tensor.options["name"])
    if tensor.number is not None:
        return repr(tensor.number)
    said = [_bracketed(item) for item in tensor.inputs]
    if tensor.primitive in INFIX:
        return f" {INFIX[tensor.primitive]} ".join(said)
    simple = {
        "negative": f"-{said[0]}", "square": f"{said[0]} ** 2", "maximum": f"max({', '.join(said)})",
        "minimum": f"min({', '.join(said)})", "greater": f"float({' > '.join(said)})",
    }
    return simple.get(tensor.primitive, f"math.{tensor.primitive}({python_expression(tensor.inputs[0])})")


def each_of(value: Any, replicas: int) -> list[float]:
    """The numbers of the replicas, from an array of them or from one for all."""
    return np.broadcast_to(value, (replicas,)).tolist()  # type: ignore[no-any-return]


def _bent(tensor: Tensor) -> list[str]:
    """The stacked scalars in an expression that does more to one of them than NumPy and Python agree on."""
    found = {item: {item.options["name"]} if item.options.get("stacked") else set() for item in ancestors([tensor])}
    bent = False
    for item in found:
        found[item] = found[item].union(*(found[each] for each in item.inputs))
        bent = bent or bool(found[item]) and item.primitive not in AGREED
    return sorted(found[tensor]) if bent else []


def _bracketed(tensor: Tensor) -> str:
    said = python_expression(tensor)
    compound = tensor.inputs and tensor.primitive != "sqrt"
    return f"({said})" if compound or said.startswith("-") else said


def identity(value: Any) -> Any:
    """Two views of the same numbers in the same form are one value; so are two bound methods of them."""
    if isinstance(value, np.ndarray):
        return (value.__array_interface__["data"][0], value.shape, value.strides, value.dtype.str)
    owner = getattr(value, "__self__", None)
    return (value.__name__, identity(owner)) if isinstance(owner, np.ndarray) else id(value)
