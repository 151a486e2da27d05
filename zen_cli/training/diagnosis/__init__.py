"""Why a net has learned nothing: what is seen to be wrong with it, and the line of the config to change."""

from zen_cli.training.diagnosis.diagnose import at_the_start, diagnosis

__all__ = ["at_the_start", "diagnosis"]
