"""Every fault with many seeds, and docs/faults.md: ``python -m tests.faults.table``."""
