"""Compiled convolution and pooling are what their definitions say, whole or in blocks; replicas keep their bits."""

import inspect
import itertools

import numpy as np
import pytest

from tests import DTYPES
from tests.compiler.graphs import evaluate
from tests.compiler.test_readable import run
from zen_cli.compiler import convolution, windows
from zen_cli.compiler.gradient import gradient
from zen_cli.compiler.layout import channels_last
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import reduce_sum
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.readable.script import readable
from zen_cli.compiler.tensor import apply, leaf
from zen_cli.compiler.windows import Window, blocks

REPLICAS = 3
SAME = ((1, 1), (1, 1))
CONVOLUTIONS = {  # the image, how many outputs, the window, groups
    "3 x 3": ((3, 6, 7, 5), 4, Window((3, 3)), 1),
    "same": ((3, 5, 5, 5), 2, Window((3, 3), padding=SAME), 1),
    "one channel": ((2, 6, 6, 1), 3, Window((3, 3), padding=SAME), 1),
    "four channels": ((2, 5, 6, 4), 2, Window((2, 3), padding=((1, 0), (1, 1))), 1),
    "1 x 1": ((3, 4, 4, 6), 5, Window((1, 1)), 1),
    "1 x 1 with a stride": ((2, 5, 5, 6), 5, Window((1, 1), stride=(2, 2)), 1),
    "as large as the image": ((2, 4, 3, 5), 6, Window((4, 3)), 1),
    "stride 2": ((2, 7, 8, 5), 3, Window((3, 3), stride=(2, 2), padding=SAME), 1),
    "stride beyond the kernel": ((2, 9, 9, 5), 3, Window((2, 2), stride=(4, 3)), 1),
    "stride 3 of 5": ((2, 11, 10, 5), 2, Window((5, 4), stride=(3, 2), padding=((2, 1), (0, 3))), 1),
    "pixels that no window sees": ((2, 8, 8, 5), 2, Window((3, 3), stride=(3, 4)), 1),
    "dilation": ((2, 8, 7, 5), 3, Window((3, 2), padding=SAME, dilation=(2, 3)), 1),
    "stride and dilation": ((2, 9, 9, 5), 3, Window((3, 3), stride=(2, 3), padding=SAME, dilation=(3, 2)), 1),
    "stride and its multiple": ((2, 9, 9, 5), 2, Window((2, 3), stride=(2, 2), padding=SAME, dilation=(2, 4)), 1),
    "more padding than kernel": ((1, 3, 3, 5), 2, Window((2, 2), padding=((3, 2), (2, 3))), 1),
    "groups": ((2, 5, 5, 6), 4, Window((3, 3), padding=SAME), 2),
    "groups with a stride": ((2, 6, 5, 10), 6, Window((3, 2), stride=(2, 1), padding=SAME), 2),
    "depthwise": ((3, 5, 5, 6), 6, Window((3, 3), padding=SAME), 6),
    "depthwise with a stride": ((2, 7, 6, 3), 3, Window((3, 2), stride=(2, 3), dilation=(2, 1)), 3),
    "two outputs a channel": ((2, 5, 5, 3), 6, Window((3, 3), stride=(2, 2)), 3),
    "one image, one pixel": ((1, 1, 1, 5), 2, Window((1, 1)), 1),
}
POOLS = {
    "2 x 2": ((3, 6, 4, 5), Window((2, 2), stride=(2, 2))),
    "odd size": ((2, 7, 5, 3), Window((2, 2), stride=(2, 2))),
    "overlapping": ((2, 7, 6, 3), Window((3, 3), stride=(2, 2))),
    "stride 1": ((2, 4, 5, 1), Window((2, 3))),
    "apart": ((2, 8, 9, 2), Window((2, 2), stride=(3, 4))),
    "dilated": ((2, 7, 7, 2), Window((2, 2), stride=(2, 2), dilation=(2, 3))),
    "of one": ((2, 3, 3, 2), Window((1, 1), stride=(2, 2))),
    "padded": ((2, 5, 4, 3), Window((2, 3), stride=(2, 2), padding=((1, 1), (1, 0)))),
    "padded and overlapping": ((2, 4, 5, 3), Window((3, 3), padding=SAME)),
    "everything": ((2, 4, 3, 5), Window((4, 3), stride=(4, 3))),
}


def with_gradients(y, wanted):
    """y, and the gradients of the sum of y times weights."""
    weights = leaf("weights", y.shape)
    return {"y": y, **{f"of_{t.options['name']}": g for t, g in
                       zip(wanted, gradient(reduce_sum(y * weights), wanted), strict=True)}}  # fmt: skip


