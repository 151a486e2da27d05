"""`python -m tests.faults.driver NUMBER SIGNAL zen-arguments...`: zen, sent the signal before that call that writes."""

import os
import sys
from itertools import count
from pathlib import Path

from tests.faults.faulty import watched
from zen_cli.cli.main import main


def drive(number: int, signal: int, arguments: list[str]) -> None:
    numbers = count(1)

    def act(path: str) -> None:
        if next(numbers) == number:
            os.kill(os.getpid(), signal)

    with watched(Path("runs"), act):
        main(arguments)


if __name__ == "__main__":
    drive(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
