"""What is sent: a request of the launch with one person's values in it."""
