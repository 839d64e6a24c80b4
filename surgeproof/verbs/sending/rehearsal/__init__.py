"""A rehearsal from its prediction to what it came to, as ``demo`` and ``replay`` have it."""
