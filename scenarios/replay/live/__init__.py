"""A rehearsal while it goes on: what was predicted for this instant beside what was seen until now, for others to watch."""
