"""Servers of a known kind, for the probe's ladder: the table of ``python -m tests.ladders.table``."""
