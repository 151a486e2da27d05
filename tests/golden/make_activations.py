"""Writes activations.npz: the value of each activation, and its vector-Jacobian product with a fixed vector.

The input holds +-1000 and values near zero, but not zero itself, where relu and selu have no derivative.

Arrays: `input` (8, 6), `vector` (8, 6), and for each case `case.value` and `case.product`, both (8, 6).
"""

from typing import Any

import numpy as np

from tests.golden import About, Arrays, write

# case: (torch.nn.functional's name, options)
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "sigmoid": ("sigmoid", {}),
    "tanh": ("tanh", {}),
    "relu": ("relu", {}),
    "leaky_relu": ("leaky_relu", {"negative_slope": 0.01}),
    "elu": ("elu", {"alpha": 1.0}),
    "selu": ("selu", {}),
    "gelu": ("gelu", {"approximate": "tanh"}),
    "silu": ("silu", {}),
    # torch drops exp(-x) above x = 20, an error of 2e-9; above 40 it is below the last bit
    "softplus": ("softplus", {"threshold": 40.0}),
    "softmax": ("softmax", {"dim": -1}),
}


def inputs() -> Arrays:
    rng = np.random.default_rng(22)
    values = 2 * rng.standard_normal((8, 6))
    values[5] = [1000, -1000, 1e-9, -1e-9, 15, -15]
    values[6] = [-1000, 1000, 1000, 1000, -1000, 1000]
    values[7] = [30, -30, 0.5, -0.5, 5, -5]
    return {"input": values, "vector": rng.standard_normal((8, 6))}


def evaluate(function: str, values: np.ndarray, vector: np.ndarray, options: dict[str, Any]) -> Arrays:
    import torch

    leaf = torch.tensor(values, requires_grad=True)
    result = getattr(torch.nn.functional, function)(leaf, **options)
    result.backward(torch.tensor(vector))
    return {"value": result.detach().numpy(), "product": leaf.grad.numpy()}


def make() -> tuple[About, Arrays]:
    import torch

    arrays = inputs()
    cases = {}
    for name, (function, options) in CASES.items():
        cases[name] = {"torch": function, "options": options}
        results = evaluate(function, arrays["input"], arrays["vector"], options)
        arrays |= {f"{name}.{key}": result for key, result in results.items()}
    return {"torch": torch.__version__, "cases": cases}, arrays


if __name__ == "__main__":
    write("activations", *make())
