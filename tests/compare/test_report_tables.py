"""The result as other programs read it."""

import csv
import io
import json

import pytest

from tests.compare.report_helpers import broken, xor
from zen_cli.compare.report.tables import FORMATS, flat, formatted

SUMMARY = xor()[0]


def test_csv_has_a_row_an_optimizer_with_flat_names():
    rows = list(csv.DictReader(io.StringIO(formatted(SUMMARY, "csv"))))
    assert [row["label"] for row in rows] == [each["label"] for each in SUMMARY["optimisers"]]
    assert all(name.replace("_", "").isalnum() for name in rows[0])
    first = SUMMARY["optimisers"][0]
    assert float(rows[0]["gmean"]) == first["loss"]["gmean"] and float(rows[0]["ci_high"]) == first["loss"]["ci"][1]
    assert rows[0]["steps_to_1"] == str(first["to_target"][SUMMARY["targets"][0]["name"]]["steps_median"])


def test_the_baseline_has_no_rival():
    row = next(row for row in flat(SUMMARY) if row["label"] == SUMMARY["baseline"])
    assert row["verdict"] == "baseline" and row["ratio"] is None and row["p_holm"] is None


def test_tsv_keeps_its_columns_whatever_a_label_holds():
    summary = broken(xor(), "sgd", label="a\tb\nc")[0]
    lines = formatted(summary, "tsv").splitlines()
    assert len({line.count("\t") for line in lines}) == 1 and len(lines) == 4
    assert any(line.startswith("a\\tb\\nc\t") for line in lines)


def test_markdown_keeps_its_columns_whatever_a_label_holds():
    summary = broken(xor(), "sgd", label="a|b\n<script>")[0]
    lines = formatted(summary, "md").splitlines()
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1 and len(lines) == 5
    assert "<script>" not in "".join(lines).replace("\\<", "")


def test_json_is_the_whole_summary():
    found = json.loads(formatted(SUMMARY, "json"), parse_constant=pytest.fail)
    assert found == json.loads(json.dumps(SUMMARY))


@pytest.mark.parametrize("form", FORMATS)
def test_an_optimizer_that_always_failed_is_shown(form):
    text = formatted(broken(xor(), "sgd", "lost")[0], form)
    assert "lost" in text and "failed" in text and "nan" not in text.lower()


def test_an_unknown_form_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="xml"):
        formatted(SUMMARY, "xml")
