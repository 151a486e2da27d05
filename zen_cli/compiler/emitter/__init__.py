"""How a plan is said in NumPy: the one part that knows how NumPy is called."""
