"""Stations in the event loop: pools, CPUs and quotas, and what goes on at them over time."""
