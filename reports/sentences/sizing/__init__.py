"""A sizing in sentences: how much, and what is asked next."""
