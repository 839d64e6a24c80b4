"""The kernel without events: exact wherever everything is first come, first served."""
