"""What the reference service does: accounts, the line, stations and their workers."""
