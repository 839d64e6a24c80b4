"""A target that shares this machine with what sends the load: what that costs it, and keeping the two apart."""
