"""One BLAS thread for all tests, as zen itself takes: set before NumPy is imported, since BLAS reads it once."""

from collections import Counter

import pytest

from zen_cli.cli.options import use_threads

use_threads(1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have counted by `record_property`, all in all."""
    counted = Counter[str]()
    for report in terminalreporter.getreports("passed"):
        counted.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    if counted:
        terminalreporter.write_line(", ".join(f"{name}: {number}" for name, number in counted.items()))
