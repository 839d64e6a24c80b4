"""The questions after a sizing, as a terminal shows them: of a small launch that is really sized."""

import datetime as dt
import functools
import math
from dataclasses import replace

import pytest

from reports.sentences.sizing.questions import (
    ends_text,
    excuse_text,
    headroom_lines,
    lead_text,
    measure_line,
    mended_text,
    naive_line,
    regret_lines,
)
from reports.terminal.prediction import WIDTH
from reports.terminal.questions import bars, questions_text
from simulator.advice.size.answer import Searched, Sizing
from simulator.advice.size.answers.cases import Break, Headroom, Lead
from simulator.advice.size.answers.sensitivity import Swing
from simulator.advice.size.certificate import Asked, certificate_of
from simulator.advice.size.knobs import Candidate
from simulator.advice.size.questions.asked_next import QUESTIONS, Known, asked_next
from simulator.verdict.criteria import Asks
from tests.launches.enough import SERVERS, Enough, needs_of_demand, plan, player

DAY_NS = 86_400 * 10**9
OPENING = dt.datetime(2026, 12, 24, 18, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 28, 12, 0, tzinfo=dt.UTC)


@functools.cache
def answered(people: float = math.inf) -> tuple[Sizing, ...]:
    """A launch that needs twelve servers and has ten, after each question, with as many people to play."""
    known = player(Enough(needs_of_demand), plan(1150.0))
    twelve = Candidate(values=(12.0,))
    asked = Asked()
    certificate = certificate_of(asked, known.tried(twelve, range(8)), seed=7, allowed=3, number=1)
    sizing = Sizing(
        plan=known.plan, asked=asked, knobs=known.knobs, prices=SERVERS, certificate=certificate,
        nearest=None, today=known.tried(known.now, range(8)), tried=(), frontier=(),
        searched=Searched(candidates=2, launches=16),
    )  # fmt: skip
    facts = Known(opening=OPENING, lead_times_ns={"web": 14 * DAY_NS}, surges=("opening",))
    return tuple(asked_next(sizing, known, facts, lambda *_: None, people=people))


def sized() -> Sizing:
    return answered()[-1]


def test_whoever_interrupts_has_the_answers_so_far() -> None:
    assert len(answered()) == len(QUESTIONS)
    for sizing in answered():
        text = questions_text(sizing, NOW)
        assert text
        assert all(len(line) <= WIDTH for line in text.splitlines()), text
    titles = [line for line in questions_text(sized(), NOW).splitlines() if line[:1].isalpha()]
    assert titles == [
        "what breaks first in today's system, each mended before the next (stroke: the likely demand)",
        "how much more it bears",
        "what each size of the demand needs",
        "the naive answer",
        "how much each choice is regretted, in the mean of the launches",
        "the last day to decide",
        "which figure moves the answer: each between its ends, all others as likely",
    ]


def test_what_takes_too_long_is_said_to_be_left_open() -> None:
    few, all_ = answered(people=1150.0 * 30)[-1], sized()
    assert few.unanswered
    assert few.unanswered[-1] == "which figure moves the answer"
    assert (few.naive, few.leads, few.swings) == (all_.naive, all_.leads, ())
    last = " ".join(questions_text(few, NOW).split())
    left = "; ".join(few.unanswered)
    said = f"not answered, since 1,150 people take long to simulate (--all answers it): {left}"
    assert last.endswith(said)
    assert all_.unanswered == ()
    assert "not answered" not in questions_text(all_, NOW)


def test_before_anything_is_asked_nothing_is_said() -> None:
    asked = replace(answered()[0], leads=())
    assert questions_text(asked, NOW) == ""


