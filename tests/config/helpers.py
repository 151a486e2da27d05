"""Registries as small as a test needs, and a config judged the way `experiment` does it."""

from pathlib import Path

from zen_cli.config.component import build
from zen_cli.config.load import load
from zen_cli.config.sections import Config
from zen_cli.errors import ZenError
from zen_cli.registry import Registry, option

initializers = Registry("initializer")
layers = Registry("layer")
losses = Registry("loss")
optimizers = Registry("optimizer")


class Initializer:
    registry = initializers


class Layer:
    registry = layers


@initializers.register("he_normal", main="gain")
class HeNormal(Initializer):
    gain: float = option(1.0, "scale", above=0)


@layers.register("linear", "dense", main="units")
class Linear(Layer):
    units: int = option(help="outputs", low=1)
    init: Initializer | None = option(None, "how weights begin")
    bias: bool = option(True, "adds a vector")


@layers.register("relu")
class Relu(Layer):
    slope: float = option(0.0, "slope below zero")


@layers.register("dropout", main="rate")
class Dropout(Layer):
    rate: float = option(0.5, "part that is dropped", low=0, below=1)


@layers.register("residual", main="layers")
class Residual(Layer):
    layers: list[Layer] = option(help="the inner layers")


@losses.register("mse")
class MeanSquaredError:
    pass


@losses.register("cross_entropy")
class CrossEntropy:
    class_weights: dict[str, float] | None = option(None, "weight of each class")


@optimizers.register("adam")
class Adam:
    lr: float = option(1e-3, "learning rate", above=0)
    betas: tuple[float, float] = option((0.9, 0.999), "decay rates", low=0, below=1)


GOOD = "data: xor\nmodel: [{linear: 2}]\nloss: mse\noptimizer: adam\n".replace("data: xor", "data: {source: xor}")


def judge(config: Config) -> tuple[list, object, object]:
    """Builds everything; raises what is wrong with the config."""
    built = [build(layer, layers, config.problems) for layer in config.layers]
    loss = config.loss and build(config.loss, losses, config.problems)
    optimizer = config.optimizer and build(config.optimizer, optimizers, config.problems)
    config.problems.check()
    return built, loss, optimizer


def mistakes(folder: Path, text: str | bytes, **flags) -> list[str]:
    """What is wrong with a config text, as `line:column: key: message (hint)`; empty if nothing is."""
    file = folder / "f.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        judge(load(str(file), **flags))
    except ZenError as error:
        assert all(e.code == 2 for e in error.all())
        return [f"{e} ({e.hint})".replace(f"{file}:", "") for e in error.all()]
    return []
