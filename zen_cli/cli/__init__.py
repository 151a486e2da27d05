"""The commands: arguments, exit codes and messages. What they do is done below."""
