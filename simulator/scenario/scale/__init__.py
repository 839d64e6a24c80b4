"""A launch of another size: what becomes of numbers, of a station, and of a whole document."""
