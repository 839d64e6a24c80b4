"""What the reference service keeps: SQLite, or PostgreSQL by its URL."""
