"""What the words of a scenario mean to an engine: a system in numbers."""
