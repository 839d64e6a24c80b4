"""The mails that a target sends to visitors: caught on this machine or fetched by a command, and read."""
