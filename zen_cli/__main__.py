"""`zen`, and `python -m zen_cli`."""

import _signal as signal  # type: ignore[import-not-found]  # `signal` makes enumerations of it: time to be interrupted
import os
import sys


def zen() -> None:
    """The command. Until it answers to Ctrl-C itself, that ends it as it ends others: by the signal, without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from zen_cli.cli.main import main

    main()


if __name__ == "__main__":
    here = os.getcwd()
    if os.path.dirname(os.path.dirname(os.path.abspath(__file__))) != here:
        sys.path[:] = [folder for folder in sys.path if folder not in ("", here)]  # `python -m` looks there first
    zen()
