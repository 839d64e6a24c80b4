"""The line audit against lines that are known to be wrong: each seeded fault is found, and none in the right line."""
