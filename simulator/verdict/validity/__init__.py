"""Validity: whether the instrument really sent what was planned, judged before anything else."""
