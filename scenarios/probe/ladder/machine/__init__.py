"""The machine that a ladder is climbed on: its speed, what the probe takes of it, and what the target does."""
