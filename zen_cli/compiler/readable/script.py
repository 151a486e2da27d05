"""A compiled program as a script to read: the same instructions in valid NumPy that gives the same bits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from zen_cli.compiler.emitter.terms import Array
from zen_cli.compiler.program import Program
from zen_cli.compiler.readable.body import Graph
from zen_cli.compiler.readable.helpers import brought_along
from zen_cli.compiler.readable.names import Names, leaf_name
from zen_cli.compiler.readable.speech import INDENT, Speech
from zen_cli.compiler.tensor import ancestors

OVERFLOW = "an overflow to infinity on the way still ends in the right number"
MOST_SAID = 1000  # numbers that a script writes out
HEADINGS = {
    "parameters": ["# What is trained: one vector, and its parts by layer. Zeros here: give the parts their weights."],
    "gradients": ["# The slope of the loss along each of them."],
    "optimizer": ["# What the optimizer remembers."],
    "memory": ["# What layers remember. Zeros here: give the parts what they hold, a variance 1 at first."],
}


def readable(
    program: Program, *, title: str = "", rule: str = "the optimizer's rule", name: str = "step",
    inputs: Sequence[str] = ("x", "y"), returns: Sequence[str] = ("loss",),
) -> str:  # fmt: skip
    """The script of a program for one net (no replicas): its arrays, then one function.

    `title` opens its docstring; `rule` heads the optimizer's lines. The function is called `name`; it takes those
    of the leaves `inputs` that the program reads, the program's arguments, and `rng` (a NumPy Generator) where
    the program draws; it gives the leaves `returns`.
    """
    if program.code.replicas is not None:
        raise ValueError("the readable form shows one net: compile it without replicas")
    return _Script(program, inputs, returns, name).text(title, rule)


class _Script:
    def __init__(self, program: Program, inputs: Sequence[str], returns: Sequence[str], name: str) -> None:
        self.graphs = [Graph(section.assignments) for section in program.sections]
        self.arrays, self.dtype, self.name = program.code.leaves, program.code.dtype, name
        used = _leaves_of(program)
        self.inputs = [leaf for leaf in inputs if leaf in used]
        self.returns = [leaf for leaf in returns if leaf in used]
        self.arguments = [*self.inputs, *program.arguments]
        if any(item.primitive == "random" for graph in self.graphs for item in graph.order):
            self.arguments.append("rng")
        self.names = Names((*self.arguments, *self.returns, name))
        plain = {leaf: leaf for leaf in (*self.inputs, *self.returns)}
        self.views = _views(self.arrays, used - plain.keys())
        mentioned = dict.fromkeys(leaf for base, views in self.views.items() for leaf in (base, *views))
        self.leaves = plain | {leaf: self.names.unique(leaf_name(leaf)) for leaf in mentioned}
        self.state = {target.options["name"] for section in program.sections for target, _ in section.assignments}

    def text(self, title: str, rule: str) -> str:
        speech = Speech(self.names, self.leaves, self.returns, self.dtype)
        body = []
        for graph in self.graphs:
            body += ["", *speech.section(graph, rule)]
        body += ["", f"return {', '.join(self.returns)}"] if self.returns else []
        helpers = brought_along(speech.helpers)
        head = [*self._head(title, "\n".join([*body, *helpers])), *self._arrays(), *_constants(speech.constants)]
        head += [f"\n\n{text}" for text in helpers]
        function = ["", "", f'@np.errstate(all="ignore")  # {OVERFLOW}']
        function += [f"def {self.name}({', '.join(self.arguments)}):", f'{INDENT}"""{self._purpose()}"""']
        lines = [*head, *function, *(line and INDENT + line for line in body[1:])]
        return "\n".join(lines) + "\n"

    def _head(self, title: str, code: str) -> Iterator[str]:
        count = self.arrays["parameters"].size if "parameters" in self.arrays else 0
        yield f'"""{_escaped(title)}' if title else '"""A net in NumPy.'
        yield ""
        yield f"{self.dtype.name}, {count} parameters, as zen runs it: the same numbers to the last bit."
        yield '"""'
        yield ""
        imports = {"math.": "import math", "NamedTuple": "from typing import NamedTuple"}
        found = [line for word, line in imports.items() if word in code]
        yield from [*found, *([""] if found else []), "import numpy as np", "", f"dtype = np.{self.dtype.name}"]

    def _purpose(self) -> str:
        shapes = ", ".join(f"{leaf} {self.arrays[leaf].shape}" for leaf in self.inputs)
        meanings = {"t": "t counts steps from 1", "lr": "lr is the rate", "rng": "rng is a NumPy Generator"}
        more = [meanings[argument] for argument in self.arguments if argument in meanings]
        taken = "; ".join([*([shapes] if shapes else []), *more])
        return f"{taken + '. ' if taken else ''}Returns {' and '.join(self.returns) or 'nothing'}."

    # --- arrays -----------------------------------------------------------------------------------
    def _arrays(self) -> Iterator[str]:
        before = None
        for base, views in self.views.items():
            kind = base.partition(".")[0]
            if kind != before:
                yield ""
                yield from HEADINGS.get(kind, ())
            before = kind
            yield self._base(base)
            for view, start in views.items():
                array = self.arrays[view]
                part = f"{self.leaves[base]}[{start}:{start + array.size}]"
                shape = "" if array.ndim == 1 else f".reshape({', '.join(map(str, array.shape)) or '()'})"
                yield f"{self.leaves[view]} = {part}{shape}"

    def _base(self, leaf: str) -> str:
        array = self.arrays[leaf]
        if leaf in HEADINGS or not self.state.isdisjoint((leaf, *self.views[leaf])):
            return f"{self.leaves[leaf]} = np.zeros({array.shape if array.ndim != 1 else array.size}, dtype)"
        if array.size > MOST_SAID:
            return f"{self.leaves[leaf]} = np.zeros({array.shape}, dtype)  # {array.size} numbers: give it its own"
        return f"{self.leaves[leaf]} = np.array({array.tolist()}, dtype)"


def _constants(constants: dict[str, str]) -> Iterator[str]:
    if constants:
        yield ""
    if any(expression.startswith("np.ones") for expression in constants):
        yield "# `ones @ d` adds the rows of d: as a product, since the sums of NumPy add in another order."
    for expression, name in constants.items():
        yield f"{name} = {expression}"


def _leaves_of(program: Program) -> set[str]:
    pairs = [pair for section in program.sections for pair in section.assignments]
    tensors = ancestors(tensor for pair in pairs for tensor in pair)
    return {tensor.options["name"] for tensor in tensors if tensor.primitive == "leaf"}


def _views(arrays: dict[str, Array], used: set[str]) -> dict[str, dict[str, int]]:
    """The arrays that own their numbers, and where each used part of them starts; in the order of `arrays`."""
    found: dict[str, dict[str, int]] = {}
    for name in arrays:
        base = next((other for other in found if np.may_share_memory(arrays[other], arrays[name])), None)
        if base is None:
            found[name] = {}
        elif name in used:
            offset = _address(arrays[name]) - _address(arrays[base])
            found[base][name] = offset // arrays[name].itemsize
    return {base: views for base, views in found.items() if views or (base in used and arrays[base].size)}


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


def _escaped(text: str) -> str:
    """Text of a config inside a docstring."""
    shown = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    return shown.replace("\\", "\\\\").replace('"', '\\"').strip()
