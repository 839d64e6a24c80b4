"""Cases that others ran into, with their right values."""
