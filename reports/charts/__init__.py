"""Charts: what was predicted and observed, on the same axes and in the same colours."""
