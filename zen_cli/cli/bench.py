"""zen bench: where the time of a training step goes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import option
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.experiment import Experiment
    from zen_cli.training.bench import Measured

Seconds = Annotated[float, option("--seconds", help="How long to measure.")]
LONGEST = 3600
COLUMNS = ("layer", "forward us", "backward us", "%", "MFLOP", "MB", "GFLOP/s", "% of peak")


def bench(
    configs: options.Configs, seconds: Seconds = 2.0, sets: options.Sets = None, unsets: options.Unsets = None,
    seed: options.Seed = None, threads: options.Threads = 1, json: options.Json = False,
    no_color: options.NoColor = False, untrusted: options.Untrusted = False,
) -> int:  # fmt: skip
    """Show where the time of a training step goes.

    For each layer the time forward and backward, its share of the step, operations, bytes read and written, and how
    near it comes to the fastest that the machine does: the product of two large matrices. Nothing is kept.
    """
    if not 0 < seconds <= LONGEST:
        raise ZenError(f"expected a number above 0 and up to {LONGEST}, found {seconds:g}", Place("--seconds"))
    options.use_threads(threads)
    import time

    from zen_cli.training.bench import measured
    from zen_cli.training.memory import require
    from zen_cli.training.training import Training

    room = machine.room()
    experiment = options.Given(configs, options.overrides(sets, seed), unsets, untrusted).experiment(room)
    require(experiment, room.memory)
    training = Training(experiment)
    options.warn(training.warnings)
    found = measured(training, seconds, time.perf_counter)
    facts = _facts(experiment, found, threads)
    if json:
        from zen_cli.runs.strict_json import strict_json

        sys.stdout.write(strict_json(facts) + "\n")
    else:
        _show(facts, no_color)
    return int(Exit.DONE)


def _facts(experiment: Experiment, found: Measured, threads: int) -> dict[str, Any]:
    size = 4 if experiment.trainer.dtype == "float32" else 8
    whole = sum(part.forward + part.backward for part in found.parts) or 1.0
    layers = []
    for part in found.parts:
        seconds = part.forward + part.backward
        rate = part.cost.operations / seconds if seconds else 0.0
        layers.append({
            "layer": part.name, "forward_us": part.forward * 1e6, "backward_us": part.backward * 1e6,
            "share": seconds / whole, "flop": part.cost.operations, "bytes": part.cost.numbers * size,
            "gflops": rate / 1e9, "of_peak": rate / found.peak,
        })  # fmt: skip
    cost = found.cost
    return {
        "name": experiment.config.name, "batch": found.rows, "dtype": experiment.trainer.dtype, "threads": threads,
        "step_us": found.step * 1e6, "rows_per_second": found.rows / found.step, "flop": cost.operations,
        "bytes": cost.numbers * size, "gflops": cost.operations / found.step / 1e9, "peak_gflops": found.peak / 1e9,
        "of_peak": cost.operations / found.step / found.peak, "layers": layers,
    }  # fmt: skip


def _show(facts: dict[str, Any], no_color: bool) -> None:
    from zen_cli.display.table import table

    rows = [_row(layer) for layer in facts["layers"]]
    table(COLUMNS, rows, stream=sys.stdout, environ=options.environment(no_color))
    threads = "1 thread" if facts["threads"] == 1 else f"{facts['threads']} threads"
    sys.stdout.write(
        f"\n{facts['batch']} rows a step, {facts['dtype']}, {threads}: {facts['step_us']:.4g} us a step, "
        f"{facts['rows_per_second']:.4g} rows a second\n{facts['gflops']:.3g} GFLOP/s, {facts['of_peak']:.2g} of the "
        f"{facts['peak_gflops']:.3g} of a product of large matrices\n"
    )


def _row(layer: dict[str, Any]) -> list[Any]:
    units = {
        "forward_us": 1, "backward_us": 1, "share": 100, "flop": 1e-6, "bytes": 1e-6, "gflops": 1, "of_peak": 100
    }  # fmt: skip
    return [layer["layer"], *(_rounded(layer[name] * unit) for name, unit in units.items())]


def _rounded(number: float) -> float:
    return round(number) if number >= 1000 else round(number, 2)
