"""The catalogue of layers: which module holds which names."""

from zen_cli.nn.layers.base import Build, Layer, layers

__all__ = ["Build", "Layer", "layers"]

layers.index(
    __name__,
    {
        "activations": "elu gelu leaky_relu relu selu sigmoid silu swish softmax softplus tanh",
        "attention": "attention transformer_block",
        "dropout": "dropout",
        "embedding": "embedding positional",
        "layer_norm": "layer_norm rms_norm",
        "linear": "linear dense output",
        "over_time": "over_time",
        "recurrent": "rnn lstm gru",
        "shape": "flatten reshape",
        "structure": "residual branches repeat time_distributed shared",
    },
)
