"""Writes schedules.npz: the rates of 60 steps by torch.optim.lr_scheduler, where lr is 1 and an epoch is 10 steps.

Arrays: by the name of each case (60,), the rate of each step; of the plateaus, that after each of `values` (60,).
"""

import numpy as np

from tests.golden import About, Arrays, write

STEPS, EPOCH, WARM = 60, 10, 6
# case: (zen's schedule as a config says it, torch's class and its options; for warmed cases the steps of warm-up)
CASES = {
    "step": ("{type: step, every: 25, gamma: 0.3}", "StepLR", {"step_size": 25, "gamma": 0.3}),
    "step_epochs": ("step: 2 epochs", "StepLR", {"step_size": 20}),
    "multistep": ("multistep: [30%, 2 epochs, 50]", "MultiStepLR", {"milestones": [18, 20, 50]}),
    "exponential": ("{exponential: {gamma: 0.9, every: 1}}", "ExponentialLR", {"gamma": 0.9}),
    "cosine": ("cosine", "CosineAnnealingLR", {"T_max": 60}),
    "cosine_floor": ("{type: cosine, floor: 20%}", "CosineAnnealingLR", {"T_max": 60, "eta_min": 0.2}),
    "restarts": ("cosine_restarts: 7", "CosineAnnealingWarmRestarts", {"T_0": 7}),
    "restarts_growing": (
        "cosine_restarts: {period: 7, growth: 2, floor: 0.1}", "CosineAnnealingWarmRestarts",
        {"T_0": 7, "T_mult": 2, "eta_min": 0.1},
    ),
    "linear": ("{linear: {over: 4 epochs, floor: 0.25}}", "LinearLR",
               {"start_factor": 1.0, "end_factor": 0.25, "total_iters": 40}),
    "polynomial": ("{polynomial: {power: 2.5, over: 45}}", "PolynomialLR", {"total_iters": 45, "power": 2.5}),
    "one_cycle": ("one_cycle", "OneCycleLR", {"max_lr": 1.0, "total_steps": 60, "cycle_momentum": False}),
    "one_cycle_linear": (
        "one_cycle: {peak: 40%, div: 5, final_div: 7, shape: linear}", "OneCycleLR",
        {"max_lr": 1.0, "total_steps": 60, "pct_start": 0.4, "div_factor": 5, "final_div_factor": 7,
         "anneal_strategy": "linear", "cycle_momentum": False},
    ),
    "cyclic": ("cyclic: {rise: 8, low: 0.3}", "CyclicLR",
               {"base_lr": 0.3, "max_lr": 1.0, "step_size_up": 8, "cycle_momentum": False}),
    "cyclic_halved": ("cyclic: {rise: 8, low: 0.3, halve: true}", "CyclicLR",
                      {"base_lr": 0.3, "max_lr": 1.0, "step_size_up": 8, "cycle_momentum": False,
                       "mode": "triangular2"}),
}  # fmt: skip
WARMED = {
    "cosine_warm": ("{type: cosine, warmup: 10%}", "CosineAnnealingLR", {"T_max": STEPS - WARM}),
    "step_warm": ("{type: step, every: 10, warmup: 6}", "StepLR", {"step_size": 10}),
    "multistep_warm": ("{type: multistep, milestones: [50%], warmup: 6}", "MultiStepLR", {"milestones": [27]}),
    "linear_warm": ("{type: linear, warmup: 0.6 epochs}", "LinearLR",
                    {"start_factor": 1.0, "end_factor": 0.0, "total_iters": STEPS - WARM}),
}  # fmt: skip
PLATEAUS = {
    "plateau": ("plateau", {}),
    "plateau_cooling": ("plateau: {patience: 2, cooldown: 3}", {"patience": 2, "cooldown": 3}),
    "plateau_demanding": ("plateau: {patience: 0, threshold: 10%}", {"patience": 0, "threshold": 0.1}),
    "plateau_floor": ("plateau: {patience: 1, gamma: 0.5, floor: 0.2}", {"patience": 1, "factor": 0.5, "min_lr": 0.2}),
    "plateau_larger": ("plateau: {patience: 1, monitor: train.accuracy}", {"patience": 1, "mode": "max"}),
}


def watched() -> np.ndarray:
    """A noisy number that first falls, then rises."""
    noise = 0.3 * np.random.default_rng(3).standard_normal(STEPS)
    return 2.0 + noise + np.abs(np.linspace(-1.0, 0.5, STEPS))


def reduced(options: dict[str, object]) -> np.ndarray:
    """The rate after each of the watched numbers."""
    import torch

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, eps=0.0, **options)
    found = []
    for value in watched():
        schedule.step(float(value))
        found.append(float(optimizer.param_groups[0]["lr"]))
    return np.array(found)


def rates(kind: str, options: dict[str, object], warm: int) -> np.ndarray:
    """The rate before each step."""
    import torch
    from torch.optim import lr_scheduler as them

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = getattr(them, kind)(optimizer, **options)
    if warm:
        first = them.LinearLR(optimizer, start_factor=1 / warm, total_iters=warm - 1)
        schedule = them.SequentialLR(optimizer, [first, schedule], [warm])
    found = []
    for _ in range(STEPS):
        found.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        if len(found) < STEPS:
            schedule.step()
    return np.array(found)


def make() -> tuple[About, Arrays]:
    import torch

    every = {name: (*case, 0) for name, case in CASES.items()} | {name: (*case, WARM) for name, case in WARMED.items()}
    cases = {name: {"schedule": text, "rule": kind, "options": given} for name, (text, kind, given, _) in every.items()}
    plateaus = {name: {"schedule": text, "options": given} for name, (text, given) in PLATEAUS.items()}
    arrays = {name: rates(kind, given, warm) for name, (_, kind, given, warm) in every.items()}
    arrays |= {name: reduced(given) for name, (_, given) in PLATEAUS.items()} | {"values": watched()}
    return {"torch": torch.__version__, "cases": cases, "plateaus": plateaus}, arrays


if __name__ == "__main__":
    write("schedules", *make())
