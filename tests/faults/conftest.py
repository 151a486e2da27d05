"""Every test has a directory of its own to run in."""

from tests.cli.conftest import own_directory  # noqa: F401
