"""What each request of a launch costs a server, measured gently."""
