"""A long training needs no more memory than a short one."""

import time
import tracemalloc

import pytest

from zen_cli.experiment import from_file
from zen_cli.training.events import Epoch
from zen_cli.training.training import Training

SLACK = 20_000  # bytes: what a dictionary or a cache may grow by once


@pytest.mark.slow
@pytest.mark.parametrize("config", ["configs/xor.yaml", "configs/spiral.yaml"])
def test_memory_stays_flat_over_many_epochs(config, request):
    epochs = 10_000 if config.endswith("xor.yaml") else 300
    path = str(request.config.rootpath / config)
    events = Training(from_file(path, sets=[f"trainer.epochs={epochs}"])).events(time.perf_counter)
    sizes = []
    tracemalloc.start()
    try:
        for event in events:
            if isinstance(event, Epoch) and event.epoch in (epochs // 10, epochs):
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    after_a_tenth, at_the_end = sizes
    assert at_the_end - after_a_tenth < SLACK
