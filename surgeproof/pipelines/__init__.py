"""Pipelines: our command line as other programs run it, and what it comes to in their words."""
