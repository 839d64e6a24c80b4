"""Arrivals of a launch that was, taken from access logs."""
