"""The catalogue of layers: which module holds which names."""

from zen_cli.nn.layers.base import Build, Law, Layer, layers

__all__ = ["Build", "Law", "Layer", "layers"]

layers.index(
    __name__,
    {
        "activations": "elu gelu leaky_relu relu selu sigmoid silu swish softmax softplus tanh",
        "attention": "attention transformer_block",
        "convolution": "conv1d conv2d conv_transpose2d",
        "dropout": "dropout spatial_dropout gaussian_noise",
        "embedding": "embedding positional",
        "batch_norm": "batch_norm",
        "layer_norm": "layer_norm rms_norm group_norm",
        "linear": "linear dense output",
        "over_time": "over_time",
        "pooling": "max_pool avg_pool global_avg_pool upsample zero_pad",
        "recurrent": "rnn lstm gru",
        "shape": "flatten reshape",
        "structure": "residual branches repeat time_distributed shared",
    },
)
