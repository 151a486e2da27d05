"""The sections `data.text` and `data.series` of a config: rows that are sequences."""

from zen_cli.errors import ZenError
from zen_cli.registry import option, schema


@schema
class Text:
    """A text whose characters are the symbols: each is predicted from those before it, or a class from all."""

    context: int | None = option(None, "characters a row; default: 64, or the longest of several texts", low=1)
    stride: int | None = option(None, "characters from one row of a text to the next; default: context", low=1)
    column: str | None = option(None, "a column of a table: each cell is a text of its own")
    lines: bool = option(False, "each line is a text of its own")

    def __post_init__(self) -> None:
        if self.column and self.lines:
            raise ZenError("expected either a column or lines", hint="remove one of them")
        if self.stride and self.several:
            raise ZenError("several texts are a row each, there is no stride", hint="remove it")

    @property
    def several(self) -> bool:
        """Whether there are several texts, a row each, and not one that is cut into rows."""
        return self.lines or self.column is not None


@schema
class Series:
    """Numbers in the order of time: the next ones are predicted from those before."""

    column: str | list[str] = option(help="the column or columns to predict from; the first is predicted")
    window: int = option(12, "steps that are looked at", low=1)
    horizon: int = option(1, "steps ahead that are predicted", low=1)

    @property
    def columns(self) -> list[str]:
        return [self.column] if isinstance(self.column, str) else self.column
