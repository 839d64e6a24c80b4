"""The launches with waiting rooms: what was published of them comes out, and what broke them breaks."""

import functools
import math

import numpy as np
import pytest

from scenarios.library import shelf as library
from simulator import Compiled, Plan
from simulator.advice.why.diagnosis import diagnose
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate
from simulator.plan.launches import play
from simulator.plan.published.fit import TOLERANCE
from simulator.plan.surges.milestones import through
from simulator.scenario.words.surges.formulas import Constant
from simulator.scenario.words.surges.surge import Milestones
from simulator.units import NS_PER_S
from tests.plans import library_plan

ENGINE = Compiled()
Z = 4.0
"""Each figure of a launch alarms falsely once in 16,000 times."""
MINUTE_NS = 60 * NS_PER_S
HOUR_NS = 60 * MINUTE_NS


@functools.cache
def plan_of(name: str, variant: str | None = None) -> Plan:
    return library_plan(name, variant=variant)


@functools.cache
def launch(name: str, variant: str | None = None, number: int = 0) -> Summary:
    return play(plan_of(name, variant), ENGINE, number)


def first_to_run_out(name: str, variant: str | None = None) -> str | None:
    plan, summary = plan_of(name, variant), launch(name, variant)
    first = diagnose(summary, plan.system, plan.objectives).first
    return None if first is None else summary.layout.stations[first.station]


def mean_wait_min(summary: Summary) -> float:
    """Of those who waited at all."""
    wait = summary.wait
    return wait.sum_ns / (wait.finite - int(wait.counts[0])) / MINUTE_NS


# doctolib-2021 ------------------------------------------------------------------------------------


def test_the_evening_has_the_bookings_that_were_counted() -> None:
    booked = launch("doctolib-2021").fates[Fate.SERVED]
    assert booked == pytest.approx(926_000, abs=Z * math.sqrt(926_000) + TOLERANCE * 926_000)


