"""When Python's collector is called during a surge."""

import gc
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from scenarios.replay.child.surge import garbage
from scenarios.replay.child.surge.garbage import EACH_BYTES, SPARE_BYTES, Garbage


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    yield
    gc.enable()
    gc.unfreeze()


@dataclass
class Process:
    """So large."""

    n_bytes: int = 1 << 30

    def resident(self) -> int:
        return self.n_bytes


def test_it_is_off_from_the_opening_and_called_where_people_do_not_explain_the_growth() -> None:
    process = Process()
    kept_out = Garbage(process.resident)
    kept_out.keep_out()
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0

    process.n_bytes += SPARE_BYTES + 100 * EACH_BYTES
    kept_out.look(present=100)
    assert kept_out.collections == 0
    kept_out.look(present=99)
    assert kept_out.collections == 1


def test_it_is_not_called_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    process, now_ns = Process(), [0]
    monkeypatch.setattr(time, "perf_counter_ns", lambda: now_ns[0])
    kept_out = Garbage(process.resident)
    kept_out.keep_out()
    process.n_bytes *= 2

    called = []
    for now_ns[0] in (0, 1, garbage.NOT_AGAIN_NS - 1, garbage.NOT_AGAIN_NS):
        kept_out.look(present=0)
        called.append(kept_out.collections)
    assert called == [1, 1, 1, 2]


class Ring:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_refers_to_itself_is_freed_by_it() -> None:
    process = Process()
    kept_out = Garbage(process.resident)
    kept_out.keep_out()
    process.n_bytes *= 2
    seen = weakref.ref(Ring())
    assert seen() is not None
    kept_out.look(present=0)
    assert seen() is None


OF_64_MIB = """
from scenarios.replay.child.surge.garbage import resident_bytes
before = resident_bytes()
held = b"\\1" * (64 << 20)
print(resident_bytes() - before)
"""


def test_a_process_knows_its_own_size() -> None:
    """A new one: in an old one memory that was freed is taken again, and it does not grow."""
    done = subprocess.run(
        [sys.executable, "-c", OF_64_MIB], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) > (64 << 20) // 2
