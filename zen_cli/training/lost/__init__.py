"""Where a training is lost: the first step, layer and tensor with numbers that are not finite, and its rows."""
