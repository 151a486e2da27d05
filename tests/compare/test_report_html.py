"""The page is whole, harmless, small, and tells the verdict first."""

from html import escape
from html.parser import HTMLParser

import pytest

from tests.compare.report_helpers import broken, many, xor
from zen_cli.compare.report.files import texts
from zen_cli.compare.report.markdown import report_md

EMPTY = {"meta", "input"}
HOSTILE = ["<script>alert(1)</script>[/red]`|*_[x](y)", '" onmouseover="alert(1)', "a\x1b[31mb\x00</style>\u202eevil",
           "x" * 300]  # fmt: skip


class Page(HTMLParser):
    """Checks that elements close in order; keeps tags, attributes and text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.attributes, self.texts, self.ids = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def html(parts):
    return texts(*parts)["report.html"]


def test_it_is_well_formed_with_each_id_once():
    page = Page(html(xor()))
    assert page.tags.count("html") == page.tags.count("body") == page.tags.count("table") == 1
    assert len(page.ids) == len(set(page.ids))


def test_it_fetches_nothing():
    text = html(xor())
    page = Page(text)
    assert not {"link", "img", "iframe", "object", "image", "use", "base"} & set(page.tags)
    assert not {"src", "href", "xlink:href", "action"} & {name for name, _ in page.attributes}
    assert "http:" not in text and "https:" not in text and "//" not in text and "url(" not in text
    assert "@import" not in text and "default-src 'none'" in text


def test_it_has_one_short_script_and_reads_without():
    text = html(xor())
    script = text.partition("<script>")[2].partition("</script>")[0]
    assert text.count("<script") == 1 and 0 < script.count("\n") <= 14
    assert "document.write" not in text and "innerHTML" not in script


def test_the_verdict_comes_first_then_table_figures_warnings_protocol():
    summary = xor()[0]
    text = html(xor())
    body = text.partition("<body>")[2]
    verdict, table = escape(summary["sentence"]), '<table class="sortable">'
    parts = [verdict, table, 'id="curves"', 'id="sensitivity"', "Warnings</h2>", "Protocol</h2>", "<details>"]
    places = [body.index(part) for part in parts]
    assert places == sorted(places)


def test_it_is_small_for_ten_optimizers():
    assert len(html(many(xor(), 10)).encode()) < 300_000


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_label_is_only_text(label):
    parts = broken(xor(), "sgd", label)
    parts[0]["sentence"] = f"{label} loses"
    parts[0]["warnings"] = [{"id": "G6", "optimiser": label, "text": f"{label} failed"}]
    parts[0]["name"] = label
    text = html(parts)
    page = Page(text)
    assert page.tags.count("script") == 1 and page.tags.count("style") == 1
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert "\x1b" not in text and "\x00" not in text and "\u202e" not in text
    markdown = texts(*parts)["report.md"]
    prose = markdown.partition("\n```")[0].replace("\\<", "")
    assert "\x1b" not in markdown and "<" not in prose


def test_light_and_dark_name_the_same_colours():
    text = html(xor())
    light, dark = (text.partition(start)[2].partition("}")[0] for start in (":root{", "dark){:root{"))
    names = [{part.split(":")[0].strip() for part in each.split(";") if "--c" in part} for each in (light, dark)]
    assert names[0] == names[1] and len(names[0]) == 8


def test_an_optimizer_that_always_failed_is_told_of():
    page = Page(html(broken(xor(), "sgd", "lost")).partition("<script>")[0] + "</body></html>")
    said = " ".join(page.texts)
    assert "lost" in said and "✕ failed" in said and "0/8" in said and "nan" not in said.lower()


@pytest.mark.parametrize("label", ["adam", "rmsprop"])
def test_a_failed_baseline_breaks_nothing(label):
    Page(html(broken(xor(), label, "lost") if xor()[0]["baseline"] != label else _lost_baseline(label)))


def _lost_baseline(label):
    parts = broken(xor(), label, "lost")
    parts[0]["baseline"] = "lost"
    return parts


def test_without_timing_tuning_targets_and_validation_it_still_stands():
    summary, runs, curves, _ = xor()
    bare = {**summary, "targets": [], "warnings": [], "pairing": None, "env": {}, "optimisers": [
        {**each, "cost": None, "lr": {}, "success": None, "to_target": {}, "budget_curve": None, "warnings": []}
        for each in summary["optimisers"]
    ]}  # fmt: skip
    page = Page(html((bare, runs, curves, [])))
    assert "by-seconds" not in page.ids
    assert "## Warnings" not in report_md(bare)


def test_ratios_in_words():
    text = " ".join(Page(html(xor())).texts)
    assert "×" in text and "8/8" in text


def test_the_table_sorts_by_numbers():
    keys = [value for name, value in Page(html(xor())).attributes if name == "data-key"]
    rates = [repr(each["hp"]["lr"]) for each in xor()[0]["optimisers"]]
    assert set(rates) <= set(keys)
