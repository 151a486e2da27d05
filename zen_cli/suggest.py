"""What a name that nobody knows probably means."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'lr'?` for the closest known name, or nothing.

    >>> did_you_mean("lerning_rate", ["lr", "learning_rate"])
    "; did you mean 'learning_rate'?"
    """
    close = nearest(name, known)
    return f"; did you mean '{close}'?" if close else ""


def nearest(name: str, known: Iterable[str], least: float = 0.65) -> str | None:
    """The known name that is the same but for case and signs; else that begins so, is most alike, or is its beginning.

    >>> nearest("LeakyReLU", ["elu", "leaky_relu"]), nearest("acc", ["mcc", "accuracy"]), nearest("x", ["y"])
    ('leaky_relu', 'accuracy', None)
    """
    import difflib

    plain = {_letters(each): each for each in reversed(list(known))}
    wanted = _letters(name)
    if wanted in plain:
        return plain[wanted]
    longer = sorted((each for each in plain if len(wanted) > 2 and each.startswith(wanted)), key=len)
    alike = difflib.get_close_matches(wanted, plain, n=1, cutoff=least)
    shorter = [each for each in plain if len(each) > 2 and wanted.startswith(each)]
    return plain[[*longer, *alike, *shorter][0]] if longer or alike or shorter else None


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
