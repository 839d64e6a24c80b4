"""What the machine gives: files that are written and named, and temporary folders."""
