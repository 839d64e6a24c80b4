"""What a file says: its words (tables), the plain document, and what is wrong with it."""
