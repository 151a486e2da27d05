"""A compiled program as a script to read."""
