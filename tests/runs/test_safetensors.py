import json

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from zen_cli.errors import Exit, ZenError
from zen_cli.runs.safetensors import decode, encode

DTYPES = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1"]


def same(left, right):
    assert left.keys() == right.keys()
    for name in left:
        assert left[name].dtype == right[name].dtype
        assert left[name].shape == right[name].shape
        assert left[name].tobytes() == right[name].tobytes()


def every_dtype():
    draw = np.random.default_rng(0)
    tensors = {f"t.{code}": (draw.random((3, 5)) * 2).astype(code) for code in DTYPES}
    return tensors | {
        "scalar": np.float32(3.5) * np.ones(()), "empty": np.zeros((0, 4)), "naïve ✓": np.arange(3),
        "turned": np.arange(12.0).reshape(3, 4).T, "every other": np.arange(10, dtype="f4")[::2],
        "big endian": np.arange(3, dtype=">f4"),
    }


def header(entries, body=b"", length=None):
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + body


def entry(begin=0, end=4, dtype="F32", shape=(1,)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


def test_the_package_reads_what_is_written(tmp_path):
    tensors = every_dtype()
    (tmp_path / "a.safetensors").write_bytes(encode(tensors, {"b": "2", "a": "1"}))
    native = {name: array.astype(array.dtype.newbyteorder("=")) for name, array in tensors.items()}
    same(safetensors.numpy.load_file(tmp_path / "a.safetensors"), native)
    with safetensors.safe_open(tmp_path / "a.safetensors", "np") as file:
        assert file.metadata() == {"a": "1", "b": "2"}


def test_what_the_package_writes_is_read():
    tensors = {name: np.ascontiguousarray(array) for name, array in every_dtype().items() if array.ndim}
    del tensors["big endian"]
    found, metadata = decode(safetensors.numpy.save(tensors, {"a": "1"}), "a")
    same(found, tensors)
    assert metadata == {"a": "1"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=8), npst.arrays(
    st.sampled_from(DTYPES), npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)), max_size=5))
def test_any_tensors_come_back(tensors):
    same(decode(encode(tensors, {}), "a")[0], tensors)


def test_the_order_of_insertion_does_not_change_the_bytes():
    tensors, metadata = every_dtype(), {"b": "2", "a": "1"}
    turned = dict(reversed(tensors.items()))
    assert encode(tensors, metadata) == encode(turned, dict(reversed(metadata.items())))


def test_views_of_a_bytearray_can_be_written_to():
    array = decode(bytearray(encode({"w": np.zeros(2)}, {})), "a")[0]["w"]
    array += 1
    assert array.tolist() == [1, 1]


@pytest.mark.parametrize("tensors", [{"__metadata__": np.zeros(1)}, {"c": np.zeros(1, complex)},
                                     {"o": np.array([None])}, {"s": np.array(["a"])}])
def test_what_has_no_place_is_not_written(tensors):
    with pytest.raises(ValueError, match="no place"):
        encode(tensors, {})


LIES = {
    "no byte": b"",
    "seven bytes": b"\2\0\0\0\0\0\0",
    "length past the end": header({}, length=100),
    "length of 2**64 - 1": b"\xff" * 8 + b"{}",
    "length of 2**63": (2**63).to_bytes(8, "little") + b"{}",
    "no header": header(b""),
    "not UTF-8": header(b'{"\xff": 1}'),
    "not JSON": header(b"{"),
    "a list": header(b"[]"),
    "space before the header": header(b"  {}"),
    "text after the header": header(b"{}x"),
    "nested 100,000 deep": header(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "a number of 10,000 digits": header(b'{"a":' + b"9" * 10_000 + b"}"),
    "NaN in the header": header(b'{"__metadata__":{"a":NaN}}'),
    "metadata that is no object": header({"__metadata__": ["a"]}),
    "metadata that is no text": header({"__metadata__": {"a": 1}}),
    "duplicate tensor": header(b'{"w":%s,"w":%s}' % (2 * (json.dumps(entry()).encode(),)), bytes(4)),
    "duplicate shape": header(
        b'{"w":{"dtype":"F32","shape":[2],"shape":[1],"data_offsets":[0,4]}}', bytes(4)),
    "trailing byte": header({"w": entry()}, bytes(5)),
    "missing byte": header({"w": entry()}, bytes(3)),
    "bytes without a tensor": header({}, bytes(1)),
    "overlap": header({"w": entry(0, 4), "v": entry(2, 6)}, bytes(6)),
    "the same bytes twice": header({"w": entry(0, 4), "v": entry(0, 4)}, bytes(4)),
    "a hole": header({"w": entry(0, 4), "v": entry(8, 12)}, bytes(12)),
    "a hole at the start": header({"w": entry(4, 8)}, bytes(8)),
    "end before begin": header({"w": entry(4, 0)}, bytes(4)),
    "negative offset": header({"w": entry(-4, 0)}, bytes(4)),
    "offset of 2**70": header({"w": entry(0, 2**70)}, bytes(4)),
    "one offset": header({"w": entry() | {"data_offsets": [0]}}, bytes(4)),
    "offsets of floats": header({"w": entry() | {"data_offsets": [0.0, 4.0]}}, bytes(4)),
    "shape larger than its bytes": header({"w": entry(shape=(2,))}, bytes(4)),
    "shape smaller than its bytes": header({"w": entry(end=8)}, bytes(8)),
    "shape that overflows": header({"w": entry(0, 0, shape=(2**62, 4))}),
    "shape that overflows beside a zero": header({"w": entry(0, 0, shape=(0, 2**62, 2**62))}),
    "negative shape": header({"w": entry(shape=(-1,))}, bytes(4)),
    "two negative extents": header({"w": entry(shape=(-1, -1))}, bytes(4)),
    "true in the shape": header({"w": entry(shape=(True,))}, bytes(4)),
    "100 axes": header({"w": entry(shape=(1,) * 100)}, bytes(4)),
    "shape of text": header({"w": entry() | {"shape": "1"}}, bytes(4)),
    "unknown dtype": header({"w": entry(dtype="F128")}, bytes(4)),
    "dtype that NumPy lacks": header({"w": entry(end=2, dtype="BF16")}, bytes(2)),
    "dtype of NumPy": header({"w": entry(dtype="<f4")}, bytes(4)),
    "dtype that is a list": header({"w": entry(dtype=[])}, bytes(4)),
    "missing dtype": header({"w": {"shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
    "unknown key": header({"w": entry() | {"device": "cpu"}}, bytes(4)),
    "tensor that is no object": header({"w": 1}),
    "a boolean of 2": header({"w": entry(end=1, dtype="BOOL")}, b"\2"),
}


@pytest.mark.parametrize("data", LIES.values(), ids=LIES)
def test_lies_are_refused_with_the_name_of_the_file(data):
    with pytest.raises(ZenError) as caught:
        decode(data, "runs/a/last.safetensors")
    assert caught.value.code is Exit.FILES
    assert str(caught.value).startswith("runs/a/last.safetensors: damaged: ")


@given(st.binary(max_size=60))
def test_noise_is_refused_and_never_crashes(noise):
    try:
        decode(noise, "a")
    except ZenError as error:
        assert error.code is Exit.FILES
