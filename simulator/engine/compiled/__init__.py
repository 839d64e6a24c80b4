"""The rules again, compiled: an event loop, a kernel where no events are needed, and the compiler of both."""
