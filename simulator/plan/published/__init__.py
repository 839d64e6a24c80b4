"""Published counts: what they count, which demand leads to them, and how a launch compares."""
