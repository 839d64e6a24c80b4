"""Other people's generators, as far as this machine has them, each told as much of a plan as it can be told."""
