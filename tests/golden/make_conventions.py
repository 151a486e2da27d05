"""Writes conventions.npz: sixty steps of Keras' and optax' optimizers by their own defaults, with given gradients.

Needs `pip install keras optax jax`, and KERAS_BACKEND=jax and JAX_ENABLE_X64=1 in the environment.
The gradients are those of make_optimizers; from the 31st step on the rate is a tenth, which is where it matters
whether it stands inside the momentum. optax has no default of the rate: it is given.

Arrays: `start` (12,), `gradients` (60, 12), `factors` (60,), and by the name of each case (60, 12): the parameters
after each step; of cases that see a matrix (60, 3, 4).
"""

from typing import Any

import numpy as np

from tests.golden import About, Arrays, write
from tests.golden.make_optimizers import STEPS, stream

FACTORS = np.where(np.arange(STEPS) < STEPS // 2, 1.0, 0.1)
# case: (zen's name, zen's options beside the preset, Keras' class, its options)
KERAS: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "sgd": ("sgd", {}, "SGD", {}),
    "sgd_weight_decay": ("sgd", {"weight_decay": 0.1}, "SGD", {"weight_decay": 0.1}),
    "momentum": ("momentum", {}, "SGD", {"momentum": 0.9}),
    "nesterov": ("nesterov", {"weight_decay": 0.1}, "SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    "rmsprop": ("rmsprop", {}, "RMSprop", {}),
    "rmsprop_centered": ("rmsprop", {"centered": True}, "RMSprop", {"centered": True}),
    "rmsprop_momentum": (
        "rmsprop", {"momentum": 0.9, "weight_decay": 0.1}, "RMSprop", {"momentum": 0.9, "weight_decay": 0.1},
    ),
    "adam": ("adam", {}, "Adam", {}),
    "adam_amsgrad": ("adam", {"amsgrad": True, "weight_decay": 0.1}, "Adam", {"amsgrad": True, "weight_decay": 0.1}),
    "adamw": ("adamw", {}, "AdamW", {}),
    "adagrad": ("adagrad", {"weight_decay": 0.1}, "Adagrad", {"weight_decay": 0.1}),
    "adadelta": ("adadelta", {"weight_decay": 0.1}, "Adadelta", {"weight_decay": 0.1}),
    "adamax": ("adamax", {"weight_decay": 0.1}, "Adamax", {"weight_decay": 0.1}),
    "nadam": ("nadam", {"weight_decay": 0.1}, "Nadam", {"weight_decay": 0.1}),
    "lion": ("lion", {"weight_decay": 0.1}, "Lion", {"weight_decay": 0.1}),
    "lamb": ("lamb", {}, "Lamb", {}),
}  # fmt: skip
# case: (zen's name, zen's options beside the preset, optax' function, its options)
OPTAX: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "sgd": ("sgd", {"lr": 0.1}, "sgd", {}),
    "momentum": ("momentum", {"lr": 0.1}, "sgd", {"momentum": 0.9}),
    "nesterov": ("nesterov", {"lr": 0.1}, "sgd", {"momentum": 0.9, "nesterov": True}),
    "rmsprop": ("rmsprop", {"lr": 0.01}, "rmsprop", {}),
    "rmsprop_centered": ("rmsprop", {"lr": 0.01, "centered": True}, "rmsprop", {"centered": True}),
    "rmsprop_momentum": ("rmsprop", {"lr": 0.01, "momentum": 0.9}, "rmsprop", {"momentum": 0.9}),
    "adam": ("adam", {"lr": 0.001}, "adam", {}),
    "adam_amsgrad": ("adam", {"lr": 0.001, "amsgrad": True}, "amsgrad", {}),
    "adamw": ("adamw", {"lr": 0.001}, "adamw", {}),
    "adagrad": ("adagrad", {"lr": 0.01}, "adagrad", {}),
    "adadelta": ("adadelta", {"lr": 1.0}, "adadelta", {}),
    "adamax": ("adamax", {"lr": 0.002}, "adamax", {}),
    "nadam": ("nadam", {"lr": 0.002}, "nadam", {}),
    "lion": ("lion", {"lr": 0.0001}, "lion", {}),
    "lamb": ("lamb", {"lr": 0.001}, "lamb", {}),
}


def keras_walk(kind: str, options: dict[str, Any], start: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    import keras

    variable = keras.Variable(start, dtype="float64")
    optimizer = getattr(keras.optimizers, kind)(**options)
    rate, visited = float(optimizer.learning_rate), []
    for gradient, factor in zip(gradients, FACTORS, strict=True):
        optimizer.learning_rate = rate * factor
        optimizer.apply([keras.ops.convert_to_tensor(gradient, "float64")], [variable])
        visited.append(np.array(variable.value))
    return np.array(visited)


def optax_walk(
    kind: str, options: dict[str, Any], lr: float, start: np.ndarray, gradients: np.ndarray
) -> np.ndarray:  # fmt: skip
    import jax.numpy as jnp
    import optax

    optimizer = getattr(optax, kind)(lambda count: jnp.asarray(lr * FACTORS)[count], **options)
    p = jnp.asarray(start)
    state, visited = optimizer.init(p), []
    for gradient in gradients:
        updates, state = optimizer.update(jnp.asarray(gradient), state, p)
        p = optax.apply_updates(p, updates)
        visited.append(np.asarray(p))
    return np.array(visited)


def make() -> tuple[About, Arrays]:
    import keras
    import optax

    keras.config.set_floatx("float64")
    start, gradients = stream()
    cases, arrays = {}, {}
    for preset, table in (("keras", KERAS), ("optax", OPTAX)):
        for case, (own, ours, kind, theirs) in table.items():
            shape = (3, 4) if own == "lamb" else (12,)
            given = start.reshape(shape), gradients.reshape(-1, *shape)
            cases[f"{preset}_{case}"] = {"optimizer": own, "options": {"preset": preset, **ours}}
            arrays[f"{preset}_{case}"] = (
                keras_walk(kind, theirs, *given) if preset == "keras" else optax_walk(kind, theirs, ours["lr"], *given)
            )
    about = {"keras": keras.__version__, "optax": optax.__version__, "cases": cases}
    return about, {"start": start, "gradients": gradients, "factors": FACTORS, **arrays}


if __name__ == "__main__":
    write("conventions", *make())
