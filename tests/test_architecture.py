"""Imports point down only, each outside package has one home, and nothing below the commands talks to the world."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(ROOT.glob("zen_cli/**/*.py"))
LONGEST = 250
ORDER = (  # from the top; a package may import those below it and those beside it
    {"main", "__main__", "cli"}, {"display", "runs", "compare", "sweep"}, {"training", "jobs"},
    {"experiment", "parts", "resolved", "catalogue", "origin", "json_schema", "starter"}, {"problems"},
    {"config", "data", "metrics", "export"}, {"nn"}, {"compiler"}, {"registry", "suggest", "errors", "__init__"},
)
LEVEL = {package: level for level, packages in enumerate(ORDER) for package in packages}
ONLY_IN = {"rich": "display", "yaml": "config", "typer": "cli", "click": "cli", "random": None}
PURE = ("nn", "compiler")
IMPURE_MODULES = {"os", "time", "datetime", "pathlib"}
IMPURE_CALLS = {"print", "open", "input"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "BitGenerator", "PCG64", "PCG64DXSM", "Philox", "SFC64",
          "RandomState"}  # fmt: skip


def imported(tree):
    """Every module that is imported, wherever the statement stands; `from a import b` gives a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names)


def faults(package, source):
    """What in `source`, a file of zen_cli's `package`, breaks the order of the house."""
    tree = ast.parse(source)
    for name in imported(tree):
        top, *rest = name.split(".")
        if not top:
            yield f"relative import {name}"
        elif top == "zen_cli":
            target = rest[0] if rest and rest[0] in LEVEL else "__init__"
            if rest and target == "__init__" and rest[0] != "__version__":
                yield f"{name} has no place in the order"
            if LEVEL[target] < LEVEL[package]:
                yield f"{package} imports {name}, which stands above it"
        elif package != ONLY_IN.get(top, package) or (package in PURE and top in IMPURE_MODULES):
            yield f"{package} imports {top}"
        elif name.startswith("numpy.random.") and rest[-1] not in SEEDED:
            yield f"{name} draws from global state"
    for node in ast.walk(tree):
        text = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Call) else ""
        if text.startswith(("np.random.", "numpy.random.")) and text.split(".")[2].split("(")[0] not in SEEDED:
            yield f"{text} draws from global state"
        if isinstance(node, ast.Call) and text.endswith(("default_rng()", "RandomState()")):
            yield f"{text} cannot be repeated"
        if package in PURE and isinstance(node, ast.Call) and ast.unparse(node.func) in IMPURE_CALLS:
            yield f"{package} calls {text}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_keeps_the_order_of_the_house(path):
    package = path.relative_to(ROOT / "zen_cli").parts[0].removesuffix(".py")
    source = path.read_text(encoding="utf-8")
    assert package in LEVEL, f"give {package} its place in ORDER"
    assert not list(faults(package, source))
    assert source.count("\n") <= LONGEST or "made by `python" in source.partition("\n")[0], "more than one concept?"


def test_typer_is_imported_where_it_is_asked_and_nowhere_else():
    """Commands declare with `zen_cli.cli.arguments`, which costs no import; `commands.py` lists them."""
    found = [path.name for path in FILES if "typer" in imported(ast.parse(path.read_text(encoding="utf-8")))]
    assert found == ["app.py"]


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("nn", "def f():\n    from zen_cli.config.text import parse"),
        ("errors", "import zen_cli.registry, zen_cli.compiler"),
        ("data", "from zen_cli import training"),
        ("data", "from zen_cli.nowhere import x"),
        ("data", "from . import table"),
        ("cli", "from rich.table import Table"),
        ("data", "import yaml"),
        ("training", "import typer"),
        ("data", "import random"),
        ("compiler", "import time"),
        ("nn", "print('here')"),
        ("compiler", "open('weights')"),
        ("data", "import numpy as np\nx = np.random.rand(3)"),
        ("data", "import numpy as np\nnp.random.seed(0)"),
        ("data", "from numpy.random import shuffle"),
        ("problems", "import numpy as np\nrng = np.random.RandomState()"),
        ("data", "import numpy as np\nrng = np.random.default_rng()"),
    ],
)
def test_the_check_finds(package, source):
    assert list(faults(package, source))


def test_the_check_lets_pass():
    allowed = """
        from zen_cli import __version__
        from zen_cli.config.sections import Data
        from numpy.random import Generator
        import numpy as np
        rng = np.random.default_rng(np.random.SeedSequence(0))
        rng.random()
        open("a file")
    """
    assert not list(faults("data", "\n".join(line.strip() for line in allowed.splitlines())))
