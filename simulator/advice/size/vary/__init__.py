"""What can be varied of a system, and between which values: as asked for, or as usual."""
