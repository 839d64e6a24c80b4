"""Two replays to one target on one machine: the second is told of the first, and nothing is left behind."""

import os
import signal
import subprocess
import sys

import pytest

from scenarios.process.alone import alone, name_of
from simulator.errors import InvalidRun
from tests.examples import examples
from tests.loopback import free_port

HERE = ("127.0.0.1",)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the names are Linux's")


def test_the_second_is_told_which_process_is_the_first() -> None:
    port = free_port()
    with alone(HERE, port, "http://a"):
        found = f"another replay or probe \\(process {os.getpid()}\\) is being sent to http://a: "
        with pytest.raises(InvalidRun, match=found), alone(("::1",), port, "http://a"):
            pass
        with alone(HERE, port + 1, "http://b"):
            pass
    with alone(HERE, port, "http://a"):
        pass


def test_a_holder_that_is_killed_leaves_nothing_behind() -> None:
    port = free_port()
    code = (
        "import time; from scenarios.process.alone import alone\n"
        f"with alone(('127.0.0.1',), {port}, 'a'): print('held', flush=True); time.sleep(1000)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(InvalidRun, match=f"process {holder.pid}"), alone(HERE, port, "a"):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with alone(HERE, port, "a"):
        pass


@examples("addresses, others, same",
    ("both ways to this machine", ("127.0.0.1",), ("::1", "127.0.0.1"), True),
    ("a name of several addresses, in any order", ("192.0.2.1", "192.0.2.2"), ("192.0.2.2", "192.0.2.1"), True),
    ("another machine", ("192.0.2.1",), ("127.0.0.1",), False),
)  # fmt: skip
def test_what_is_one_target(
    addresses: tuple[str, ...], others: tuple[str, ...], same: bool
) -> None:
    assert (name_of(addresses, 80) == name_of(others, 80)) is same
