"""What a planner asks once he knows how much: what else could be, what breaks first, and what to measure."""
