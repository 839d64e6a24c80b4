"""Rows folded into a summary, compiled: the counts, the fold itself, and the same by group of people."""
