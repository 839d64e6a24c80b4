"""What the machine does while a server is measured or rehearsed: its speed, and who waits for a core.

A probe and a replay look in the same way, so that the one can be held against the other.
"""
