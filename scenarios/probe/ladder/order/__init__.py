"""The order in which a server takes those who wait: by bursts, and by closed loops."""
