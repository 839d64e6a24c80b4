"""A scenario in numbers for one subject, and many launches of it."""
