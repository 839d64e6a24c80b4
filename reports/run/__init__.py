"""What is kept of a run and read back: folder, store, facts, comparison, decision, report."""
