"""The last day to decide."""

import datetime as dt
from zoneinfo import ZoneInfo

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.answers.cases import Lead
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.questions.leads import leads
from tests.launches.enough import knob

DAY_NS = 86_400 * 10**9
PARIS = ZoneInfo("Europe/Paris")
OPENING = dt.datetime(2026, 4, 6, 10, 0, tzinfo=PARIS)
ROOM = Knob(
    key="station.web.waiting_room", tweak=Tweak(turn=Turn.WAITING_ROOM, now=5), low=0, high=99
)


def lead(needed: float, **lead_times_ns: int) -> Lead:
    values = Candidate(values=(needed, 50.0))
    (found,) = leads((knob(), ROOM), values, ["web"], lead_times_ns, OPENING)
    return found


def test_more_is_ordered_so_long_before_the_opening_whatever_clocks_do() -> None:
    found = lead(14.0, web=14 * DAY_NS)
    assert (found.key, found.station, found.more) == ("station.web.servers", "web", 4.0)
    # Clocks go forward on 29 March: fourteen times 24 hours before ten is nine in winter time.
    assert found.decide_by == dt.datetime(2026, 3, 23, 9, 0, tzinfo=PARIS)
    assert found.decide_by is not None
    assert found.decide_by.utcoffset() == dt.timedelta(hours=1)


def test_what_there_is_enough_of_is_not_ordered() -> None:
    assert lead(10.0, web=DAY_NS).decide_by is None
    assert lead(3.0, web=DAY_NS).more == 0.0


def test_without_a_lead_time_there_is_no_day() -> None:
    found = lead(14.0, db=DAY_NS)
    assert (found.more, found.lead_time_ns, found.decide_by) == (4.0, None, None)
