"""zen sample, and what the other commands do with models of texts and of series."""

from pathlib import Path

import pytest

from tests.cli.helpers import done, shell, train, write, zen

TEXT = "abcd" * 60
WRITER = """
data: {source: a.txt, text: {context: 8}, split: {test: 0.2}}
model: [embedding: 8, {rnn: 16}, output]
optimizer: {type: adam, lr: 0.03}
trainer: {epochs: 60, batch_size: 8}
"""
NAMES = "name,kind\n" + "".join(f"{first}{rest},{kind}\n" for first, kind in (("A", "x"), ("B", "y"))
                                for rest in ("na", "nna", "bel", "lla", "mi")) * 3  # fmt: skip
REFUSED = {
    "--prompt xyz": "--prompt: character 'x' is not among the 4 that the net knows",
    "--temperature -1": "--temperature", "--top-k 0": "--top-k",
}  # fmt: skip


@pytest.fixture
def writer() -> Path:
    write("a.txt", TEXT)
    return train(write("writer.yaml", WRITER))


def namer(*more: str) -> str:
    write("names.csv", NAMES)
    config = WRITER.replace("a.txt, text: {context: 8}", "names.csv, text: {column: name}")
    done("train", write("namer.yaml", config), *more, "-q")
    return "runs/namer"


def test_a_model_writes_on_from_a_prompt_and_the_same_seed_writes_the_same(writer: Path) -> None:
    assert done("sample", str(writer), "--prompt", "ab", "-n", "10", "-t", "0").out == "abcdabcdabcd\n"
    texts = [done("sample", str(writer), "--seed", seed, "-t", "9", "-n", "40").out for seed in "112"]
    assert texts[0] == texts[1] != texts[2]


def test_several_texts_end_by_themselves(tmp_path: Path) -> None:
    run = namer()
    lines = done("sample", str(run), "--count", "20").out.splitlines()
    assert len(lines) == 20 and {len(line) for line in lines} <= set(range(7)) and len(set(lines)) > 3
    assert done("sample", str(run), "--prompt", "Ann", "-t", "0").out.startswith("Ann")


def test_the_net_of_a_seed_writes() -> None:
    run = namer("--seeds", "2", "--set", "trainer.epochs=2")
    assert zen("sample", str(run)).code == 2
    assert done("sample", str(run), "--net", "1").out


def test_what_cannot_be_asked_is_refused(writer: Path) -> None:
    for arguments, words in REFUSED.items():
        result = zen("sample", str(writer), *arguments.split())
        assert (result.code, result.out) == (2, "") and words in result.err


def test_a_closed_pipe_ends_it_silently(writer: Path) -> None:
    result = shell(f"zen sample {writer} -n 100000 | head -c 5 > /dev/null; echo ${{PIPESTATUS[0]}}")
    assert (result.out, result.err) == ("141\n", "")


def test_a_model_of_a_text_is_measured_on_any_text_and_predicts_no_rows(writer: Path) -> None:
    write("b.txt", "abcdabcdabcd")
    assert done("evaluate", str(writer), "--data", "b.txt", "--json").json["data"]["perplexity"] < 1.2
    assert done("evaluate", str(writer), "--json").json.keys() == {"train", "test"}
    for arguments in (("predict", str(writer), "-i", "b.txt"), ("evaluate", str(writer), "--worst", "3")):
        result = zen(*arguments)
        assert (result.code, result.out) == (2, "")
    assert "zen sample" in zen("predict", str(writer), "-i", "b.txt").err


def test_a_class_is_predicted_from_a_text(tmp_path: Path) -> None:
    run = namer("--set", "data.target=kind", "--set", "model[1].last=true")
    assert zen("sample", str(run)).code == 2
    found = done("predict", str(run), "--keep", "name", stdin=b"name\nAnna\nBnna\n").out.splitlines()
    assert found == ["name,kind", "Anna,x", "Bnna,y"]
    assert done("evaluate", str(run), "--worst", "2").code == 0


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("{attention: 2}", "model[1]: looks ahead at the characters that are to be predicted"),
        ("{transformer_block: 2}", "model[1]: looks ahead"),
        ("{lstm: {units: 4, bidirectional: true}}", "model[1]: reads from the end"),
        ("{over_time: mean}", "needs [8, 4]"),
    ],
)
def test_a_net_that_would_see_what_it_is_to_predict_is_refused(layer: str, words: str) -> None:
    write("a.txt", TEXT)
    result = zen("check", write("c.yaml", WRITER.replace("{rnn: 16}", layer)))
    assert result.code == 2 and words in result.err


def test_texts_have_cross_entropy_and_metrics_that_are_means() -> None:
    write("a.txt", TEXT)
    write("c.yaml", WRITER)
    assert "use loss: cross_entropy" in zen("check", "c.yaml", "--set", "loss=mse").err
    assert "f1 needs all predictions" in zen("check", "c.yaml", "--set", "metrics=[f1]").err
    assert zen("check", "c.yaml", "--set", "metrics=[log_loss, top_k]").code == 0
    assert "takes numbers, found symbols" in zen("check", "c.yaml", "--set", "model[0]=relu").err


def test_a_forecast_is_given_for_every_window_and_the_last_looks_ahead() -> None:
    write("s.csv", "x\n" + "".join(f"{i % 4}\n" for i in range(80)))
    config = """
    data: {source: s.csv, series: {column: x, window: 4}, split: {test: 0.2}}
    model: [flatten, linear: 16, tanh, output]
    optimizer: {type: adam, lr: 0.02}
    trainer: {epochs: 150}
    metrics: [rmse]
    """
    run = train(write("s.yaml", config))
    assert done("evaluate", str(run), "--json").json["test"]["rmse"] < 0.2
    lines = done("predict", str(run), stdin=b"x\n0\n1\n2\n3\n0\n").out.splitlines()
    assert [lines[0], *(str(round(float(line))) for line in lines[1:])] == ["x", "0", "1"]


def test_replicas_train_on_filled_rows_as_if_alone() -> None:
    found = []
    for how, which in ((("--seeds", "2"), ("--seed", "1")), (("--seed", "1"), ())):
        run = namer(*how, "--set", "trainer.epochs=2")
        found.append(done("evaluate", run, *which, "--json").json)
    assert found[0] == found[1]


def test_explain_and_check_know_sequences(writer: Path) -> None:
    script = done("explain", "writer.yaml").out
    assert "for i in range(8):" in script and "for i_2 in reversed(range(8)):" in script
    assert "gradient   agrees" in done("check", "writer.yaml").out
