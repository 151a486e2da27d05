"""The catalogue of optimization problems, by name: a config's `problem`, in place of data, model and loss."""

from zen_cli.problems.base import Problem, problems

__all__ = ["Problem", "problems"]

problems.index(
    __name__,
    {
        "quadratic_deep": "quadratic_deep",
        "surfaces": "beale freudenstein_roth himmelblau quadratic rosenbrock",
    },
)
