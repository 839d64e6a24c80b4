"""The line in the event loop: who joins, in which order it stands, and who is called."""
