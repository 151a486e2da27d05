import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.config.test_bad_inputs import ACCEPTED, ONE
from tests.faults.cases import case
from zen_cli.config.node import Mapping, Scalar, Sequence
from zen_cli.config.text import parse
from zen_cli.errors import ZenError


def plain(node):
    """The tree without places."""
    if isinstance(node, Mapping):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node and node.text


def line(message):
    return message.split(":")[1]


def outcome(text):
    try:
        return parse(text, "f.yaml")
    except ZenError as error:
        return [str(e) for e in error.all()]


def test_every_node_and_key_knows_its_place():
    root = parse("a: 1\nmodel:\n  - linear: {units: 64}\n", "f.yaml")
    entry = root.entries["model"].value.items[0].entries["linear"].value.entries["units"]
    assert str(entry.place) == "f.yaml:3:14: model[0].linear.units"
    assert str(entry.value.place) == "f.yaml:3:21: model[0].linear.units"


def test_columns_count_characters_not_bytes():
    assert parse("é: {é: 1}", "f.yaml").entries["é"].value.entries["é"].value.place.column == 8


def test_text_is_kept_as_written():
    root = parse("a: 1.10\nb: no\nc: '2'\nd: \"x\\ty\"\ne: 0x10\nf: 1:30\n", "f.yaml")
    assert plain(root) == {"a": "1.10", "b": "no", "c": "2", "d": "x\ty", "e": "0x10", "f": "1:30"}
    assert [key for key, entry in root.entries.items() if entry.value.quoted] == ["c", "d"]


@case("C66")
def test_breaks_of_yaml_1_1_are_ordinary_characters():
    text = "a: x\u2028y # \u2029\nb: \ue000\x85z\n"
    assert plain(parse(text, "f.yaml")) == {"a": "x\u2028y", "b": "\ue000\x85z"}


@case("C49")
def test_an_alias_is_a_copy_with_its_own_key_path():
    root = parse("a: &x [1, {k: 2}]\nb: *x\n", "f.yaml")
    assert plain(root) == {"a": ["1", {"k": "2"}], "b": ["1", {"k": "2"}]}
    assert str(root.entries["b"].value.items[1].entries["k"].place) == "f.yaml:1:12: b[1].k"


# what corpora of YAML try of each construct, and what it means here: text stays text, and nothing is guessed
SPEC = {
    "a: b - c # no: x": {"a": "b - c"},
    "a: b#c": {"a": "b#c"},
    "a:    b   # c": {"a": "b"},
    "a: 'it''s'": {"a": "it's"},
    'a: "\\u00e9\\x41\\n"': {"a": "éA\n"},
    "a: one\n  two\n\n  three": {"a": "one two\nthree"},
    "a: |\n  x\n   y\n\nb: 1": {"a": "x\n y\n", "b": "1"},
    "a: |-\n  x\nb: >+\n  y\n\n": {"a": "x", "b": "y\n\n"},
    "a: |2\n   x\n": {"a": " x\n"},
    "a: [b, [c, {d: e}], ]": {"a": ["b", ["c", {"d": "e"}]]},
    "{a: b, c: , d}": {"a": "b", "c": "", "d": ""},
    "a:\n- b\n-\n  - c\n- - d\n  - e": {"a": ["b", ["c"], ["d", "e"]]},
    "? a\n: b": {"a": "b"},
    "? |\n  a\n: b": {"a\n": "b"},
    "a: &x b\nc: *x": {"a": "b", "c": "b"},
    "a: [a: b]": {"a": [{"a": "b"}]},
    '"a":b': None,
    "a: http://b.c/d:e?f=g#h": {"a": "http://b.c/d:e?f=g#h"},
    "--- {a: b}": {"a": "b"},
    "---\na: b\n...\n# end": {"a": "b"},
    "%TAG ! tag:x:\n---\na: !y b": None,
    "a: !!binary aGk=": None,
    "a: b\n...\nc: d": None,
    "a: -\n": None,
    "a: - b": None,
    "- a\nb: c": None,
    "a: 'b' c": None,
    "a: [b\nc]": {"a": ["b c"]},
    "&a : b": None,
    "a: |x": None,
    "a: %b": None,
    "a: `b`": None,
}


@pytest.mark.parametrize("text", SPEC)
def test_constructs_of_yaml_mean_what_the_specification_says_or_are_refused(text):
    found, meant = outcome(text), SPEC[text]
    if meant is None:
        assert isinstance(found, list) and len(found) >= 1, found
    else:
        assert plain(found) == meant


CASES = [row[1] for row in ONE + ACCEPTED if isinstance(row[1], str)]


@pytest.mark.parametrize("text", CASES)
def test_without_the_c_library_every_text_is_judged_at_the_same_line(text, monkeypatch):
    fast = outcome(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    slow = outcome(text)
    if isinstance(fast, list):
        assert isinstance(slow, list)
        assert [line(message) for message in fast] == [line(message) for message in slow]
    else:
        assert slow == fast


FRAGMENTS = st.sampled_from(
    ["a", "b", ": ", ":", "\n", "  ", "- ", "[", "]", "{", "}", ",", "'", '"', "&x ", "*x", "!t ", "#", "|", ">",
     "%", "@", "? ", "\t", "---\n", "...\n", "<<: ", "\\", "1", "~", "\u2028", "\ufeff", "\x85", "é"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(FRAGMENTS, max_size=20).map("".join))
def test_any_text_is_read_or_refused_in_one_way(text):
    result = outcome(text)
    assert result is None or isinstance(result, (Scalar, Sequence, Mapping, list))


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30) | st.binary(max_size=30))
def test_any_bytes_are_read_or_refused_in_one_way(text):
    outcome(text)
