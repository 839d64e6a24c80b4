"""What of a launch can be sent, and what is predicted only."""
