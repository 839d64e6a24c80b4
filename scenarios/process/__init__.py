"""Processes that we start: how many files they may open, and that none outlives us."""
