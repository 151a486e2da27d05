"""Writes what is generated anew: `python -m tests.make_readme`. Tests check that it is current.

Parts of README.md, zen.schema.json and the index for completion.
"""

from pathlib import Path

from tests.make_index import INDEX, index_text
from zen_cli.catalogue import REGISTRIES, Entry, default_text, entries
from zen_cli.config import comparison
from zen_cli.config import sections as of
from zen_cli.json_schema import schema_text
from zen_cli.registry import Option, options_of

README = Path(__file__).parent.parent / "README.md"
SCHEMA = README.with_name("zen.schema.json")
SECTIONS = {
    "(top level)": of.Config, "data": of.Data, "data.text": of.Text, "data.series": of.Series,
    "data.split": of.Split, "model": of.Model, "trainer": of.Trainer,
    "trainer.clip": of.Clip, "trainer.early_stopping": of.EarlyStopping, "compare": comparison.Compare,
    "compare.budget": comparison.Budget, "compare.seeds": comparison.Seeds, "compare.metric": comparison.Judge,
    "compare.pairing": comparison.Pairing, "compare.tune": comparison.Tune,
    "compare.stats": comparison.Stats, "compare.timing": comparison.Timing,
}  # fmt: skip


def catalogue() -> str:
    """A table for each kind: name, formula, options with defaults, example."""
    parts = []
    for kind in REGISTRIES:
        rows = [f"| `{e.name}` {_also(e)}| {_cell(e.summary)} | {_options(e.options)} |" for e in entries(kind)]
        head = [f"### {kind.capitalize()}", "", *_common(kind)]
        head += ["| name | what it computes | options and defaults |", "|---|---|---|"]
        parts.append("\n".join([*head, *rows]))
    return "\n\n".join(parts)


def _common(kind: str) -> list[str]:
    """What all of a kind take, said once."""
    shared = {it.name: it.help for e in entries(kind) for it in e.options if it.common}
    said = [f"- `{name}`: {help}" for name, help in shared.items()]
    return ["All of them also take:", "", *said, ""] if said else []


def options() -> str:
    """A table of every option of every section of a config."""
    rows = ["| section | option | default | meaning |", "|---|---|---|---|"]
    for section, cls in SECTIONS.items():
        for it in options_of(cls):
            default = default_text(it) if isinstance(it.default, (str, int, float, bool)) or it.required else ""
            rows.append(f"| {section} | `{it.name}` | {default} | {_cell(it.help)} |")
    return "\n".join(rows)


GENERATED = {"catalogue": catalogue, "options": options}


def regenerated(text: str) -> str:
    """The README with its generated parts made anew."""
    for name, make in GENERATED.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        assert found, f"README.md has no {begin.strip()} ... {end}"
        text = f"{before}{begin}{make()}\n{end}{after}"
    return text


def _also(entry: Entry) -> str:
    return f"({', '.join(entry.aliases)}) " if entry.aliases else ""


def _options(options: tuple[Option, ...]) -> str:
    own = [it for it in options if not it.common]
    return ", ".join(f"`{it.name}`: {default_text(it) or 'none'}" for it in own) or "–"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    README.write_text(regenerated(README.read_text("utf-8")), "utf-8")
    SCHEMA.write_text(schema_text(), "utf-8")
    INDEX.write_text(index_text(), "utf-8")
