"""Cores of this machine, and who may run on them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scenarios.machine.cores import (
    cores_of,
    here_on,
    listed,
    moved,
    physical,
    siblings,
    threads_of,
)
from scenarios.machine.here import usable_cores

THREADS = """
import sys, threading
threading.Thread(target=sys.stdin.read, daemon=True).start()
print("here", flush=True)
threading.Event().wait()
"""


def test_threads_of_one_core_are_told_by_the_kernel(tmp_path: Path) -> None:
    for core, told in (("0", "0,2"), ("1", "1,3"), ("2", "0,2"), ("3", "1,3")):
        (tmp_path / core).write_text(f"{told}\n")
    file = str(tmp_path / "{core}")
    assert siblings(0, file) == {0, 2}
    assert siblings(9, file) == {9}
    assert listed("0-1,4-5") == {0, 1, 4, 5}


def test_every_usable_core_is_of_one_physical_core() -> None:
    found = physical(usable_cores())
    assert frozenset().union(*found) == usable_cores()
    assert sum(map(len, found)) == len(usable_cores())


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux")
def test_what_is_started_meanwhile_runs_there_too_and_then_nobody_is_bound() -> None:
    before, last = usable_cores(), frozenset({max(usable_cores())})
    ask = [sys.executable, "-c", "import os; print(*os.sched_getaffinity(0))"]
    with here_on(last):
        told = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    assert frozenset(map(int, told.split())) == last
    assert usable_cores() == before


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux")
def test_a_process_is_moved_with_all_its_threads_and_moved_back() -> None:
    last = frozenset({max(usable_cores())})
    words = [sys.executable, "-c", THREADS]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        threads = [int(each.name) for each in Path(f"/proc/{child.pid}/task").iterdir()]
        before = cores_of(threads)
        with moved(child.pid, last):
            assert [cores_of([each]) for each in threads] == [last] * len(threads)
        assert cores_of(threads) == before
        child.kill()
    assert len(threads) > 1
    assert cores_of([child.pid]) == frozenset()


GROWS = """
import os, subprocess, sys, threading
print("here", flush=True)
for line in sys.stdin:
    sleeps = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    child = subprocess.Popen(sleeps, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdout.readline()
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    print(child.pid, flush=True)
child.kill()
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux")
@pytest.mark.skipif(len(usable_cores()) < 2, reason="needs two cores")
def test_who_was_started_meanwhile_is_let_go_as_well() -> None:
    """A thread and a process of a service under load, which inherited where it was moved to."""
    last = frozenset({max(usable_cores())})
    words = [sys.executable, "-c", GROWS]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdin is not None
        assert service.stdout is not None
        service.stdout.readline()
        before = cores_of([service.pid])
        with moved(service.pid, last):
            service.stdin.write("one more\n")
            service.stdin.flush()
            child = int(service.stdout.readline())
            everybody = [*threads_of([service.pid, child])]
            assert [cores_of([each]) for each in everybody] == [last] * len(everybody)
        assert [cores_of([each]) for each in everybody] == [before] * len(everybody)
    assert len(everybody) == 3


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux")
def test_what_the_block_may_not_do_is_not_said_of_the_target() -> None:
    with pytest.raises(PermissionError), moved(os.getpid(), usable_cores()):
        raise PermissionError
