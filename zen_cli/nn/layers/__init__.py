"""The catalogue of layers: which module holds which names."""

from zen_cli.nn.layers.base import Build, Layer, layers

__all__ = ["Build", "Layer", "layers"]

layers.index(
    __name__,
    {
        "activations": "elu gelu leaky_relu relu selu sigmoid silu swish softmax softplus tanh",
        "dropout": "dropout",
        "linear": "linear dense output",
        "shape": "flatten reshape",
        "structure": "residual branches repeat time_distributed shared",
    },
)
