"""Predicted beside observed: a figure in a column, how far two of them are apart, and all lines of a variant."""
