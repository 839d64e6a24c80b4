"""A way that takes its time: ``python -P -m tests.machines.delaying PORT HOST:PORT DELAYS``, which hands a connection on.

DELAYS is a file with two numbers of milliseconds, there and back, which may be written anew meanwhile. Bytes
are handed on in their order, never sooner than that after they came, and the way holds as many as there are. (A kernel
may do the same, ``tc qdisc add ... netem``; that of many a container does not.)
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

READ_BYTES = 1 << 16
Some = tuple[float, bytes]
"""When it may be handed on, by the monotonic clock, and what."""


def main() -> None:
    port, to, delays = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    host, _, its_port = to.rpartition(":")
    with socket.create_server(("127.0.0.1", port)) as door:
        print("ready", flush=True)
        while True:
            near, _ = door.accept()
            with suppress(OSError):  # nobody listens there yet: whoever came tries again
                far = socket.create_connection((host, int(its_port)))
                for number, (source, sink) in enumerate(((near, far), (far, near))):
                    hand_on(source, sink, delays, number)
                continue
            near.close()


def hand_on(source: socket.socket, sink: socket.socket, delays: Path, number: int) -> None:
    """One direction of a connection, in threads of its own."""
    way: SimpleQueue[Some] = SimpleQueue()
    for each in (source, sink):
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for work in (lambda: take(source, way, delays, number), lambda: give(sink, way)):
        threading.Thread(target=work, daemon=True).start()


def take(source: socket.socket, way: SimpleQueue[Some], delays: Path, number: int) -> None:
    data = b"-"
    while data:
        try:
            data = source.recv(READ_BYTES)
        except OSError:
            data = b""
        way.put((time.monotonic() + delay_s(delays, number), data))


def delay_s(delays: Path, number: int) -> float:
    return float(delays.read_text().split()[number]) / 1000


def give(sink: socket.socket, way: SimpleQueue[Some]) -> None:
    while True:
        at_s, data = way.get()
        time.sleep(max(0.0, at_s - time.monotonic()))
        try:
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)
        except OSError:
            return


if __name__ == "__main__":
    main()
