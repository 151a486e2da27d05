"""A config to start from: what is in a table, what suits it, and the text that says so."""
