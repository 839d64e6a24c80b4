"""The line as SimPy plays it: joining, order, release by tokens, batches or slots."""
