"""One comparison of the usual three, run once for all tests that only look at it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.compare.race_helpers import protocol, run
from zen_cli.compare.phases import Judged, Phase
from zen_cli.compare.protocol import Protocol


class Usual(NamedTuple):
    protocol: Protocol
    judged: Judged
    phases: list[Phase]
    cache: Path


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Usual:
    folder = tmp_path_factory.mktemp("usual")
    it = protocol(folder)
    return Usual(it, *run(it, folder / "cache"), folder / "cache")


@pytest.fixture
def cache(usual: Usual, tmp_path: Path) -> Path:
    """A copy of where its runs are kept, to be changed."""
    return Path(shutil.copytree(usual.cache, tmp_path / "cache"))
