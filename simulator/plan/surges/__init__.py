"""Surges as demand: one module a family of shapes, each a cumulative number of arrivals."""
