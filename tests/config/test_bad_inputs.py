"""Every way known to write a wrong config, with the place and the words that must answer it."""

import io

import pytest

from tests.config.helpers import GOOD, mistakes
from tests.faults.cases import case
from zen_cli.config.load import load
from zen_cli.config.source import MAX_BYTES
from zen_cli.errors import ZenError

RAW = ("mapping values are not allowed", "could not determine", "while scanning", "while parsing", "<block end>",
       "expected key", "constructor", "yaml.org", "Error(", "simple key", "token")

# (case, config text, words that the one message must hold, the place first)
ONE = [
    ("C04 empty", "", "1:1: config is empty (`zen init`"),
    ("C05 comments", "# a\n\n# b\n", "1:1: config is empty"),
    ("C05 dashes", "---\n", "1:1: config is empty"),
    ("C06 list", "- a\n- b\n", "1:1: expected a mapping, found a list"),
    ("C06 text", "hello", "1:1: expected a mapping, found text 'hello'"),
    ("C07 second document", GOOD + "---\na: 1\n", "5:1: a second document begins here"),
    ("C08 tab", "data:\n\tsource: xor\n", "2:1: a tab is used for indentation (use spaces)"),
    ("C09 quote open to the end", "name: 'abc\nseed: 1\n", "1:7: this quote is never closed"),
    ("C09 quote closed by a later one", 'name: "abc\nseed: 1\nloss: "mse"\n', "1:7: this quote is closed only on"),
    ("C10 two colons", "seed: 1\nloss: a: b\n", "2:8: unexpected ':'"),
    ("C10 indented key", "seed: 1\n  loss: a\n", "2:7: unexpected ':' (check the indentation"),
    ("C10 outdented key", "data:\n   source: a\n  target: b\n", "3:3: expected a key here (check the indentation"),
    ("C10 list item", "model:\n  - relu: 1\n   - relu\n", "3:4: expected a list item"),
    ("bracket open", "model: [relu\nloss: mse\n", "1:8: this '[' is not closed"),
    ("brace open", "loss: {type: mse\nseed: 1\n", "1:7: this '{' is not closed"),
    ("no colon", "seed: 1\nloss mse\nname: a\n", "2:1: a ':' is missing after this key"),
    ("C11 twice", "seed: 1\n" + GOOD + "seed: 2\n", "6:1: seed: key 'seed' is given twice, first at line 1, column 1"),
    ("C12 twice in flow", GOOD + "trainer: {epochs: 1, epochs: 2}",
     "5:22: trainer.epochs: key 'epochs' is given twice, first at line 5, column 11"),
    ("C14 near miss", GOOD.replace("adam", "{type: adam, lerning_rate: 1}"),
     "4:25: optimizer.lerning_rate: unknown option; did you mean 'lr'? (options: lr, betas)"),
    ("C14 section", GOOD + "trainr: {}\n", "5:1: trainr: unknown option; did you mean 'trainer'?"),
    ("C15 in a layer", GOOD.replace("{linear: 2}", "relu, relu, {type: linear, units: 2, unitz: 3}"),
     "2:46: model[2].unitz: unknown option; did you mean 'units'?"),
    ("C16 layer", GOOD.replace("{linear: 2}", "Dens: 3"),
     "2:9: model[0]: unknown layer 'Dens'; did you mean 'dense'? (layers: dropout, linear"),
    ("C17 optimizer", GOOD.replace("adam", "adamm"),
     "4:12: optimizer: unknown optimizer 'adamm'; did you mean 'adam'?"),
    ("C17 loss", GOOD.replace("mse", "mze"), "3:7: loss: unknown loss 'mze'; did you mean 'mse'?"),
    ("C18 section", GOOD.replace("data: {source: xor}\n", ""), "1:1: missing option 'data'"),
    ("C18 option", GOOD.replace("source", "target"), "1:7: data: missing option 'source'"),
    ("C18 layer", GOOD.replace("linear: 2", "linear: {bias: true}"),
     "2:10: model[0]: missing option 'units' (outputs)"),
    ("C21 quoted", GOOD.replace("adam", '{type: adam, lr: "1e-3"}'),
     "4:29: optimizer.lr: expected a number > 0, found a quoted string '1e-3' (remove the quotes)"),
    ("C23 comma", GOOD.replace("adam", "\n  type: adam\n  lr: 0,001"),
     "found text '0,001' (the decimal sign is a point"),
    ("C23 comma in flow", GOOD.replace("adam", "{type: adam, lr: 1,001}"),
     "4:29: optimizer.lr: found 1,001 (the decimal sign is a point, not a comma: write 1.001)"),
    ("C24 inf", GOOD.replace("adam", "{type: adam, lr: .inf}"),
     "optimizer.lr: expected a finite number > 0, found .inf"),
    ("C24 1e400", GOOD.replace("adam", "{type: adam, lr: 1e400}"), "expected a finite number"),
    ("C24 1.0e+400", GOOD.replace("adam", "{type: adam, lr: 1.0e+400}"), "expected a finite number"),
    ("C24 nan", GOOD.replace("adam", "{type: adam, lr: .nan}"), "expected a finite number"),
    ("C26 negative", GOOD.replace("adam", "{type: adam, lr: -0.1}"), "4:29: optimizer.lr: must be > 0, found -0.1"),
    ("C26 zero", GOOD.replace("adam", "{type: adam, lr: 0}"), "optimizer.lr: must be > 0, found 0"),
    ("C27", GOOD.replace("linear: 2", "linear: 10.0"),
     "model[0].units: expected an integer >= 1, found 10.0 (write 10)"),
    ("C28", GOOD.replace("linear: 2", "linear: 010"),
     "2:18: model[0].units: expected an integer >= 1, found 010, whose leading zero is ambiguous (write 10)"),
    ("C28 float", GOOD.replace("adam", "{type: adam, lr: 00.1}"), "leading zero is ambiguous (write 0.1)"),
    ("C30", GOOD + "trainer: {epochs: 1:30}", "5:19: trainer.epochs: expected an integer >= 1, found text '1:30'"),
    ("C33 yes", GOOD + "trainer: {shuffle: yes}", "5:20: trainer.shuffle: expected true or false"),
    ("C33 off", GOOD + "trainer: {shuffle: off}", "booleans are true / false"),
    ("C33 on", GOOD.replace("{linear: 2}", "linear: {units: 1, bias: on}"), "model[0].bias: expected true or false, "),
    ("C35 empty", GOOD + "trainer:\n  epochs:\n", "6:3: trainer.epochs: value missing (write a value, or remove"),
    ("C35 tilde", GOOD + "trainer: {epochs: ~}", "trainer.epochs: value missing"),
    ("C35 component", GOOD.replace("loss: mse", "loss:"), "3:1: loss: value missing"),
    ("C35 option that may be null", GOOD + "trainer:\n  target:\n", "6:3: trainer.target: value missing"),
    ("C36", GOOD + "seed: 2024-01-01", "5:7: seed: expected an integer >= 0 and <= 18446744073709551615, found date"),
    ("C37 negative", GOOD + "seed: -1", "seed: must be >= 0 and <= 18446744073709551615, found -1"),
    ("C37 large", GOOD + f"seed: {2**64}",
     "seed: must be >= 0 and <= 18446744073709551615, found 18446744073709551616"),
    ("C37 power", GOOD + "seed: 2**64", "<= 18446744073709551615, found text '2**64'"),
    ("C37 half", GOOD + "seed: 1.5", "expected an integer >= 0 and <= 18446744073709551615, found 1.5"),
    ("C37 5000 digits", GOOD + "seed: " + "9" * 5000, "5000 characters"),
    ("C39", GOOD + "trainer: {epochs: true}", "trainer.epochs: expected an integer >= 1, found the boolean true"),
    ("C40 list", GOOD.replace("{linear: 2}", "linear: [10]"), "model[0].units: expected an integer >= 1, found a list"),
    ("C40 mapping", GOOD.replace("{linear: 2}", "linear: {units: {n: 10}}"),
     "expected an integer >= 1, found a mapping"),
    ("C41 list", GOOD.replace("[{linear: 2}]", "[]"), "2:8: model: expected at least one layer"),
    ("C41 mapping", GOOD.replace("[{linear: 2}]", "{}"), "2:8: model: expected a list of layers, found a mapping"),
    ("C41 layers", GOOD.replace("[{linear: 2}]", "{layers: []}"), "2:8: model: expected at least one layer"),
    ("C46 zero", GOOD + "trainer: {batch_size: 0}", "trainer.batch_size: must be >= 1, found 0"),
    ("C46 negative", GOOD + "trainer: {batch_size: -1}", "trainer.batch_size: must be >= 1, found -1"),
    ("C46 half", GOOD + "trainer: {batch_size: 2.5}", "expected an integer >= 1 or full, found 2.5"),
    ("C47 all kept", GOOD.replace("xor", "xor, split: {validation: 50%, test: 0.5}"), "100% of the rows, none is left"),
    ("C50", GOOD + "name: *nope\n", "5:7: name: no anchor '&nope' stands before this alias"),
    ("C50 itself", GOOD + "trainer: &a {x: *a}\n", "5:17: trainer.x: no anchor '&a'"),
    ("C54", "trainer: &a {epochs: 1}\n<<: *a\n" + GOOD, "2:1: merge keys (<<) are not supported (write the keys out)"),
    ("C59", GOOD + "seed: !!python/object/apply:os.system [touch canary]", "5:7: seed: tags are not allowed"),
    ("C59 str", GOOD + "seed: !!str 1", "5:7: seed: tags are not allowed, found '!!str'"),
    ("C63 NUL", "seed: 1\nname: a\0b", "2:8: control character U+0000"),
    ("C63 BEL", "seed: \a", "1:7: control character U+0007"),
    ("C63 ESC", "\ufeffa: \x1b[31m", "1:4: control character U+001B"),
    ("C63 C1", "seed: \x9b", "1:7: control character U+009B"),
    ("C64", b"seed: 1\nname: caf\xe9\n", "2:10: byte 0xe9 is not UTF-8 text (save the file as UTF-8)"),
    ("C64 UTF-16", GOOD.encode("utf-16"), "1:1: looks like UTF-16"),
    ("C66 CRLF", "# a\r\nseed: !x 1\r\n", "2:7: seed: tags are not allowed"),
    ("C66 CR", "# a\rseed: !x 1", "2:7: seed: tags are not allowed"),
    ("C66 U+2028", "# a\u2028b: c\u0085\nname: x\u2029y\nseed: !x 1", "3:7: seed: tags are not allowed"),
    ("C68 integer", GOOD + "1: a", "5:1: keys must be text, found the number 1"),
    ("C68 boolean", GOOD + "true: a", "5:1: keys must be text, found a boolean"),
    ("C68 null", GOOD + "null: a", "5:1: keys must be text, found null"),
    ("C68 nothing", GOOD + "? \n: a", "5:2: keys must be text, found nothing"),
    ("C68 list", GOOD + "[a]: a", "5:1: keys must be text, found a list"),
    ("C69 markup", GOOD.replace("mse", '"[/foo]"'), "loss: unknown loss '[/foo]'"),
    ("C81", "version: 99\nanything: new\n", "1:10: version: this zen reads version 1, found '99' (upgrade zen"),
    ("a value that cannot begin so", "name: @x", "1:7: a value cannot begin with '@' (put the text in quotes)"),
    ("Windows path in double quotes", 'data: {source: "C:\\data"}', "unknown escape after '\\' in double quotes"),
    ("block text", "name: |x\n  y", "1:8: unexpected text after the '|' or '>'"),
    ("no space in a mapping", GOOD.replace("adam", "{type: adam, lr:0.1}"), "(a space is missing after ':')"),
    ("no space", "seed:1\nloss: mse\n", "2:5: unexpected ':'"),
    ("star", "name: *", "1:7: '*' begins an anchor or alias"),
    ("no data beside a model", "model: [relu]\n",
     "1:1: missing option 'data' (the rows to learn from; or `problem` in place of both)"),
    ("a problem with data", "problem: rosenbrock\ndata: {source: xor}\n",
     "2:1: data: a problem brings its own data, model, loss and metrics (remove it, or `problem`)"),
    ("a problem with metrics", "problem: rosenbrock\nmetrics: [mae]\n", "2:1: metrics: a problem brings its own"),
    ("a problem without a name", "problem:\n", "1:1: problem: value missing"),
    ("a later version's section", GOOD + "sweep: {}", "5:1: sweep: not supported by this version"),
    ("optimizer twice", GOOD + "optimiser: adam", "5:1: optimiser: the same as 'optimizer' on line 4"),
    ("two keys, no type", GOOD.replace("[{linear: 2}]", "\n  - linear: 2\n    bias: true"),
     "3:5: model[0]: expected a name"),
    ("option in the place of a name", GOOD.replace("adam", "{lr: 0.1}"), "no `type` beside the option 'lr'"),
    ("value for one that takes none", GOOD.replace("{linear: 2}", "relu: 3"),
     "model[0]: 'relu' takes no value of its own"),
    ("nested component", GOOD.replace("{linear: 2}", "{type: linear, units: 2, init: he_norml}"),
     "model[0].init: unknown initializer 'he_norml'; did you mean 'he_normal'?"),
    ("nested layers", GOOD.replace("{linear: 2}", "residual: [{linear: 1.5}]"),
     "model[0].layers[0].units: expected an integer >= 1, found 1.5"),
    ("fixed length", GOOD.replace("adam", "{type: adam, betas: [0.9]}"), "expected a list of 2, found a list of 1"),
    ("inside a list", GOOD.replace("adam", "{type: adam, betas: [0.9, 1]}"),
     "optimizer.betas[1]: must be >= 0 and < 1"),
    ("another program's word", GOOD.replace("adam", "{type: adam, rate: 1}"),
     "unknown option; did you mean 'lr'?"),
    ("a key in the wrong place", GOOD + "epochs: 3", "5:1: epochs: unknown option; did you mean 'trainer.epochs'?"),
    ("an option of the optimizer", GOOD + "lr: 3", "5:1: lr: unknown option; did you mean 'optimizer.lr'?"),
    ("in the wrong section", GOOD + "data2: 1".replace("data2", "patience"),
     "5:1: patience: unknown option; did you mean 'trainer.early_stopping.patience'?"),
    ("beginning of a word", GOOD.replace("xor}", "xor, split: {val: 1}}"),
     "data.split.val: unknown option; did you mean 'vali"),
    ("letters of other size", GOOD.replace("{linear: 2}", "ReLU"), "unknown layer 'ReLU'; did you mean 'relu'?"),
    ("activation", GOOD.replace("{linear: 2}", "linear: {units: 2, activation: relu}"),
     "unknown option (an activation is a layer of its own: write `relu` as the next one)"),
    ("sizes of inputs", GOOD.replace("{linear: 2}", "linear: {units: 2, in_features: 2}"),
     "(sizes are inferred: leave it out)"),
    ("a number for a layer", GOOD.replace("{linear: 2}", "8"), "unknown layer '8' (write `linear: 8`)"),
    ("no colon in a layer", GOOD.replace("{linear: 2}", "linear 8"), "(write `linear: 8`)"),
    ("no space in a layer", GOOD.replace("{linear: 2}", "linear:8"), "(write `linear: 8`)"),
    ("a call", GOOD.replace("adam", "adam(lr=0.1)"),
     "unknown optimizer 'adam(lr=0.1)'; did you mean 'adam'? (write {type: adam"),
    ("layers without dashes", GOOD.replace("[{linear: 2}]", "\n  linear: 2\n  relu:"),
     "3:3: model: expected a list of layers, found a mapping (begin each layer on a line of its own with '- ')"),
    ("one word for a list", GOOD + "metrics: accuracy",
     "metrics: expected a list or auto, found text 'accuracy' (write [accuracy])"),
    ("one word for a section", GOOD.replace("{source: xor}", "xor"),
     "data: expected a mapping, found text 'xor' (write {source: xor})"),
    ("a number for a section", GOOD + "trainer: {early_stopping: 3}",
     "found 3 (options: monitor, patience, min_delta)"),
    ("a percentage without its sign", GOOD.replace("{linear: 2}", "dropout: 50"), "found 50 (write 50% or 0.5)"),
    ("a no-break space", GOOD + "na\u00a0me: 3", "it holds U+00A0 (no-break space), which only looks like"),
    ("a bracket too many", "data: {source: xor}}\n", "1:20: unexpected '}' (remove it"),
    ("a comment of JSON", "{data: {source: xor} // c\n}", "(a comment begins with '#')"),
    ("a bracket open to the end", "model: [\n", "1:8: this '[' is not closed"),
    ("clip both", GOOD + "trainer: {clip: {norm: 1, value: 1}}",
     "trainer.clip: expected one of norm, value and adaptive"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in ONE], ids=[row[0] for row in ONE])
