"""The words of a surge: one module a family of shapes."""
