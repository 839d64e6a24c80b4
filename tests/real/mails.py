"""A free port for the replay's own sink of mails."""

import socket


def free_port() -> int:
    """A port that nobody has now. The replay opens it by itself, so that it cannot be handed over."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
