"""Every reason in words, and every criterion by its name."""

import math
from dataclasses import replace

import pytest

from reports.sentences.criterion import against_limit, against_objective, name_of
from reports.sentences.reasons import PLAIN, ROOM, reason_of
from simulator.outcomes.answered import ALREADY_DONE
from simulator.plan.plan import Subject
from simulator.verdict.criteria import Asks, Criterion, Kind, Outcome
from simulator.verdict.reasons import (
    Accounts,
    Busy,
    Clocks,
    Ended,
    Forbidden,
    Guessed,
    HeldUp,
    InLine,
    Kept,
    LetIn,
    Lost,
    Met,
    Mistimed,
    NotSent,
    OfVisits,
    Plain,
    Reason,
    Tally,
    TooFew,
    Unjudged,
)

HOLDS, FAILS, OPEN = Outcome.HOLDS, Outcome.FAILS, Outcome.INCONCLUSIVE
LAUNCH, REHEARSAL = Subject.LAUNCH, Subject.REHEARSAL
ACCOUNTS = Accounts(planned=1_000, started=990, unsent=10, reported=None)
UNSENT = NotSent(planned=1_000, unsent=10, late=7, at_cap=3)
HELD_UP = HeldUp(share=0.02, limit_s=0.05, longest_s=1.5)
IN_THE_RECORDS = "check in the target's own records that they were done"
FEW = TooFew(samples=237, needed=1_000)


def criterion(asks: Asks, outcome: Outcome, reason: Reason, **more: object) -> Criterion:
    given: dict[str, object] = {"limit": 1.0, "measured": 2.0, **more}
    return Criterion(asks=asks, outcome=outcome, reason=reason, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("reason", "outcome", "text"), [
    (FEW, OPEN, "too few, 237 of 1,000"),
    (OfVisits(visits=1, ended=True), HOLDS, "over 1 visit"),
    (OfVisits(visits=2, ended=False), FAILS, "over 2 visits, not all of which had ended by the end"),
    (InLine(people=900, waiting=None), FAILS, "of 900 in the line"),
    (InLine(people=900, waiting=40.0), FAILS, "of 900 in the line, 40 of them still in it at the end"),
    (InLine(people=9, waiting=4.0), OPEN, "of 9 in the line, 4 of them still in it at the end: a longer rehearsal (replay.for) would tell"),
    (LetIn(people=900, unanswered=None, timeout=True), HOLDS, "of 900 let in"),
    (LetIn(people=900, unanswered=5.0, timeout=True), OPEN, "5 of 900 let in still had no answer at the end: a longer drain would tell"),
    (LetIn(people=900, unanswered=5.0, timeout=False), OPEN, "5 of 900 let in still had no answer at the end: a client timeout would tell"),
    (Guessed(visits=7, forbidden=Forbidden(limit=0.05, quantile=0.95)), OPEN,
     f"7 were {ALREADY_DONE}, more than may fail (p95 allows 5 %): {IN_THE_RECORDS}"),
    (Met(subject=LAUNCH, launches=100, met=97), HOLDS, "met in 97 of 100 launches; 95 % stay within this figure"),
    (Unjudged(subject=REHEARSAL, launches=60, unjudged=2, first=FEW), OPEN, "too few, 237 of 1,000 (in 2 of 60 rehearsals)"),
    (Tally(subject=LAUNCH, launches=60, hold=50, fail=0, bound=0.7), OPEN,
     "50 of 60 simulated launches met the objectives; 10 launches could not be judged"),
    (Ended(how="complete"), HOLDS, "the replay ran to its end"),
    (ACCOUNTS, HOLDS, "1,000 planned = 990 started + 10 unsent"),
    (ACCOUNTS, OPEN, ("1,000 were planned, but 990 started and an unknown number unsent were counted; leave the run's store"
     " alone while it goes on, and run it again")),
    (Kept(planned=1_000, missing=0), HOLDS, "of 1,000"),
    (Kept(planned=1_000, missing=4), OPEN,
     "the run's store has no outcome for 4 of 1,000; do not touch it during the run, and run it again"),
    (UNSENT, HOLDS, "10 of 1,000"),
    (UNSENT, OPEN, f"10 of 1,000 (7 too late, 3 at the in-flight cap); {ROOM}"),
    (replace(UNSENT, late=3, at_cap=7), OPEN, "10 of 1,000 (3 too late, 7 at the in-flight cap); raise replay.in_flight, or lower replay.demand_factor"),
    (replace(UNSENT, late=1, at_cap=0), OPEN,
     "10 of 1,000 (1 too late, 0 at the in-flight cap, 9 never reached); the replay ended before they came: run it again"),
    (Mistimed(busiest=40), HOLDS, "the busiest 100 ms had 40 planned; chance alone explains that"),
    (Plain.STARTS, HOLDS, "from intended to actual start, the generator's own delay"),
    (Plain.STARTS, OPEN, f"the generator was late; {ROOM}"),
    (Busy(share=0.5, seconds=2), HOLDS, "of one core, in two seconds in a row"),
    (Busy(share=0.991, seconds=1), OPEN, ("it used 99.1 % of one core in one second, and may have distorted what it measured;"
     " lower replay.demand_factor to 0.5 times what it is")),
    (Busy(share=0.991, seconds=1, worker="east"), OPEN, ("east used 99.1 % of one core in one second, and may have distorted"
     " what it measured; use more workers, or lower replay.demand_factor to 0.5 times what it is")),
    (replace(HELD_UP, worker="east"), OPEN,
     f"east was held up by as much as 1.5 s, and 2 % of what happened was noticed more than 50 ms late; {ROOM}"),
    (Lost(workers=4), HOLDS, "all 4 workers sent their part to its end"),
    (Lost(workers=1), HOLDS, "the only worker sent its part to its end"),
    (Lost(workers=4, lost=(("east", "it was frozen"), ("west", "killed"))), OPEN,
     "2 of 4: east: it was frozen; west: killed; nobody else sent that part of the plan, so run it again"),
    (Clocks(workers=4, worker="east", bound_s=0.002), HOLDS, "the clock of east is known to 2 ms, all others better"),
    (Clocks(workers=1, worker="east", bound_s=0.002), HOLDS, "the clock of east is known to 2 ms"),
    (Clocks(workers=4, worker="east", bound_s=0.03), OPEN,
     ("the clock of east was only known to 30 ms in the end: it drifted or jumped meanwhile, or its network became slower; run it"
      " again, and if it stays so use another machine for it")),
    (HELD_UP, HOLDS, "of what happened was noticed more than 50 ms late; longest scheduling delay 1.5 s"),
])  # fmt: skip
def test_reasons(reason: Reason, outcome: Outcome, text: str) -> None:
    assert reason_of(criterion(Asks.ERRORS, outcome, reason)) == text


