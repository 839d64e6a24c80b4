"""A system with one thing set to another value."""
