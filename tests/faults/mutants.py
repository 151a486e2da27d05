"""`python -m tests.faults.mutants optimizers|checkpoints [--sample N] [FILE...]`: how many mutants their tests notice.

Each mutant is zen_cli/nn/optimizers, or what reads and writes checkpoints, with one operator, number, comparison or
truth value changed. It is killed if a test fails, or all take longer than a minute. Prints the survivors, and
killed / all. Help texts are left alone.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.abc
import importlib.machinery
import io
import os
import random
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


class Subject(NamedTuple):
    """What is changed: modules of a package, all of them if none is named; and the tests that shall notice."""

    package: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    only: str = ""

    @property
    def folder(self) -> Path:
        return ROOT / self.package.replace(".", "/")


SUBJECTS = {
    "optimizers": Subject(
        "zen_cli.nn.optimizers", (),
        (
            "nn/test_golden.py", "nn/test_conventions.py", "nn/test_optimizers.py", "nn/test_adam.py",
            "nn/test_schedule_free.py", "nn/test_several_gradients.py", "nn/test_groups.py", "nn/test_clipping.py",
            "training/test_average.py",
        ),
        "not loss and not activation and not sequence",
    ),
    "checkpoints": Subject(
        "zen_cli.runs", ("checkpoint", "files", "metrics_file", "newest", "record", "restore", "resume", "safetensors"),
        (
            "runs/test_checkpoint.py", "runs/test_safetensors.py", "runs/test_record.py", "runs/test_metrics_file.py",
            "faults/test_checkpoint_cases.py", "cli/test_resume.py", "faults/test_disk.py",
        ),
    ),
}  # fmt: skip
LONGEST = 60  # seconds
SWAPS: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.And: ast.Or, ast.Or: ast.And, ast.USub: ast.UAdd,
}  # fmt: skip
NAMES = {"maximum": "minimum", "minimum": "maximum", "min": "max", "max": "min"}


class Mutant(NamedTuple):
    subject: Subject
    file: Path
    line: int
    what: str
    source: str


def mutants(subject: Subject, file: Path) -> Iterator[Mutant]:
    """Every change of one file."""
    text = file.read_text(encoding="utf-8")
    count = sum(1 for _ in _sites(ast.parse(text)))
    for i in range(count):
        tree = ast.parse(text)
        node, field, new = list(_sites(tree))[i]
        before = ast.unparse(node)
        setattr(node, field, new)
        yield Mutant(subject, file, node.lineno, f"{before}  ->  {ast.unparse(node)}", ast.unparse(tree))


def _sites(tree: ast.AST) -> Iterator[tuple[Any, str, Any]]:
    """Where something can be changed: the node, its field and the new value."""
    for node in _worth_changing(tree):
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp) and type(node.op) in SWAPS:
            yield node, "op", SWAPS[type(node.op)]()
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            yield node, "ops", [SWAPS[type(node.ops[0])](), *node.ops[1:]]
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield node, "value", not node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield node, "value", node.value + 1 if node.value in (0, 1) else node.value * 2
        elif isinstance(node, ast.Name) and node.id in NAMES:
            yield node, "id", NAMES[node.id]


def _worth_changing(node: ast.AST) -> Iterator[ast.AST]:
    """All but annotations, and imports for a type checker."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns") and not (isinstance(node, ast.If) and _for_types(node)):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _worth_changing(child)


def _for_types(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


class Replaced(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the mutant in place of its file."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        stem, self.package = mutant.file.stem, mutant.subject.package
        self.name = self.package if stem == "__init__" else f"{self.package}.{stem}"

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        whole = name == self.package
        if name != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=str(self.mutant.file), is_package=whole)
        spec.has_location = True
        if whole:
            spec.submodule_search_locations = [str(self.mutant.subject.folder)]
        return spec

    def exec_module(self, module: Any) -> None:
        exec(compile(self.mutant.source, str(self.mutant.file), "exec"), vars(module))


def killed(mutant: Mutant) -> bool:
    """Whether a test fails, in a process of its own that has what does not change."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
        sys.meta_path.insert(0, Replaced(mutant))
        os._exit(1 if _tests_fail(mutant.subject) else 0)
    _, status = os.waitpid(child, 0)
    return status != 0


def _tests_fail(subject: Subject) -> bool:
    import pytest

    files = [*(str(ROOT / "tests" / name) for name in subject.tests), str(subject.folder)]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-k", subject.only, *files]) != 0


def main() -> None:
    import numpy  # noqa: F401  # here, so that no child needs to
    import pytest  # noqa: F401

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("--sample", type=int, default=0, help="so many of them, drawn from seed 0")
    parser.add_argument("files", nargs="*", help="names of modules, such as adam; default: all")
    given = parser.parse_args()
    subject = SUBJECTS[given.subject]
    names = given.files or subject.modules or sorted(file.stem for file in subject.folder.glob("*.py"))
    found = [mutant for name in names for mutant in mutants(subject, subject.folder / f"{name}.py")]
    if 0 < given.sample < len(found):
        found = random.Random(0).sample(found, given.sample)
    if _fails_untouched(found[0]):
        sys.exit("the tests fail as it is")
    count = 0
    for mutant in found:
        if killed(mutant):
            count += 1
        else:
            sys.stdout.write(f"survived: {mutant.file.name}:{mutant.line}: {mutant.what}\n")
            sys.stdout.flush()
    sys.stdout.write(f"killed {count} of {len(found)}: {count / len(found):.1%}\n")


def _fails_untouched(mutant: Mutant) -> bool:
    return killed(mutant._replace(source=mutant.file.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
