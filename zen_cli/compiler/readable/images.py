"""How convolution and pooling are said in a readable script: as calls of functions that it brings along."""

from __future__ import annotations

from typing import Any

from zen_cli.compiler.readable.speaker import Form, Speaker
from zen_cli.compiler.readable.text import Said
from zen_cli.compiler.tensor import Tensor
from zen_cli.compiler.windows import Window

USUAL = {**Window((1, 1))._asdict(), "groups": 1}


def called(*named: str) -> Form:
    """A call of the helper of the primitive's name; `named`: what of its shape and options a call has to state."""

    def form(speaker: Speaker, tensor: Tensor) -> Said:
        window: Window = tensor.options["window"]
        known: dict[str, Any] = {**window._asdict(), "places": tensor.shape[1:3], "size": tensor.shape[1:3]}
        more = {**window._asdict(), **{key: tensor.options[key] for key in ("groups",) if key in tensor.options}}
        unusual = {key: value for key, value in more.items() if key not in named and value != USUAL[key]}
        if "kernel" not in named:
            unusual.pop("kernel", None)
        items = [speaker.say(item).text for item in tensor.inputs]
        stated = [f"{key}={_plain(value)}" for key, value in {**{key: known[key] for key in named}, **unusual}.items()]
        return Said(f"{speaker.helper(tensor.primitive)}({', '.join([*items, *stated])})")

    return form


def _plain(value: Any) -> str:
    return f"({', '.join(map(_plain, value))})" if isinstance(value, tuple) else str(value)


IMAGES: dict[str, Form] = {
    "convolve": called(), "convolve_weight": called("kernel"), "convolve_input": called("size"),
    "max_pool": called("kernel", "stride", "places"), "max_pool_input": called("kernel", "stride"),
    "sum_pool": called("kernel", "stride", "places"), "sum_pool_input": called("size", "kernel", "stride"),
}
