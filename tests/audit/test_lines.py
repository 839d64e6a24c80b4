"""Each seeded fault is found in virtual time, and none is invented in the right line."""

import pytest

from simulator.outcomes.rows import Fate, Rows
from simulator.verdict.criteria import OF_PROMISES, Asks, Outcome
from simulator.verdict.kept import judge_line
from simulator.verdict.line.audit import audit_line
from tests.audit.crowd import PROMISES, Crowd, played
from tests.audit.faults import FAULTS, RIGHT, Fault
from tests.examples import examples

RESTART_S = 3.0
CROWDS = {
    "at ease": Crowd(),
    "over a slow network": Crowd(slow_s=0.6),
    "of whom a third leave": Crowd(leaves=0.3),
    "whose target is restarted": Crowd(restart_s=RESTART_S),
    "all of it": Crowd(slow_s=0.6, leaves=0.3, restart_s=RESTART_S),
}


def found(looks: Rows, visits: Rows) -> tuple[set[Asks], set[Asks]]:
    """What was asked of a line, and which promises are found to be broken."""
    criteria = judge_line(audit_line(looks, visits, PROMISES))
    asked = {one.asks for one in criteria if one.outcome is not Outcome.NOT_APPLICABLE}
    return asked, {one.asks for one in criteria if one.outcome is Outcome.FAILS}


def in_virtual_time(fault: Fault, seed: int) -> set[Asks]:
    crowd = Crowd(restart_s=RESTART_S if fault.restarted else None)
    return found(*played(fault.make, crowd, seed))[1]


def require_found(fault: Fault, broken: set[Asks]) -> None:
    """It, and nothing that is not wrong with that line."""
    assert fault.breaks in broken
    assert broken <= {fault.breaks} | fault.also


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found_and_no_other(name: str) -> None:
    require_found(FAULTS[name], in_virtual_time(FAULTS[name], 0))


def among_who_leave(fault: Fault) -> tuple[Rows, Rows]:
    crowd = CROWDS["of whom a third leave"]
    looks, visits = played(fault.make, crowd, 0)
    assert 0 < (visits["fate"] == Fate.RENEGED).sum() < crowd.people
    return looks, visits


def test_a_wait_that_is_too_long_is_found_among_people_who_leave() -> None:
    """More of it than who leaves explains."""
    fault = FAULTS["four times the wait is announced"]
    require_found(fault, found(*among_who_leave(fault))[1])


def test_who_leaves_may_hide_a_wait_that_is_too_short_and_never_turns_it_round() -> None:
    """Where three in ten leave, the others wait less than they would, so nearer to half of it than the factor of 1.5."""
    fault = FAULTS["half of the wait is announced (a factor of 1.5 is promised)"]
    looks, visits = among_who_leave(fault)
    audit = audit_line(looks, visits, PROMISES)
    assert audit is not None
    assert audit.announced is not None
    assert audit.announced.short > 0
    assert audit.announced.long == 0
    assert found(looks, visits)[1] <= {fault.breaks}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found_whatever_the_seed(name: str) -> None:
    for seed in range(1, 50):
        require_found(FAULTS[name], in_virtual_time(FAULTS[name], seed))


@pytest.mark.parametrize("name", CROWDS)
def test_nothing_is_found_in_the_right_line(name: str) -> None:
    asked, broken = found(*played(RIGHT, CROWDS[name], 0))
    assert asked == OF_PROMISES  # everything could have been found
    assert broken == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", CROWDS)
def test_nothing_is_found_in_the_right_line_whatever_the_seed(name: str) -> None:
    for seed in range(1, 100):
        assert found(*played(RIGHT, CROWDS[name], seed))[1] == set()


# Wrong auditors, who invent faults -------------------------------------------------------------------


def as_seen(looks: Rows) -> Rows:
    """Believes that the line decided when its answer was seen."""
    looks["sent"] = looks["seen"]
    return looks


def as_sent(looks: Rows) -> Rows:
    """Believes that it decided when it was asked."""
    looks["seen"] = looks["sent"]
    return looks


@examples("auditor",
    ("the instant of the answer", as_seen),
    ("the instant of the question", as_sent),
)  # fmt: skip
def test_who_takes_one_instant_for_granted_invents_faults(auditor) -> None:  # type: ignore[no-untyped-def]
    """So the right line is a crowd in which there is something to be invented."""
    looks, visits = played(RIGHT, Crowd(slow_s=0.6), 0)
    assert Asks.OVERTAKEN in found(auditor(looks), visits)[1]
