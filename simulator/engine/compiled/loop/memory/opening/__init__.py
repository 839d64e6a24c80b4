"""The memory as it is at the opening: people, the line and stations laid down as tables."""
