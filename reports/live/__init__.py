"""What a terminal shows of a rehearsal while it goes on: what is seen, drawn over what was predicted."""
