"""Processes of this machine: what they have used, and who listens where."""

import os
import subprocess
import sys

import pytest

from scenarios.machine.processes import cpu_s_of, require_process
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
        assert child.stdin is not None
        child.stdin.close()


def test_a_process_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="--pid 999999999: there is no such process here"):
        require_process(999_999_999)
