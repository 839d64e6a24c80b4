"""What was found of the target's line."""
