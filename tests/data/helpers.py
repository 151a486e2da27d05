"""Writing small sources and reading them as a config would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from zen_cli.config.sections import Data
from zen_cli.data.dataset import Dataset
from zen_cli.data.load import load
from zen_cli.errors import Exit, Place, ZenError

CONFIG = Place("c.yaml", 3, 1, "data")
DATASETS = Path(__file__).parents[2] / "datasets"


def read(path: Path | str | list[str], task: Any = None, stdin: Any = None, **options: Any) -> Dataset:
    """Loads a source with the options of the section `data`."""
    source = path if isinstance(path, list) else str(path)
    return load(Data(source=source, **options), CONFIG, task=task, stdin=stdin)


def read_text(tmp_path: Path, text: str | bytes, task: Any = None, **options: Any) -> Dataset:
    """Loads a table of this text, named data.csv."""
    path = tmp_path / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, task, **options)


def refused(call: Any, code: Exit = Exit.FILES) -> ZenError:
    """The error that a call raises, whose exit code must be `code`."""
    with pytest.raises(ZenError) as caught:
        call()
    assert caught.value.code == code, f"{caught.value} ends with {caught.value.code!r}"
    return caught.value
