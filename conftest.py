"""Tests compute with one thread, as the command does: on a busy machine two wait for each other, ten times as long."""

from zen_cli.cli.options import use_threads

use_threads(1)
