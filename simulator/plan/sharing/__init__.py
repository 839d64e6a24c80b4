"""What else works on a target's cores while it serves, and how much longer its services take for that."""
