"""The rules again, compiled by numba: an event loop, and a kernel where no events are needed."""
