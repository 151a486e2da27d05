"""A loop over time as a person would write it: the arrays that it fills, then a `for` with the lines of one round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zen_cli.compiler.loop import Loop
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.readable.body import Graph, rank
from zen_cli.compiler.readable.names import joined, kind
from zen_cli.compiler.readable.text import ATOM, number
from zen_cli.compiler.tensor import Tensor, leaf

if TYPE_CHECKING:
    from zen_cli.compiler.readable.speech import Speech

INDENT = "    "


def loop_lines(speech: Speech, tensor: Tensor) -> Iterator[str]:
    """The lines; what later lines read of the loop has its name in `speech.results` then."""
    loop: Loop = tensor.options["loop"]
    given = dict(zip(loop.leaves, tensor.inputs, strict=True))
    where = joined(rank(speech.graph.scopes[tensor])[1:])
    said = [inner.options["name"] for inner in loop.carried] + [kind(value) for value in loop.kept]
    names = [speech.names.unique(f"{name}_{where}".rstrip("_")) for name in said]
    for item in speech.graph.order:
        if item.inputs[:1] == (tensor,):
            speech.results[item] = names[item.options["index"]]
    for result, name in enumerate(names):
        inner = loop.carried[result] if result < len(loop.carried) else None
        yield from _begun(speech, loop, result, name, given[inner] if inner else None)
    index = speech.names.unique("i")
    rounds = f"range({loop.rounds})"
    yield f"for {index} in {f'reversed({rounds})' if loop.backward else rounds}:"
    leaves, assignments = _round(speech, loop, given, names, index)
    body = speech.within(leaves, [name for name in leaves if name.startswith("result ")])
    yield from (INDENT + line for line in body.section(Graph(assignments), None))


def _begun(speech: Speech, loop: Loop, result: int, name: str, first: Tensor | None) -> Iterator[str]:
    """The line that makes the array of a result, and the one that puts the first value into it."""
    zero = first is not None and first.primitive == "broadcast" and not first.inputs[0].shape
    value = "" if first is None else (number(first.inputs[0].number or 0.0) if zero else speech.say(first)).text
    if first is not None and not loop.stored:
        yield f"{name} = np.full({first.shape}, {value}, dtype)" if zero else f"{name} = {value}.copy()"
        return
    yield f"{name} = np.empty({loop.shape(result)}, dtype)"
    if first is not None:
        yield f"{name}[{loop.rounds if loop.backward else 0}] = {value}"


def _round(
    speech: Speech, loop: Loop, given: dict[Tensor, Tensor], names: list[str], index: str
) -> tuple[dict[str, str], list[Assignment]]:  # fmt: skip
    """What the leaves of a round are called, and what a round assigns."""
    ahead, behind = (f"{index} + 1", index) if loop.backward else (index, f"{index} + 1")
    leaves = {inner.options["name"]: speech.say(given[inner]).within(ATOM) for inner in loop.fixed}
    leaves |= {inner.options["name"]: _step(speech, given[inner], index) for inner in loop.sliced}
    assignments = []
    for i, (inner, following) in enumerate(zip(loop.carried, loop.following, strict=True)):
        leaves[inner.options["name"]] = f"{names[i]}[{ahead}]" if loop.stored else names[i]
        if loop.stored:
            leaves[f"result {i}"] = f"{names[i]}[{behind}]"
        assignments.append(Assignment(leaf(f"result {i}", inner.shape) if loop.stored else inner, following))
    for result, value in enumerate(loop.kept, start=len(loop.carried)):
        leaves[f"result {result}"] = f"{names[result]}[{index}]"
        assignments.append(Assignment(leaf(f"result {result}", value.shape), value))
    return leaves, assignments


def _step(speech: Speech, sequence: Tensor, index: str) -> str:
    """`h[i + 1]` for a step of `h[1:]`."""
    if sequence.primitive == "slice" and sequence.options["axis"] == -sequence.rank:
        start = sequence.options["start"]
        return f"{speech.say(sequence.inputs[0]).within(ATOM)}[{f'{index} + {start}' if start else index}]"
    return f"{speech.say(sequence).within(ATOM)}[{index}]"
