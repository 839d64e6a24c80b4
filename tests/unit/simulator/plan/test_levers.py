"""What operators set while a launch runs, and what a rehearsal finds that starts later."""

import pytest

from simulator.plan.meaning.system import system_of
from simulator.scenario.scenario import parse
from simulator.system.later import shifted
from simulator.system.line import Feedback, Policy, Slots, TokenBucket
from simulator.system.stations import ColdStart
from simulator.system.system import Change, Lever, System
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import SMALL, changed

S, MINUTE = NS_PER_S, 60 * NS_PER_S
RELEASE = "release = { share_of_capacity = 0.75 }"
SLOTS = (RELEASE, 'release = { slots = { total = 300, session = "5 min" } }')
FEEDBACK = (
    RELEASE,
    """release = { feedback = { signal = "in-flight", limit = 200, every = "10 s", first = "5/s", \
lowest = "1/s", highest = "40/s", step = "1/s", cut = 0.75 } }""",
)
MORE = """
[[station]]
name = "web-1"
kind = "cpu"
servers = 64
cores = 8
waiting_room = 100
service = "50 ms"
cold_start = { slowdown = 2, for = "3 min" }

[[station]]
name = "mail"
kind = "quota"
quota = { rate = "20/s" }
waiting_room = 100
service = "2 s"

[[journey.step]]
name = "feed"
at = "web-1"
calls = [{ at = "mail" }]
"""


def system(change: str, *changes: tuple[str, str]) -> System:
    more = ("[objectives.signup]", f"{MORE}\n[objectives.signup]")
    return system_of(parse(f"{changed(more, *changes)}\n[[change]]\nat = '1 min'\n{change}\n", "f"))


@examples("set_, lever, value, station",
    ("quota", '"station.mail.quota.rate" = "50/s"', Lever.QUOTA_SPACING_NS, S // 50, 2),
    ("cores", '"station.web-1.cores" = 4', Lever.CORES, 4, 1),
    ("an outage", '"station.web-1.servers" = 0', Lever.SERVERS, 0, 1),
    ("waiting room", '"station.mail.waiting_room" = 7', Lever.WAITING_ROOM, 7, 2),
    ("policy", '"waitlist.policy" = "open"', Lever.POLICY, Policy.OPEN, 0),
    ("rate", '"waitlist.release.rate" = "5/s"', Lever.RELEASE_SPACING_NS, S // 5, 0),
)  # fmt: skip
def test_a_lever_is_set_where_it_is(set_: str, lever: Lever, value: int, station: int) -> None:
    [change] = system(f"set = {{ {set_} }}").changes
    assert change == Change(at_ns=MINUTE, lever=lever, value=value, station=station)


def test_slots_are_set() -> None:
    [change] = system('set = { "waitlist.release.slots.total" = 500 }', SLOTS).changes
    assert change == Change(at_ns=MINUTE, lever=Lever.SLOTS, value=500)


def test_servers_come_where_it_is_said() -> None:
    [change] = system('station = "web-1"\nset = "+6 servers"').changes
    assert change == Change(at_ns=MINUTE, lever=Lever.SERVERS, value=70, station=1)


def test_a_line_that_opens_is_closed_again_to_its_own_policy() -> None:
    set_ = 'set = { "waitlist.policy" = "priority" }'
    found = system(set_, ('policy = "fifo"', 'policy = "open"'))
    assert (found.waitlist.policy, found.order) == (Policy.OPEN, Policy.PRIORITY)


def test_a_line_that_is_shuffled_later_is_shuffled() -> None:
    set_ = 'set = { "waitlist.policy" = "shuffle-then-fifo" }'
    found = system(set_, ('policy = "fifo"', 'policy = "open"\nopens = "5 min"'))
    assert (found.waitlist.shuffles, found.order) == (True, Policy.FIFO)


def test_a_window_starts_with_what_was_set_before_it() -> None:
    quota = shifted(system('set = { "station.mail.quota.rate" = "50/s" }'), 2 * MINUTE)
    assert quota.stations[2].quota == TokenBucket(spacing_ns=S // 50)
    cores = shifted(system('set = { "station.web-1.cores" = 4 }'), 2 * MINUTE)
    assert cores.stations[1].cores == 4
    slots = shifted(system('set = { "waitlist.release.slots.total" = 500 }', SLOTS), 2 * MINUTE)
    assert slots.waitlist.release == Slots(total=500, session_ns=5 * MINUTE)
    rate = shifted(system('set = { "waitlist.release.rate" = "8/s" }', FEEDBACK), 2 * MINUTE)
    assert isinstance(rate.waitlist.release, Feedback)
    assert rate.waitlist.release.first_rate == 8_000_000
    assert not quota.changes + cores.changes + slots.changes + rate.changes


@examples("from_min, opens_min, shuffles",
    ("the launch itself", 0, 5, True),
    ("before the line opens", 2, 3, True),
    ("when it opens", 5, 0, False),
    ("after it opened", 6, 0, False),
)  # fmt: skip
def test_a_line_opens_when_it_would(from_min: int, opens_min: int, shuffles: bool) -> None:
    text = changed(('policy = "fifo"', 'policy = "shuffle-then-fifo"\nopens = "5 min"'))
    line = shifted(system_of(parse(text, "f")), from_min * MINUTE).waitlist
    assert (line.opens_ns, line.shuffles) == (opens_min * MINUTE, shuffles)


def test_batches_keep_their_rhythm() -> None:
    batches = (RELEASE, 'opens = "5 min"\nrelease = { batch = { size = 9, every = "2 min" } }')
    line = shifted(system_of(parse(changed(batches), "f")), 8 * MINUTE).waitlist
    # At 5, 7, 9 minutes: a minute after the window starts, and each two minutes after that.
    assert line.opens_ns == MINUTE


@pytest.mark.parametrize(("from_min", "cold"), [(2, True), (3, False)])
def test_a_station_that_has_run_for_a_while_is_warm(from_min: int, cold: bool) -> None:
    found = shifted(system('set = { "waitlist.policy" = "open" }'), from_min * MINUTE)
    assert found.stations[1].cold == ColdStart(
        slowdown_thousandths=2000, for_ns=3 * MINUTE, at_opening=cold
    )


def test_from_the_opening_on_nothing_is_shifted() -> None:
    found = system_of(parse(SMALL, "f"))
    assert shifted(found, 0) == found
