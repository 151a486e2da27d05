"""What `zen compare` shows while it runs."""
