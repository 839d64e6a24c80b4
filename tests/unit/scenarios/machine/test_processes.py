"""Processes of this machine: what they have used, and who listens where."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scenarios.machine.processes import (
    behind,
    cpu_s_of,
    family,
    fields,
    listeners,
    processes,
    require_process,
    used_by,
)
from scenarios.machine.watch import Watch
from simulator.errors import UsageError

Serving = Callable[..., tuple[int, int]]
"""Starts a process that listens, and is connected to ports: its number, and its own port."""
SPENDS = """
import sys, time
while time.process_time() < 0.5: pass
print("done", flush=True)
sys.stdin.read()
"""


def test_a_process_is_counted_with_its_children() -> None:
    before = cpu_s_of(os.getpid())
    assert before is not None
    words = [sys.executable, "-c", SPENDS]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        during = cpu_s_of(os.getpid())
        assert during is not None
        # The clock of /proc ticks a hundred times a second.
        assert during - before >= 0.48
        used = used_by([child.pid])
        # By the scheduler's own count: what its clock and the process's differ by is far less.
        assert 0.48e9 <= sum(cpu for cpu, _ in used.values()) <= 5e9
        assert child.stdin is not None
        child.stdin.close()


def test_a_process_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="--pid 999999999: there is no such process here"):
        require_process(999_999_999)
    assert used_by([999_999_999]) == {}


def test_a_family_is_whoever_descends_from_its_heads() -> None:
    known = {1: (0, 5, 0), 2: (1, 5, 0), 3: (2, 5, 0), 4: (1, 5, 0), 5: (3, 5, 0)}
    assert family(known, [2]) == {2, 3, 5}
    assert family(known, [3, 4]) == {3, 4, 5}
    assert family(known, [9]) == set()


def test_a_process_may_have_any_name(tmp_path: Path) -> None:
    """What stands between the first and the last parenthesis is its name, and nothing else."""
    stat = tmp_path / "stat"
    counted = " ".join(["S", "7", *(9 * ["0"]), "30", "12", "4", "2", "20"])
    stat.write_text(f"41 (a) b (c) {counted}")
    assert fields(stat) == (7, 42, 6)
    stat.write_text("41 (cut")
    assert fields(stat) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_who_listens_on_a_port_is_found(address: str) -> None:
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(kind) as server:
        server.bind((address, 0))
        port = server.getsockname()[1]
        assert os.getpid() not in listeners(port)
        server.listen()
        assert os.getpid() in listeners(port)


SERVES = """
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
asked = [socket.create_connection(("127.0.0.1", int(port))) for port in sys.argv[1:]]
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def serving() -> Iterator[Serving]:
    with ExitStack() as stack:

        def start(*ports: int) -> tuple[int, int]:
            words = [sys.executable, "-c", SERVES, *map(str, ports)]
            process = stack.enter_context(
                subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            assert process.stdin is not None
            assert process.stdout is not None
            stack.callback(process.stdin.close)
            return process.pid, int(process.stdout.readline())

        yield start


def test_who_serves_a_proxy_is_found_and_who_serves_that(serving: Serving) -> None:
    database, at_database = serving()
    server, at_server = serving(at_database)
    proxy, at_proxy = serving(at_server)
    other, at_other = serving()
    client, _ = serving(at_proxy, at_other)
    known = processes()

    assert behind(known, [proxy]) == {server, database}
    assert behind(known, [server]) == {database}
    assert behind(known, [database]) == set()
    assert behind(known, [proxy], ours=[server]) == set()
    assert behind(known, [client]) == {proxy, server, database, other}


def test_who_sends_is_not_behind_a_target_that_sends_him_mails(serving: Serving) -> None:
    with socket.create_server(("127.0.0.1", 0)) as office:
        target, _ = serving(office.getsockname()[1])
        assert os.getpid() in behind(processes(), [target])
        assert behind(processes(), [target], ours=[os.getpid()]) == set()


def test_the_watch_counts_who_serves_the_target_as_nobody_else(serving: Serving) -> None:
    backend, at_backend = serving()
    proxy, _ = serving(at_backend)
    watch = Watch(target=[proxy])
    assert watch._follow()
    assert watch._behind == {backend}
    assert not watch._follow()
    look = watch._look()
    assert look is not None
    assert {pid for pid, _ in look.behind} == {backend}
    assert {pid for pid, _ in look.target} == {proxy}
