"""Processes of this machine: what they have used, and who listens where."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.machine.processes import (
    cpu_s_of,
    family,
    fields,
    listeners,
    require_process,
    used_by,
)
from simulator.errors import UsageError

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
