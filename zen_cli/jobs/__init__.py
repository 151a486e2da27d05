"""Many trainings: what can be stacked is stacked, the rest is spread over local processes."""
