"""What a server has that no probe saw, by the mark that it leaves in the services and refusals of a run."""
