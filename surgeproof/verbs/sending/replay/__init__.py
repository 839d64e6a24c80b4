"""``surgeproof replay``: from what was typed to what the rehearsal came to."""
