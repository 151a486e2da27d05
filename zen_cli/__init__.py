"""zen: a YAML file compiled into a straight line of NumPy calls that trains a neural network."""

__version__ = "0.1.0"
