"""The least that a generator in Python can do: ``python -m tests.benchmarks.replay.bare PORT PLAN KEPT``.

A loop that looks at the clock, sends the same bytes at planned instants, and throws away what comes back: no
visitor, no journey, no judgement, no row, no timeout, no library but the interpreter's own. Nothing that runs in
CPython is cheaper, so what it takes beside the program in C (``replayer.c``, which does the same) is the
interpreter's part. Its words and its answer are those of that program.
"""

import argparse
import ctypes
import errno
import gc
import json
import os
import resource
import select
import socket
import time

import numpy as np

AHEAD_NS, GRACE_NS, NS_PER_S = 300_000_000, 2_000_000_000, 1_000_000_000
CLOCK_MONOTONIC, TFD_TIMER_ABSTIME = 1, 1
BODY = b'{"email": "visitor-0000000@bench.example", "name": "A Visitor"}'
REQUEST = (
    b"POST /in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: c\r\nAccept-Encoding: gzip, deflate, br\r\n"
    b"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n%s"
)


class Loop:
    """One core, one thread, and files that are ready."""

    def __init__(self, port: int, kept: int) -> None:
        self.where, self.kept = ("127.0.0.1", port), kept > 0
        self.request = REQUEST % (port, len(BODY), BODY)
        self.poll, self.open = select.epoll(), dict[int, socket.socket]()
        self.idle = [self.connected() for _ in range(kept)]
        libc = ctypes.CDLL(None)
        self.settime = libc.timerfd_settime
        self.timer = libc.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK)
        self.poll.register(self.timer, select.EPOLLIN)
        self.instant = (ctypes.c_long * 4)()
        self.pointer = ctypes.byref(self.instant)

    def connected(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        fault = sock.connect_ex(self.where)
        assert fault in (0, errno.EINPROGRESS), os.strerror(fault)
        self.open[sock.fileno()] = sock
        self.poll.register(sock.fileno(), select.EPOLLIN)
        return sock

    def wake_at(self, at_ns: int) -> None:
        self.instant[2], self.instant[3] = divmod(at_ns, NS_PER_S)
        self.settime(self.timer, TFD_TIMER_ABSTIME, self.pointer, None)

    def play(self, plan: list[int], opening_ns: int) -> tuple[list[int], int]:
        """Send everything at its instant: by how much each was late, and how many were answered."""
        clock, idle, files, late = time.perf_counter_ns, self.idle, self.open, list[int]()
        sent = answered = 0
        end_ns = opening_ns + plan[-1] + GRACE_NS
        while answered < len(plan) and (now_ns := clock()) < end_ns:
            while sent < len(plan) and opening_ns + plan[sent] <= now_ns:
                sock = idle.pop() if idle else self.connected()
                now_ns = clock()
                late.append(now_ns - opening_ns - plan[sent])
                sock.send(self.request)
                sent += 1
            self.wake_at(opening_ns + plan[sent] if sent < len(plan) else end_ns)
            for file, _ in self.poll.poll():
                if file == self.timer:
                    continue
                sock = files[file]
                answered += len(sock.recv(1 << 16)) > 0
                if self.kept:
                    idle.append(sock)
                else:
                    del files[file]
                    sock.close()
        return late, answered


def spent_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for word in ("port", "plan", "kept"):
        parser.add_argument(word)
    words = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    loop, plan = Loop(int(words.port), int(words.kept)), np.fromfile(words.plan, np.int64).tolist()
    gc.disable()
    time.sleep(0.1)
    before_s, opening_ns = spent_s(), time.perf_counter_ns() + AHEAD_NS
    late, answered = loop.play(plan, opening_ns)
    told = {"opening_ns": opening_ns, "sent": len(late), "answered": answered}
    cpu_s, p99_ns = spent_s() - before_s, int(np.quantile(late, 0.99))
    print(json.dumps({**told, "cpu_s": cpu_s, "lag_p99_ns": p99_ns}))


if __name__ == "__main__":
    main()
