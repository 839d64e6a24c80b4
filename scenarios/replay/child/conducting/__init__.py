"""How a surge is conducted: in one process, or as the workers of a master, on Locust's own messages."""
