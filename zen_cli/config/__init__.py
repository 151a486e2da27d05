"""Text to checked values that know their file, line and column; the only package that imports yaml."""
