"""Stations as SimPy plays them: pools, CPUs, quotas, failures and the autoscaler."""
