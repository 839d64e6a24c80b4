"""Do predictions come true on servers that nobody here wrote? docs/validation.md, made by ``table``."""
