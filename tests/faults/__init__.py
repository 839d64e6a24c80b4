"""Faults of a replay: whatever goes wrong, it ends with a sentence and its own exit code, and never with a false pass."""
