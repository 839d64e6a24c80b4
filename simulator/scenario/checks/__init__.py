"""What is wrong in a document, all of it at once, each with where, what, and what would be right."""
