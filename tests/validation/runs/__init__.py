"""One run: a server is started, probed, and sent a launch; what came of it is a line of JSON."""
