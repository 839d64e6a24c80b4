"""A target that notes who came when, by the clock of the machine that it runs on: ``python -m tests.machines.witness``.

It says a line for each request: the visitor, and the nanosecond at which his request was there.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import ThreadingHTTPServer

from tests.loopback import Answering

PORT = 8000
LISTENS = "listens"


class Witness(Answering):
    def do_POST(self) -> None:
        at_ns = time.perf_counter_ns()
        who = json.loads(self.body())["who"]
        say(f"{who} {at_ns}")
        self.answer(200)


class Server(ThreadingHTTPServer):
    request_queue_size = 1024
    daemon_threads = True


def say(line: str) -> None:
    """In one piece, whoever else says one meanwhile."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with Server((sys.argv[1], PORT), Witness) as server:
        say(LISTENS)
        server.serve_forever()