def test_twenty_thousand_book_in_each_minute_about_nine_o_clock() -> None:
    """The line lets in evenly, and who was let in books within a mean of 9 s.

    Those who are let in before an edge of the time looked at and book behind it are a Poisson
    number of at most the rate times that mean, at each of the two edges.
    """
    summary = launch("doctolib-2021")
    first, last = (at * MINUTE_NS // summary.bin_ns for at in (54, 66))
    minutes = (last - first) * summary.bin_ns / MINUTE_NS
    straddling = 20_000 * 9 / 60

    assert summary.bins.line[first - 1 : last].min() > 0
    assert summary.bins.served[first:last].sum() == pytest.approx(
        20_000 * minutes, abs=Z * math.sqrt(2 * straddling) + 1
    )


def test_the_wait_is_one_of_minutes() -> None:
    assert 1 < launch("doctolib-2021").wait.quantile_ns(0.95) / MINUTE_NS < 5


def test_the_next_morning_has_four_to_five_thousand_bookings_a_minute() -> None:
    (surge,) = library.load("doctolib-2021").words.surge
    assert isinstance(surge, Milestones)
    by_minute = np.diff(through(surge.points)(np.arange(11.5 * 60, 13.25 * 60 + 1) * 60.0))
    assert by_minute.sum() == pytest.approx(350_000)
    assert 4_000 < by_minute.max() < 5_000


def test_without_the_line_a_third_of_the_bookings_and_more_are_lost() -> None:
    lost = launch("doctolib-2021", "no-line").fates[Fate.GAVE_UP]
    assert lost > 926_000 / 3
    assert first_to_run_out("doctolib-2021", "no-line") == "booking"
    assert first_to_run_out("doctolib-2021") is None


# healthcare-gov-2013 ------------------------------------------------------------------------------

ARRIVALS = 780_000
"""39 percent of two million, from ten o'clock to two."""
LINE = 32_000
"""At its longest. What it is varies as the arrivals do, so that its spread is at most their root."""
SPREAD = Z * math.sqrt(ARRIVALS) / LINE


def test_the_noon_has_the_wait_and_the_crowd_that_were_published() -> None:
    summary = launch("healthcare-gov-2013")
    assert summary.arrivals == pytest.approx(ARRIVALS, abs=Z * math.sqrt(ARRIVALS))
    assert mean_wait_min(summary) == pytest.approx(7, rel=0.01 + SPREAD)
    assert summary.bins.present.max() == pytest.approx(83_000, abs=400 + SPREAD * LINE)
    assert summary.fates[Fate.BALKED] == pytest.approx(123_000, rel=0.01 + SPREAD)
    assert summary.fates[Fate.BALKED] < 129_000, "who left an address in the whole day"


def test_the_room_is_what_limits_the_noon() -> None:
    """Fifty thousand sessions: the few above it read on after their session has lapsed."""
    bins = launch("healthcare-gov-2013").bins
    inside = bins.present - bins.line
    assert 50_000 <= inside.max() < 1.05 * 50_000
    assert launch("healthcare-gov-2013").fates[Fate.GAVE_UP] == 0


def test_on_the_first_day_of_october_almost_nobody_gets_an_account() -> None:
    summary = launch("healthcare-gov-2013", "october")
    assert summary.bins.present.max() > 2 * 60_000, "more than twice the people expected"
    assert summary.fates[Fate.SERVED] < summary.arrivals / 1_000
    assert first_to_run_out("healthcare-gov-2013", "october") == "accounts"


def test_those_who_left_an_address_come_back_after_the_noon() -> None:
    words = library.load("healthcare-gov-2013").words
    back = words.surge[1]
    assert isinstance(back, Constant)
    assert back.until_ns is not None
    assert back.from_ns >= words.launch.horizon_ns
    assert back.rate_per_s * (back.until_ns - back.from_ns) / NS_PER_S == pytest.approx(129_000)


# ticketmaster-eras-2022 ---------------------------------------------------------------------------

CODES = 15_000


def test_more_than_nine_come_for_each_code() -> None:
    """Of those who come by a long-tailed law one in a thousand is not there within the day."""
    total = plan_of("ticketmaster-eras-2022").demand.total
    assert total / CODES == pytest.approx(14_000_000 / 1_500_000, rel=0.001)


def test_as_was_planned_four_in_ten_of_the_invited_come_and_get_their_tickets() -> None:
    plan = plan_of("ticketmaster-eras-2022", "as-invited")
    summary = launch("ticketmaster-eras-2022", "as-invited")
    assert plan.demand.total == pytest.approx(0.4 * CODES, rel=0.005)
    assert summary.fates[Fate.GAVE_UP] == 0
    assert summary.wait.quantile_ns(0.95) < HOUR_NS
    assert first_to_run_out("ticketmaster-eras-2022", "as-invited") is None


def buying(summary: Summary) -> list[int]:
    """The places of those who buy."""
    places = range(len(summary.layout.places))
    return [place for place in places if summary.layout.name_of_place(place).startswith("buy,")]


def test_as_it_came_the_check_of_the_codes_is_overrun() -> None:
    """The file says that 16 percent come to nothing where 15 were counted."""
    summary = launch("ticketmaster-eras-2022")
    steps, places = summary.steps, buying(summary)
    sent = int(steps.sent[places].sum())
    in_trouble = int((steps.sent - steps.answered)[places].sum()) / sent
    assert first_to_run_out("ticketmaster-eras-2022") == "codes"
    assert in_trouble == pytest.approx(0.15, abs=0.01 + Z * math.sqrt(0.15 * 0.85 / sent))


def test_people_wait_for_two_to_six_hours() -> None:
    wait = launch("ticketmaster-eras-2022").wait
    assert wait.quantile_ns(0.5) > 2 * HOUR_NS
    assert wait.quantile_ns(0.95) < 6 * HOUR_NS


def test_in_the_end_more_tickets_are_sold_than_a_hundredth_of_two_million() -> None:
    summary = launch("ticketmaster-eras-2022")
    buyers = summary.fates_of_journeys[summary.layout.journeys.index("buy"), Fate.SERVED]
    assert 20_000 < 3 * buyers < 3 * CODES / 2
