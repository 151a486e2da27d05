"""The catalogue of optimization problems, by name: a config's `problem`, in place of data, model and loss."""

from zen_cli.problems import quadratic_deep, surfaces
from zen_cli.problems.base import Problem, problems

__all__ = ["Problem", "problems", "quadratic_deep", "surfaces"]