def test_one_mistake_gives_one_message_at_its_place(text, expected, tmp_path):
    found = mistakes(tmp_path, text)
    assert len(found) == 1, found
    assert expected in found[0]
    assert found[0].startswith(expected) or not expected[0].isdigit() or expected[1] != ":"
    assert not any(raw in found[0] for raw in RAW)


ACCEPTED = [
    ("C19", GOOD.replace("adam", "{type: adam, lr: 1e-3}")),
    ("C32", GOOD + "name: no\n"),
    ("C33", GOOD + "trainer: {shuffle: false}"),
    ("C49", "loss: &l mse\nname: *l\ndata: {source: xor}\nmodel: [{linear: 2}]\n"),
    ("C66 CRLF", GOOD.replace("\n", "\r\n")),
    ("C66 CR", GOOD.replace("\n", "\r").rstrip()),
    ("C66 byte order mark", "\ufeff" + GOOD),
    ("%YAML", "%YAML 1.2\n---\n" + GOOD + "...\n"),
    ("block text", GOOD + "name: >-\n  abc\n"),
    ("private characters", GOOD + "# \ue000\u2028\n"),
]


@pytest.mark.parametrize("text", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_accepted(text, tmp_path):
    assert mistakes(tmp_path, text) == []


@case("C80")
def test_all_mistakes_of_a_file_come_at_once_sorted_by_line(tmp_path):
    text = "seed: -1\ndata: {sauce: xor}\nmodel:\n  - liner: 3\n  - linear: x\nloss: mze\n"
    text += "optimizer: {type: adam, lr: 0}\n"
    lines = [message.split(":")[0] for message in mistakes(tmp_path, text, sets=["lr"])]
    assert lines == ["--set lr", "1", "2", "2", "4", "5", "6", "7"]


@case("C12")
def test_duplicate_key_does_not_hide_other_mistakes(tmp_path):
    assert len(mistakes(tmp_path, "seed: x\nseed: 2\n" + GOOD + "trainr: 1\n")) == 3


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
TOWER = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 900))


