"""What lies between a master and his workers: a lock, two clocks, messages, and rows that must not be lost."""
