"""What zen is measured against: each peer makes, for a net, a function that trains one mini-batch.

A step gathers its batch from the data set by row numbers, trains on it, and returns the loss as a float; all run
in float32 with one thread. A peer that cannot train a net as it stands gives None; scikit-learn's step is a whole
round of mini-batches, see `batches_a_call`.
"""

import functools
import itertools
from collections.abc import Callable
from typing import Any

from tests.benchmarks.nets import Net, batches, data, first_weights
from tests.benchmarks.textbook import Network

Step = Callable[[], float]


def textbook(net: Net) -> Step:
    """NumPy as in textbooks: layer objects, lists of parameters, a new array for each result."""
    network = Network(net)
    features, target = data(net)
    order = batches(net)

    def step() -> float:
        rows = next(order)
        return network.train(features[rows], target[rows])

    return step


def torch_eager(net: Net) -> Step:
    """PyTorch as its tutorials write it."""
    return _torch(net, fused=False)


def torch_fused(net: Net) -> Step | None:
    """PyTorch with the fused form of the optimizer, which Adam and SGD have."""
    return None if net.optimizer == "rmsprop" else _torch(net, fused=True)


def _torch(net: Net, fused: bool) -> Step:
    import torch

    torch.set_num_threads(1)
    model = _torch_model(net)
    kind = {"momentum": "SGD", "rmsprop": "RMSprop", "adam": "Adam"}[net.optimizer]
    options: dict[str, Any] = {**net.options, **({"fused": True} if fused else {})}
    optimizer = getattr(torch.optim, kind)(model.parameters(), **options)
    loss_of = getattr(torch.nn.functional, {"mse": "mse_loss"}.get(net.loss, net.loss))
    features, target = (torch.from_numpy(array) for array in data(net))
    one_round = itertools.islice(batches(net), net.rows // net.batch)
    order = itertools.cycle([torch.from_numpy(rows) for rows in one_round])

    def step() -> float:
        rows = next(order)
        optimizer.zero_grad()
        loss = loss_of(model(features[rows]), target[rows])
        loss.backward()
        optimizer.step()
        return loss.item()  # type: ignore[no-any-return]

    return step


def _torch_model(net: Net) -> Any:
    import torch

    softmax = functools.partial(torch.nn.Softmax, 1)
    activations: dict[str, Any] = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "softmax": softmax}
    weights = iter(first_weights(net))
    layers = []
    for layer in net.layers:
        if isinstance(layer, str):
            layers.append(activations[layer]())
            continue
        weight, bias = next(weights)
        linear = torch.nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.T))
            linear.bias.copy_(torch.from_numpy(bias))
        layers.append(linear)
    return torch.nn.Sequential(*layers)


def scikit_learn(net: Net) -> Step | None:
    """MLPClassifier.partial_fit of the whole data set: one round of mini-batches, which it draws by itself.

    A call with one mini-batch would spend most of its time on checking its arguments. It has no mse for classes
    and no rmsprop.
    """
    if net.loss != "cross_entropy" or net.optimizer not in ("adam", "momentum"):
        return None
    from sklearn.neural_network import MLPClassifier

    hidden = [layer for layer in net.layers if isinstance(layer, int)][:-1]
    solver = {"solver": "adam"} if net.optimizer == "adam" else {
        "solver": "sgd", "momentum": net.options["momentum"], "nesterovs_momentum": False,
    }
    model = MLPClassifier(
        hidden, activation="relu", alpha=0.0, batch_size=net.batch,
        learning_rate_init=net.options["lr"], random_state=0, **solver,
    )
    features, labels = data(net)
    model.partial_fit(features[:net.batch], labels[:net.batch], classes=range(net.outputs))

    def step() -> float:
        model.partial_fit(features, labels)
        return float(model.loss_)

    return step


PEERS: dict[str, Callable[[Net], Step | None]] = {
    "textbook NumPy": textbook,
    "torch": torch_eager,
    "torch fused": torch_fused,
    "scikit-learn": scikit_learn,
}


def batches_a_call(peer: str, net: Net) -> int:
    """How many mini-batches one call of the peer's step trains: one, but for scikit-learn."""
    return net.rows // net.batch if peer == "scikit-learn" else 1
