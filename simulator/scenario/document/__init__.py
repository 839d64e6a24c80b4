"""The plain document: read from TOML and CSV, laid over with variants and settings, and written."""
