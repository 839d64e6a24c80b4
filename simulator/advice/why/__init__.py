"""Why a launch went as it did: its trouble, where it began, and what was the first of it."""
