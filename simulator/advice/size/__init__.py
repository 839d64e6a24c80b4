"""How much is needed: the cheapest system that holds, as a statement that can be checked."""
