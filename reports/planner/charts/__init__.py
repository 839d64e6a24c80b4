"""The report's charts, in the order in which a planner asks: each from values, with its numbers."""