def test_every_plain_reason_has_its_words() -> None:
    assert set(PLAIN) == set(Plain)


@pytest.mark.parametrize(("asks", "more", "name"), [
    (Asks.RESPONSE, {"journey": "wait", "quantile": 0.999}, "wait p99.9"),
    (Asks.WAIT, {"quantile": 0.5}, "wait p50"),
    (Asks.ERRORS, {"journey": "p95", "alone": True}, "errors"),
    (Asks.ERRORS, {"journey": "p95"}, "p95 errors"),
    (Asks.NOT_SERVED, {"journey": "post", "alone": True}, "post not served"),
    (Asks.FORGOTTEN, {}, "forgotten"),
])  # fmt: skip
def test_names(asks: Asks, more: dict[str, object], name: str) -> None:
    assert name_of(criterion(asks, FAILS, Plain.NO_FATE, **more)) == name


def test_what_never_ends_is_told_by_how_many() -> None:
    one = criterion(
        Asks.RESPONSE, FAILS, FEW, journey="p50", quantile=0.999, measured=math.inf, limit=2.0
    )
    assert against_objective(one) == "p50 p99.9: more than 0.1 % never finish (objective 2 s)"
    assert against_limit(one) == "p50 p99.9 never (limit 2 s)"


def test_what_is_asked_says_its_unit_and_of_what_it_is() -> None:
    said = {asks: criterion(asks, HOLDS, Plain.NO_FATE) for asks in Asks}

    assert {asks for asks, one in said.items() if one.kind is Kind.LAUNCHES} == {
        Asks.LAUNCHES_THAT_HOLD
    }
    assert {asks for asks, one in said.items() if one.unit == "s"} == {
        Asks.RESPONSE,
        Asks.WAIT,
        Asks.START_LAG,
        Asks.CLOCKS,
    }
    assert all(one.unit in ("s", "share", "") for one in said.values())
