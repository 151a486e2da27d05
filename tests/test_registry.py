"""The index of each registry says what its modules register, no more and no less."""

import importlib
import pkgutil

import pytest

from zen_cli.catalogue import REGISTRIES
from zen_cli.errors import ZenError
from zen_cli.registry import Registry

INDEXED = {kind: registry for kind, registry in REGISTRIES.items() if registry._modules}


@pytest.mark.parametrize("kind", INDEXED)
def test_the_index_names_what_is_registered(kind):
    registry = INDEXED[kind]
    package = importlib.import_module(next(iter(registry._modules.values())).rpartition(".")[0])
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    found = {alias: registry[name].__module__ for name in registry for alias in (name, *registry.aliases(name))}
    assert registry._modules == found


def test_a_name_that_its_module_does_not_register_is_refused():
    registry = Registry("color")
    registry.index("zen_cli", {"errors": "blue"})
    assert "blue" in registry
    with pytest.raises(ZenError, match="unknown color 'blue'"):
        registry["blue"]
