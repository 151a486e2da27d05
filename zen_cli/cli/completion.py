"""zen completion: what makes a shell complete zen's command lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from zen_cli.cli.arguments import Argument
from zen_cli.errors import Place, ZenError

SHELLS = ("bash", "zsh", "fish")
Shell = Annotated[str, Argument(metavar="|".join(SHELLS), help="The shell.")]


def completion(shell: Shell) -> int:
    """Print the completion script of a shell.

    To have it in every session, add to ~/.bashrc: source <(zen completion bash), to ~/.zshrc after compinit: source
    <(zen completion zsh), to ~/.config/fish/config.fish: zen completion fish | source.
    """
    if shell not in SHELLS:
        raise ZenError(f"expected {', '.join(SHELLS[:-1])} or {SHELLS[-1]}, found '{shell}'", Place("zen completion"))
    sys.stdout.write((Path(__file__).parent / "shells" / f"zen.{shell}").read_text("utf-8"))
    return 0
