"""How what only moves numbers is said in an expression that a person reads."""

from __future__ import annotations

from zen_cli.compiler.primitives import spans
from zen_cli.compiler.readable.speaker import Form, Speaker, pattern
from zen_cli.compiler.readable.text import ANY, ATOM, Said
from zen_cli.compiler.tensor import Tensor
from zen_cli.compiler.views import whole


def transpose(speaker: Speaker, tensor: Tensor) -> Said:
    axes = tensor.options["axes"]
    text = "{}.swapaxes(-1, -2)" if axes == (-1, -2) else f"{{}}.transpose{whole(axes, tensor.rank)}"
    return pattern("{}.T" if tensor.rank == 2 else text, ATOM, ATOM)(speaker, tensor)


def part(speaker: Speaker, tensor: Tensor) -> Said:
    axis, start, stop = (tensor.options[name] for name in ("axis", "start", "stop"))
    front = [":"] * (tensor.rank + axis) if -axis > 1 else ["..."] if tensor.rank > 1 else []
    index = [*front, f"{start or ''}:{stop if stop < tensor.inputs[0].shape[axis] else ''}", *[":"] * (-1 - axis)]
    while len(index) > 1 and index[-1] == ":":
        index.pop()
    return pattern(f"{{}}[{', '.join(index)}]", ATOM, ATOM)(speaker, tensor)


def concat(speaker: Speaker, tensor: Tensor) -> Said:
    axis, said = tensor.options["axis"], []
    for start, stop, item in spans(tensor):
        gap = (*tensor.shape[:axis], stop - start, *tensor.shape[tensor.rank + axis + 1 :])
        said.append(f"np.zeros({gap}, dtype)" if item is None else speaker.say(item).text)
    return Said(f"np.concatenate(({', '.join(said)}{',' * (len(said) == 1)}), {axis})")


def reshape(speaker: Speaker, tensor: Tensor) -> Said:
    shape = ", ".join(map(str, tensor.shape)) or "()"
    return pattern(f"{{}}.reshape({shape})", ATOM, ATOM)(speaker, tensor)


def broadcast(speaker: Speaker, tensor: Tensor) -> Said:
    return pattern(f"np.full({tensor.shape}, {{}}, dtype)", ATOM, ANY)(speaker, tensor)


def one_hot(speaker: Speaker, tensor: Tensor) -> Said:
    classes = tensor.options["classes"]
    rows = speaker.constant(f"one_hot_{classes}", f"np.eye({classes}, dtype=dtype)")
    return Said(f"{rows}[{speaker.say(tensor.inputs[0]).text}]")


def gather(speaker: Speaker, tensor: Tensor) -> Said:
    table, index = (speaker.say(item) for item in tensor.inputs)
    return Said(f"{table.within(ATOM)}[{index.text}]")


def scatter(speaker: Speaker, tensor: Tensor) -> Said:
    rows, index = (speaker.say(item).text for item in tensor.inputs)
    add = f"lambda rows, index: [(out := np.zeros({tensor.shape}, dtype)), np.add.at(out, index, rows)][0]"
    return Said(f"{speaker.constant('add_rows', add)}({rows}, {index})")


MOVES: dict[str, Form] = {
    "transpose": transpose, "slice": part, "concat": concat, "reshape": reshape, "broadcast": broadcast,
    "one_hot": one_hot, "gather": gather, "scatter": scatter,
}
