"""Several workers, measured: library launches over one, two and four of them, and twenty minutes of their memory."""
