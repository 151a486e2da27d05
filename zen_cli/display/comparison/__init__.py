"""What `zen compare` shows when it is done."""
