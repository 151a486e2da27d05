"""One BLAS thread for all tests, as zen itself takes: set before NumPy is imported, since BLAS reads it once."""

from zen_cli.cli.options import use_threads

use_threads(1)
