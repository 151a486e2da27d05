"""Numbers that PyTorch computed in float64, kept so that the suite needs no PyTorch to compare with it.

Each `NAME.npz` holds arrays and, under "about", a JSON text: the torch version and what each case is.
Each is written by its script: `python -m tests.golden.make_NAME`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
About = dict[str, Any]
Arrays = dict[str, np.ndarray]


def read(name: str) -> tuple[About, Arrays]:
    """What the file is about (`about["cases"]` by name, `about["torch"]`) and its arrays by name."""
    with np.load(HERE / f"{name}.npz", allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    return json.loads(str(arrays.pop("about"))), arrays


def write(name: str, about: About, arrays: Arrays) -> None:
    np.savez_compressed(HERE / f"{name}.npz", about=np.array(json.dumps(about)), **arrays)
