"""The catalogue of schedules: which module holds which names."""

from zen_cli.nn.schedulers.base import Factor, Horizon, Scheduler, factors, schedulers

__all__ = ["Factor", "Horizon", "Scheduler", "factors", "schedulers"]

schedulers.index(
    __name__,
    {
        "constant": "constant",
        "cosine": "cosine cosine_restarts",
        "cycles": "one_cycle cyclic",
        "decay": "exponential inverse_time",
        "linear": "linear polynomial",
        "plateau": "plateau",
        "steps": "step multistep",
        "wsd": "wsd",
    },
)
