"""One BLAS thread, set before NumPy is imported, and the tables that are printed after the benchmarks.

`pytest tests/benchmarks -m benchmark [--table FILE] [--seconds 10]`
"""

import os
from pathlib import Path
from typing import Any

import pytest

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

RESULTS = pytest.StashKey[dict[str, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("benchmarks")
    group.addoption("--table", metavar="FILE", help="also write the tables of the benchmarks to FILE")
    group.addoption("--seconds", type=float, default=10.0, help="seconds for each net (default 10)")


@pytest.fixture(scope="session")
def seconds(pytestconfig: pytest.Config) -> float:
    return float(pytestconfig.getoption("--seconds", 10.0))


@pytest.fixture(scope="session")
def results(pytestconfig: pytest.Config) -> dict[str, Any]:
    """Timings by net, then by peer; what is put in here is printed at the end."""
    return pytestconfig.stash.setdefault(RESULTS, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not (measured := config.stash.get(RESULTS, {})):
        return
    from tests.benchmarks.report import report

    text = report(measured)
    terminalreporter.write_line("\n" + text)
    if path := config.getoption("--table", None):
        Path(path).write_text(text + "\n", encoding="utf-8")
