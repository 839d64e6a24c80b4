"""Real software on loopback, each kind started and ended by who asks for it."""
