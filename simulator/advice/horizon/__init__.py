"""A launch of years: until when today's system holds, and by when the next one has to be ordered."""
