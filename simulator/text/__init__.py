"""Quantities and figures as people read and write them: the only place that rounds."""