def test_what_is_said_of_it() -> None:
    said = sized()
    today, certified = headroom_lines(said)
    assert today.startswith("today's system bears 0.8")
    assert certified.startswith("the certified one bears 1 times the likely demand, and not 1.0")
    assert naive_line(said).startswith(
        "the rate of the busiest minute times the mean service is 12 servers of web, for 12 servers:"
        " 20 of 20 launches hold, 0 people lost"
    )
    first, wrong, scored = regret_lines(said)
    assert first == "least regretted over 20 launches: 12 servers of web, the certified one"
    assert wrong.endswith("19 servers for a step too little, 1 server for a step too much")
    assert "counts 19 times what is too much" in scored
    assert measure_line(said) == "no figure that can be measured beforehand moves the answer"


def test_excuses() -> None:
    found = sized().regret
    assert found is not None
    told = {each.tried.candidate.values[0]: excuse_text(each, found) for each in found.others}
    assert told == {
        10.0: "too little in 20 of 20",
        11.0: "too little in 20 of 20",
        13.0: "too much in 20",
    }
    assert excuse_text(found.best, found) == "least regret"
    placed = replace(found.others[-1], station="web", too_much=3, too_little=2)
    assert excuse_text(placed, found) == "too little in 2 of 20, at web; too much in 3"


def test_lead_times() -> None:
    said = sized()
    (lead,) = said.leads
    assert lead_text(lead, said, NOW) == (
        "station.web.servers: 2 more, 14 days ahead: decide by 2026-12-10 18:00 UTC"
    )
    late = OPENING - dt.timedelta(days=13)
    assert lead_text(lead, said, late).endswith("(that day has passed)")
    unsaid = Lead(key=lead.key, station="web", more=2.0, lead_time_ns=None, decide_by=None)
    assert lead_text(unsaid, said, NOW).endswith("2 more; the file says no lead_time")
    enough = replace(unsaid, more=0.0)
    assert lead_text(enough, said, NOW) == "station.web.servers: nothing more is needed"


def test_headroom_without_an_end_and_without_a_beginning() -> None:
    none, at_least = headroom_lines(
        replace(
            sized(),
            headroom_today=Headroom(breaks_at=0.0, searched_to=1 / 16),
            headroom=Headroom(breaks_at=16.0, searched_to=16.0),
        )
    )
    assert "not even a sixteenth" in none
    assert at_least.endswith("16 times the likely demand at least; no more was tried")


def broken(**changes: object) -> Break:
    one = Break(
        place="web", asks=Asks.RESPONSE, journey="signup", at_ns=60 * 10**9, demand_factor=0.5,
        mended_by="station.web.servers", mended_at=20.0,
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def test_breaks() -> None:
    said = sized()
    assert mended_text(broken(), said) == "20 servers of web"
    assert mended_text(broken(mended_for=3.0), said) == "20 servers of web, for 3 times"
    assert mended_text(broken(mended_at=None), said) == "station.web.servers: no value in its range"
    assert mended_text(broken(mended_by=""), said) == "nothing that is varied"
    both = (broken(), broken(place="db", demand_factor=2.0, at_ns=None))
    text = questions_text(replace(said, breaks=both), NOW)
    assert "1. web ██████████          │" in text
    assert "after 1 min   signup takes too long   20 servers of web" in text


@pytest.mark.parametrize(("low", "high", "expected"), [
    (5.0, 9.0, "5 to 9 servers"),
    (5.0, 5.0, "5 servers"),
    (5.0, None, "5 servers to nothing in range holds"),
    (None, None, "nothing in range holds"),
])  # fmt: skip
def test_both_ends_of_an_input(low: float | None, high: float | None, expected: str) -> None:
    swing = Swing(
        key="station.web.service", low=0.8, high=1.25, assumed=True, cost_low=low, cost_high=high,
        lost_low=0.0, lost_high=0.0,
    )  # fmt: skip
    assert ends_text(swing, sized()) == expected


def test_bars_share_an_axis_and_what_is_without_end_has_an_arrow() -> None:
    half, whole, more = bars([("a", 1.0, "1"), ("b", 2.0, "2"), ("c", math.inf, "")]).splitlines()
    assert (half.count("█"), whole.count("█"), more.count("█")) == (20, 40, 39)
    assert more.endswith("►")
