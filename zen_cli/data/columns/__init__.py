"""The catalogue of column types: which module holds which names."""

from zen_cli.data.columns.base import Column, columns

__all__ = ["Column", "columns"]

columns.index(
    __name__,
    {"number": "number", "category": "category", "boolean": "boolean", "date": "date", "ignore": "ignore"},
)