@pytest.mark.parametrize(("text", "words"), [
    (BOMB, "more than 100000 values"),
    (TOWER, "64:12: nested deeper than 64 levels"),
    ("[" * 500, "nested deeper"),
    ("a: " + "{a: " * 500, "nested deeper"),
    ("".join(" " * n + "a:\n" for n in range(500)), "65:65: nested deeper"),
    ("- " * 50_000, "nested deeper"),
    ("? " * 50_000, "nested deeper"),
    (b"x" * (MAX_BYTES + 1), "larger than 1 MiB"),
])  # fmt: skip
@case("C52", "C55", "C57")
def test_caps_hold_quickly_and_quote_nothing(text, words, tmp_path):
    (message,) = mistakes(tmp_path, text)
    assert words in message
    assert len(message) < 300


@case("C57")
def test_no_more_than_the_limit_and_one_byte_is_read():
    class Endless(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def read(self, size=-1):
            piece = b"x" * min(size, 65536)
            self.given += len(piece)
            return piece

    stream = Endless()
    with pytest.raises(ZenError, match="larger than 1 MiB"):
        load("-", stdin=stream)
    assert stream.given == MAX_BYTES + 1


@pytest.mark.parametrize("device", ["/dev/zero", "sparse"])
@case("C73")
def test_endless_files_are_refused_at_once(device, tmp_path):
    if device == "sparse":
        device = str(tmp_path / "sparse.yaml")
        with open(device, "wb") as file:
            file.truncate(1 << 40)
    with pytest.raises(ZenError, match="larger than 1 MiB"):
        load(device)


NAMES = ["../../x", "a/b", '""', ".", "..", "-rf", "x" * 300, '"a\\nb"', '"a\\0b"', "é", "a b", ".hidden"]


@pytest.mark.parametrize("name", NAMES)
@case("C71")
def test_a_name_that_is_no_safe_directory_name(name, tmp_path):
    (message,) = mistakes(tmp_path, GOOD + f"name: {name}\n")
    assert "cannot name a run" in message
    assert "letters, digits, '.', '_' and '-'" in message


FLAGS = [
    ("train.lr=abc", "--set train.lr=abc: train: unknown option; did you mean 'trainer'?"),
    ("nope=1", "--set nope=1: nope: unknown option"),
    ("lr", "--set lr: expected KEY=VALUE"),
    ("=1", "--set =1: not a key path: ''"),
    ("a..b=1", "not a key path"),
    ("model[x]=1", "not a key path"),
    ("model[0=1", "not a key path"),
    ("model[7].units=1", "--set model[7].units=1: model: has no item [7]; it has 1"),
    ("seed.x=1", "--set seed.x=1: seed: cannot hold 'x'"),
    ("loss[0]=1", "loss: is no list"),
    ("optimizer.lr=0,1", "--set optimizer.lr=0,1: optimizer.lr: expected a number > 0, found text '0,1'"),
    ("optimizer.lr=", "optimizer.lr: value missing"),
    ("trainer.clip={norm: 1", "--set trainer.clip={norm: 1: this '{' is not closed"),
    ("trainer={epochs: 0}", "--set trainer={epochs: 0}: trainer.epochs: must be >= 1, found 0"),
    ("name='../x'", "name: '../x' cannot name a run"),
]


@pytest.mark.parametrize(("flag", "expected"), FLAGS)
@case("C79")
def test_a_wrong_flag_is_named_with_its_text(flag, expected, tmp_path):
    (message,) = mistakes(tmp_path, GOOD + "seed: 1", sets=[flag])
    assert expected in message


def test_unset_names_what_is_not_there(tmp_path):
    assert "--unset seed: seed: there is nothing to unset" in mistakes(tmp_path, GOOD, unsets=["seed"])[0]
