"""What could be otherwise, one thing at a time, and the smallest single change that would have held."""
