"""The event loop: every word of a launch, in one memory of 64-bit words."""
