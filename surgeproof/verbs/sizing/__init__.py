"""``surgeproof size``: what is asked, how it is found, what comes after it, and how it is told."""
