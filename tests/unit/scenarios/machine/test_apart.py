"""What sends and the target on cores of their own: who gets which, and when that cannot be."""

from __future__ import annotations

import pytest

from scenarios.http.allow import Target
from scenarios.machine import apart
from scenarios.machine.apart import Apart, beside, kept_apart, require_here, split
from simulator.errors import UsageError


def cores(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


def threads_in_pairs(of: frozenset[int]) -> list[frozenset[int]]:
    """0 and 1 are one physical core, 2 and 3 the next one."""
    return sorted({frozenset(c for c in of if c // 2 == core // 2) for core in of}, key=min)


@pytest.fixture(autouse=True)
def _pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "physical", threads_in_pairs)


def test_the_generator_gets_a_physical_core_where_there_are_several() -> None:
    found = split(cores(0, 1, 2, 3), 1, pid=7)
    assert (found.generator, found.target) == (cores(2, 3), cores(0, 1))
    assert str(found) == "the generator on cores 2, 3, the target (process 7) on cores 0, 1"


def test_of_one_physical_core_it_gets_a_thread_and_that_is_said() -> None:
    found = split(cores(0, 1), 1, pid=7)
    assert (found.generator, found.target) == (cores(1), cores(0))
    assert str(found).endswith("which are threads of one physical core")


def test_each_process_that_sends_gets_one() -> None:
    assert split(cores(0, 1, 2, 3), 2, pid=7).generator == cores(2, 3)
    assert split(cores(0, 1, 2, 3, 4, 5), 2, pid=7).generator == cores(2, 3, 4, 5)


def test_one_core_is_too_few() -> None:
    with pytest.raises(UsageError, match="core 0 for 2 processes are too few"):
        split(cores(0), 1, pid=7)


def test_a_target_that_leaves_cores_is_left_where_it_is() -> None:
    found = beside(cores(1), cores(0, 1))
    assert found == Apart(generator=cores(0), target=cores(1), pid=None)
    with pytest.raises(UsageError, match="may run on cores 0, 1, which leaves none"):
        beside(cores(0, 1), cores(0, 1))
    with pytest.raises(UsageError, match="cannot be seen"):
        beside(cores(), cores(0, 1))


def test_another_machine_shares_nothing() -> None:
    there = Target(url="http://192.0.2.1", host="192.0.2.1", port=80, addresses=("192.0.2.1",))
    with pytest.raises(UsageError, match="is another machine"):
        require_here(there)


def test_a_process_that_is_not_there_is_not_moved() -> None:
    here = Target(url="http://127.0.0.1:9", host="127.0.0.1", port=9, addresses=("127.0.0.1",))
    with pytest.raises(UsageError, match="no such process"), kept_apart(here, 2**22 + 1):
        pass