def convolution_of(name):
    shape, outputs, window, groups = CONVOLUTIONS[name]
    x, w = leaf("x", shape), leaf("w", (*window.kernel, shape[3] // groups, outputs))
    return with_gradients(convolution.convolve(x, w, window, groups), [x, w])


def pools_of(name):
    shape, window = POOLS[name]
    x = leaf("x", shape)
    largest, total = (with_gradients(apply(pool, x, window=window), [x]) for pool in ("max_pool", "sum_pool"))
    return {**{f"max_{key}": value for key, value in largest.items()}, **total}


def arrays_of(tensors, rng, lead=(), dtype="float64"):
    """Values for the leaves of `tensors`; rounded, so that windows have several largest numbers."""
    found, stack = {}, list(tensors.values())
    while stack:
        tensor = stack.pop()
        stack += tensor.inputs
        if tensor.primitive == "leaf" and tensor.options["name"] not in found:
            found[tensor.options["name"]] = rng.standard_normal((*lead, *tensor.shape)).round(1).astype(dtype)
    return found


def compiled(tensors, arrays, replicas=None):
    lead = () if replicas is None else (replicas,)
    dtype = next(iter(arrays.values())).dtype
    places = {name: np.full((*lead, *tensor.shape), np.nan, dtype) for name, tensor in tensors.items()}
    made = [Assignment(leaf(name, tensor.shape), tensor) for name, tensor in tensors.items()]
    program = Program([Section(made)], {**arrays, **places}, replicas=replicas, dtype=dtype)
    program.run()
    program.run()
    return places


def assert_as_defined(tensors):
    arrays = arrays_of(tensors, np.random.default_rng(0))
    for name, found in compiled(tensors, arrays).items():
        np.testing.assert_allclose(found, evaluate(tensors[name], arrays), rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.fixture(params=[1 << 19, 300, 40], ids=["whole", "in blocks", "row by row"])
def room(request, monkeypatch):
    monkeypatch.setattr(windows, "ROOM", request.param)


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolution_and_its_gradients(name, room):
    assert_as_defined(convolution_of(name))


@pytest.mark.parametrize("name", POOLS)
def test_pooling_and_its_gradients(name, room):
    assert_as_defined(pools_of(name))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [*CONVOLUTIONS, *POOLS])
def test_each_replica_is_the_program_alone(name, room, dtype):
    tensors = convolution_of(name) if name in CONVOLUTIONS else pools_of(name)
    together = arrays_of(tensors, np.random.default_rng(0), (REPLICAS,), dtype)
    found = compiled(tensors, together, REPLICAS)
    for r in range(REPLICAS):
        alone = compiled(tensors, {key: array[r].copy() for key, array in together.items()})
        assert [key for key in alone if alone[key].tobytes() != found[key][r].tobytes()] == []


def test_an_image_with_channels_first_is_read_where_it_lies(room):
    x, w = leaf("x", (2, 5, 6, 6)), leaf("w", (3, 3, 5, 2))
    y = convolution.convolve(channels_last(x), w, Window((3, 3), padding=SAME))
    pooled = apply("max_pool", channels_last(x), window=Window((2, 2), stride=(2, 2)))
    assert_as_defined({**with_gradients(y, [w, x]), "pooled": pooled})


def test_the_transpose_is_the_gradient_of_the_image_and_has_gradients_of_its_own(room):
    shape, outputs, window, groups = CONVOLUTIONS["stride and dilation"]
    d, w = leaf("d", (2, *window.places(shape[1:3]), outputs)), leaf("w", (*window.kernel, shape[3], outputs))
    y = convolution.convolve_input(d, w, window, shape[1:3], groups)
    assert_as_defined(with_gradients(y, [d, w]))


@pytest.mark.parametrize(("batch", "size", "patch"), [*itertools.product((1, 5, 128), (1, 7, 300), (1, 50, 2000))])
def test_blocks_have_room_and_leave_none_out(batch, size, patch):
    images, rows = blocks(batch, (size, size), patch)
    assert 1 <= images <= batch and 1 <= rows <= size
    assert images * rows * size * patch <= windows.ROOM or (images, rows) == (1, 1)
    assert images == 1 or rows == size


def test_blocks_are_even():
    assert blocks(100, (10, 10), 100) == (50, 10)


def test_a_kernel_beyond_the_image_is_refused():
    with pytest.raises(ValueError, match="reaches over 5 x 5 does not fit into an image of 4 x 6"):
        Window((3, 3), dilation=(2, 2)).places((4, 6))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [*CONVOLUTIONS, *POOLS])
def test_the_readable_form_gives_the_bits(name, room, dtype):
    tensors = convolution_of(name) if name in CONVOLUTIONS else pools_of(name)
    arrays = arrays_of(tensors, np.random.default_rng(0), dtype=dtype)
    places = {key: np.zeros(tensor.shape, dtype) for key, tensor in tensors.items()}
    made = [Assignment(leaf(key, tensor.shape), tensor) for key, tensor in tensors.items()]
    program = Program([Section(made)], {**arrays, **places}, dtype=dtype)
    program.run()
    script = readable(program, inputs=tuple(arrays), returns=tuple(places))
    assert max(map(len, script.splitlines())) <= 120
    space = run(script)
    function = inspect.signature(space["step"]).parameters
    found = space["step"](*(arrays[key] for key in function))
    for key, value in zip(places, found, strict=True):
        assert value.tobytes() == places[key].tobytes(), key
