"""The memory of the event loop: its layout, what is kept in it, and how it grows."""
