import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reports.run.facts import PlanFacts
from reports.sentences.cause import first_cause
from reports.sentences.criterion import name_of
from reports.sentences.reasons import reason_of
from reports.sentences.verdict import gate_lines
from simulator.outcomes.answered import ANY_2XX, LINE, WAITS, Answered
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.pulses import Stall
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.outcomes.workers import Worker
from simulator.plan.plan import Subject
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.verdict.chance import launches_needed
from simulator.verdict.criteria import OF_INSTRUMENT, Asks, Criterion, Outcome, conclusion
from simulator.verdict.evidence import forgotten, is_awaited, proven_errors, share_that_waits
from simulator.verdict.objectives import judge_objectives
from simulator.verdict.reasons import Plain
from simulator.verdict.validity.gates import judge_instrument, lag_limit_s
from simulator.verdict.verdict import Verdict, judge_absent_replay, judge_replay
from tests.examples import examples
from tests.launches.summaries import (
    BAD,
    FEW,
    GOOD,
    MS,
    OBJECTIVES,
    S,
    folded,
    instrument,
    launch,
    prediction,
)  # fmt: skip
from tests.said import said, said_absent, said_replay

LAUNCH = PlanFacts(
    subject=Subject.LAUNCH, objectives=OBJECTIVES, horizon_ns=10 * S, end_ns=20 * S, bin_ns=S,
    demand_factor=1.0, seed=0, has_line=True,
)  # fmt: skip
REHEARSAL = replace(LAUNCH, subject=Subject.REHEARSAL)


def failed(asks: Asks, limit: float, measured: float) -> Criterion:
    """What was asked of signups, and is not met."""
    return Criterion(
        asks=asks, journey="signup", quantile=0.95 if asks is Asks.RESPONSE else None, alone=True, limit=limit,
        measured=measured, outcome=Outcome.FAILS, reason=Plain.NO_FATE,
    )  # fmt: skip


def read(one: Criterion) -> tuple[Any, ...]:
    """A criterion as people read it."""
    return name_of(one), one.limit, one.measured, one.outcome, reason_of(one)


HOLDS, FAILS, INCONCLUSIVE = Outcome.HOLDS, Outcome.FAILS, Outcome.INCONCLUSIVE
UPPER_BOUND_OF_500_MS = pytest.approx(0.5, rel=1 / 128)
MET = "met the objectives"
TIGHTEST = "tightest figure is signup p95 500 ms (objective 2 s)"
NEVER = "worst figure is signup p95: more than 5 % never finish (objective 2 s)"
THREE_S = "worst figure is signup p95 3 s (objective 2 s)"
REFUSED = "first cause: the server turned people away from the opening on (150 attempts)"
SLOW = "first cause: answers took longer than the objective allows (200 attempts)"
SLOWLY = "try first: let people in more slowly, or add servers"
SERVED = (
    "try first: a faster signup, or more time for it: its services alone take that long (more servers help only"
    " where they slow one another down)"
)


@pytest.mark.parametrize(
    ("failures", "launches"), [(0, 59), (1, 93), (2, 124), (3, 153), (4, 181), (5, 208), (10, 336)]
)
def test_how_many_launches_certify_a_share(failures: int, launches: int) -> None:
    # SCIENCE 4, computed independently: the smallest n with BetaInv(.05; n - f, f + 1) >= .95.
    assert launches_needed(failures) == launches


PREDICTED = {
    HOLDS: "the launch is predicted to hold",
    FAILS: "the launch is predicted not to hold",
    INCONCLUSIVE: "launch prediction inconclusive",
}
FAILING = (
    f"0 of 2 simulated launches {MET} (95 % upper bound 77.6 %); the {NEVER}; {REFUSED}; {SLOWLY}"
)
AGAIN = ", without another failure"


@pytest.mark.parametrize(("hold", "fail", "few", "outcome", "why"), [
    # The fewest that can certify it, and one too few; failures among more; one proves nothing.
    (59, 0, 0, HOLDS, f"59 of 59 simulated launches {MET} (95 % lower bound 95 %); the {TIGHTEST}"),
    (58, 0, 0, INCONCLUSIVE, f"58 of 58 simulated launches {MET}; simulate at least 1 more launch"),
    (99, 1, 0, HOLDS, f"99 of 100 simulated launches {MET} (95 % lower bound 95.3 %); the {TIGHTEST}"),
    (98, 2, 0, INCONCLUSIVE, f"98 of 100 simulated launches {MET}; simulate at least 24 more launches{AGAIN}"),
    (0, 1, 0, INCONCLUSIVE, f"0 of 1 simulated launch {MET}; simulate at least 92 more launches{AGAIN}"),
    (0, 2, 0, FAILS, FAILING),
    (0, 0, 100, INCONCLUSIVE, "signup p95: too few, 150 of 200 (in 100 of 100 launches)"),
])  # fmt: skip
def test_a_prediction_is_judged_by_the_share_of_launches_that_hold(
    hold: int, fail: int, few: int, outcome: Outcome, why: str
) -> None:
    found = said(LAUNCH, prediction((hold, GOOD), (fail, BAD), (few, FEW)))
    assert (found.outcome, found.claim, found.why) == (outcome, PREDICTED[outcome], why)
    assert found.sentence == f"{PREDICTED[outcome]}: {why}"


def test_a_predicted_rehearsal_never_speaks_of_the_launch() -> None:
    verdict = said(REHEARSAL, prediction((60, GOOD)))
    assert "launch" not in verdict.sentence
    assert verdict.claim == "the rehearsal is predicted to hold"


def test_each_objective_of_a_prediction_says_what_95_of_100_stay_within() -> None:
    verdict = said(LAUNCH, prediction((95, GOOD), (5, BAD)))

    assert [(name_of(one), one.measured, reason_of(one)) for one in verdict.criteria] == [
        ("signup p95", UPPER_BOUND_OF_500_MS, "met in 95 of 100 launches; 95 % stay within this figure"),
        ("errors", 0.0, "met in 95 of 100 launches; 95 % stay within this figure"),
        ("forgotten", 0.0, "met in 100 of 100 launches; 95 % stay within this figure"),
        # BetaInv(0.05; 95, 6), by scipy.
        ("launches that hold", pytest.approx(0.89775, abs=5e-6),
         f"95 of 100 simulated launches {MET}; simulate at least 108 more launches{AGAIN}"),
    ]  # fmt: skip


NO_FATE = ("forgotten", 0.0, 0.0, Outcome.HOLDS, "no recorded outcome (giving up does not count)")


def test_objectives_of_one_launch() -> None:
    good, bad = ([read(one) for one in judge_objectives(OBJECTIVES, each)] for each in (GOOD, BAD))

    assert good == [
        ("signup p95", 2.0, UPPER_BOUND_OF_500_MS, Outcome.HOLDS, "over 300 visits"),
        ("errors", 0.1, 0.0, Outcome.HOLDS, "of 300 let in"),
        NO_FATE,
    ]
    # Who never succeeds is infinite.
    assert bad == [
        ("signup p95", 2.0, math.inf, Outcome.FAILS, "over 300 visits"),
        ("errors", 0.1, 0.5, Outcome.FAILS, "of 300 let in"),
        NO_FATE,
    ]


def test_a_wait_is_not_asked_of_a_launch_without_a_line() -> None:
    objectives = Objectives(
        journeys=(JourneyObjective(journey="signup"),),
        line=LineObjective(wait_quantiles_ns=((0.5, 10 * S),)),
    )

    (without,) = judge_objectives(objectives, launch([0.5] * 30, lined=False))
    (with_line,) = judge_objectives(objectives, launch([0.5] * 30))

    assert (without.outcome, reason_of(without)) == (Outcome.NOT_APPLICABLE, "there was no line")
    assert (name_of(with_line), with_line.outcome) == ("wait p50", Outcome.HOLDS)


def test_a_launch_without_the_line_that_is_asked_about_says_so() -> None:
    of_the_line = Objectives(line=LineObjective(left=0.1))
    verdict = said(
        replace(LAUNCH, objectives=of_the_line), prediction((60, launch([0.5] * 30, lined=False)))
    )
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.sentence.endswith("prediction inconclusive: left the line: there was no line")


def two_journeys() -> Summary:
    """A hundred sign up within a second; of a hundred who browse, twenty are refused."""
    layout = Layout(
        journeys=("signup", "browse"),
        groups=(0, 1),
        places=(Place(journey=0, station=0), Place(journey=1, station=0)),
        steps=(0, 1),
        good_within_ns=(2 * S, 2 * S),
    )
    visits = [
        (visitor, visitor % 2, 0, UNKNOWN, 0, S, Fate.GAVE_UP if visitor > 160 and visitor % 2 else Fate.SERVED)
        for visitor in range(200)
    ]  # fmt: skip
    attempts = [
        (visitor, group, 0, 0, UNKNOWN, S, Result.TURNED_AWAY if fate is Fate.GAVE_UP else Result.SUCCESS)
        for visitor, group, *_, fate in visits
    ]  # fmt: skip
    return folded(
        visits, attempts, horizon_ns=10 * S, end_ns=20 * S, layout=layout,
        provenance=Provenance.OBSERVED,
    )  # fmt: skip


BOTH = Objectives(
    journeys=(
        JourneyObjective(journey="browse", quantiles_ns=((0.5, 2 * S),), errors=0.1),
        JourneyObjective(journey="signup", errors=0.1),
    )
)


def test_each_journey_is_judged_by_its_own_objectives() -> None:
    judged = judge_objectives(BOTH, two_journeys())
    assert [(name_of(one), one.measured, one.outcome) for one in judged] == [
        ("browse p50", pytest.approx(1.0, rel=1 / 128), Outcome.HOLDS),
        ("browse errors", 0.2, Outcome.FAILS),
        ("signup errors", 0.0, Outcome.HOLDS),
    ]


def test_what_is_proven_is_proven_of_one_journey() -> None:
    plan = replace(REHEARSAL, objectives=BOTH)
    impaired = instrument(planned=200, started=200, recorded=200, ended=None)
    verdict = said_replay(plan, two_journeys(), impaired)
    assert verdict.outcome is Outcome.FAILS
    assert "turned away for good at least 20 % of those let in (objective 10 %)" in verdict.sentence
    assert proven_errors(two_journeys(), impaired, journey=0) == 0.0


def test_a_station_is_named_where_there_are_several() -> None:
    named = summarise(
        Outcomes(
            provenance=Provenance.OBSERVED, horizon_ns=10 * S, end_ns=20 * S,
            blocks=[Block.of([(0, 0, 0, UNKNOWN, 0, S, Fate.GAVE_UP)],
                             [(0, 1, 0, 3 * S, UNKNOWN, 4 * S, Result.TURNED_AWAY)])],
        ),
        bin_ns=S,
        layout=Layout(
            stations=("web", "mail"),
            places=(Place(journey=0, station=0), Place(journey=0, station=1)),
            steps=(0, 1),
        ),
    )  # fmt: skip
    told = first_cause(failed(Asks.ERRORS, 0.1, 1.0), [named], observed=True)

    assert told.cause == "mail turned people away from 3 s on (1 attempt)"


def test_a_prediction_says_what_would_have_held() -> None:
    verdict = said(LAUNCH, prediction((2, BAD)), "smallest change that holds: a line")
    assert verdict.sentence.endswith("(150 attempts); smallest change that holds: a line")


@pytest.mark.parametrize(("outcomes", "expected"), [
    ([HOLDS, HOLDS], HOLDS),
    ([HOLDS, INCONCLUSIVE], INCONCLUSIVE),
    ([INCONCLUSIVE, FAILS], FAILS),
    ([Outcome.NOT_APPLICABLE], INCONCLUSIVE),
    ([], INCONCLUSIVE),
])  # fmt: skip
def test_criteria_conclude(outcomes: list[Outcome], expected: Outcome) -> None:
    criteria = [replace(failed(Asks.ERRORS, 0.1, 0.2), outcome=outcome) for outcome in outcomes]
    assert conclusion(criteria) is expected


CORE = "give the generator a core of its own, or lower replay.demand_factor"
LATE = "1.5 % of what happened was noticed more than 100 ms late"
LATE_STARTS = {"lag_p99_ns": 101 * MS, "lag_max_ns": 101 * MS, "behind_ns": (101 * MS,) * 8}
"""Of 300: were they and as many others the slowest, more than 5 % would be."""
HELD_UP = {"loop_lag_max_ns": 200 * MS, "stalls": (Stall(lag_ns=200 * MS, touched=0.03),)}


@pytest.mark.parametrize(("changes", "gate", "reason"), [
    ({"ended": None}, "replay cut short", "the replay never wrote its end: it was killed or it crashed; run it again"),
    ({"ended": "interrupted"}, "replay cut short", "it was interrupted; run it again"),
    ({"ended": "stopped: stopped by the file /tmp/stop"}, "replay cut short", "stopped by the file /tmp/stop; run it again"),
    ({"ended": "broken off: no more files can be opened here"}, "replay cut short", "no more files can be opened here; run it again"),
    ({"unsent_reported": 2}, "planned but unaccounted for", "300 were planned, but 300 started and 2 unsent were counted; leave the run's store alone while it goes on, and run it again"),
    ({"started": 298, "unsent": 2, "unsent_reported": 2, "late": 2}, "unsent 0.7 % (limit 0.5 %)",
     f"2 of 300 (2 too late, 0 at the in-flight cap); {CORE}"),
    ({"worst_bin": 9}, "mistimed starts in the worst 100 ms 9 (limit 8)",
     f"the busiest 100 ms had 16 planned: the surge was not sent in its planned shape; {CORE}"),
    (LATE_STARTS, "start lag p99 101 ms (limit 100 ms)",
     f"the generator was late; {CORE}"),
    ({"cpu_share_peak": 0.9, "cpu_share_sustained": 0.86}, "generator CPU 86 % (limit 85 %)",
     "it used 86 % of one core in two seconds in a row, and may have distorted what it measured; lower replay.demand_factor to 0.6 times what it is"),
    (HELD_UP, "event loop lag 1.5 % (limit 1 %)", f"the generator was held up by as much as 200 ms, and {LATE}; {CORE}"),
])  # fmt: skip
def test_every_fault_of_the_instrument_makes_a_run_inconclusive(
    changes: dict[str, object], gate: str, reason: str
) -> None:
    verdict = said_replay(REHEARSAL, GOOD, instrument(**changes))
    assert (verdict.outcome, verdict.exit_code) == (Outcome.INCONCLUSIVE, 3)
    assert verdict.sentence == (
        f"the rehearsal is inconclusive, its instrument was impaired: {gate}: {reason}"
    )


def test_each_gate_that_closed_is_told_with_its_figure_and_its_remedy() -> None:
    several = instrument(**LATE_STARTS, worst_bin=9)
    verdict = said_replay(REHEARSAL, GOOD, several)
    assert verdict.sentence.endswith("(and 1 more reason)")
    assert gate_lines(verdict) == [
        (
            "mistimed starts in the worst 100 ms 9 (limit 8): the busiest 100 ms had 16 planned: the surge was not"
            f" sent in its planned shape; {CORE}"
        ),
        f"start lag p99 101 ms (limit 100 ms): the generator was late; {CORE}",
    ]
    assert gate_lines(said_replay(REHEARSAL, GOOD, instrument(worst_bin=9))) == []
    assert gate_lines(said_replay(REHEARSAL, GOOD, instrument())) == []


def test_at_its_limits_the_instrument_is_trusted() -> None:
    at_the_limits = instrument(
        lag_p99_ns=100 * MS,
        worst_bin=8,
        cpu_share_peak=0.98,
        cpu_share_sustained=0.85,
        stalls=(Stall(lag_ns=200 * MS, touched=0.02),),
    )

    assert {one.outcome for one in judge_instrument(at_the_limits, OBJECTIVES)} == {Outcome.HOLDS}


def test_a_silent_generator_is_not_trusted() -> None:
    silent = judge_instrument(instrument(beats=0), OBJECTIVES)
    assert [name_of(one) for one in silent if one.outcome is Outcome.INCONCLUSIVE] == [
        "generator CPU",
        "event loop lag",
    ]


def test_nothing_planned_is_nothing_shown() -> None:
    nothing = instrument(planned=0, started=0, recorded=0, lag_p99_ns=None, lag_max_ns=None)
    verdict = said_replay(REHEARSAL, launch(), nothing)
    assert verdict.sentence == (
        "the rehearsal is inconclusive, its instrument was impaired: unsent: no visits were"
        " planned; raise replay.demand_factor, or make replay.for longer (and 1 more reason)"
    )


@examples("quantiles_ns, limit_s",
    ("5 % of the smallest objective", ((0.95, 2 * S), (0.99, 5 * S)), 0.1),
    ("never below 20 ms", ((0.95, 100 * MS),), 0.02),
    ("without an objective", (), 0.02),
)  # fmt: skip
def test_how_late_the_generator_may_be(
    quantiles_ns: tuple[tuple[float, int], ...], limit_s: float
) -> None:
    journey = JourneyObjective(journey="signup", quantiles_ns=quantiles_ns)
    assert lag_limit_s(Objectives(journeys=(journey,))) == pytest.approx(limit_s)


OBSERVED = {
    HOLDS: "the rehearsal holds",
    FAILS: "the rehearsal does not hold",
    INCONCLUSIVE: "the rehearsal is inconclusive",
}
TIMED_OUT = "first cause: answers came after clients had stopped waiting (20 attempts)"
NOBODY = (
    "its worst figure is not served 100 % (objective 50 %); first cause: 300 lost patience in the line;"
    " if so few are meant to be served, say so: never_let_in in [objectives.line], or errors of a journey;"
    " try first: let people in faster, as far as the servers can take it"
)


@examples("summary, outcome, why",
    ("holds", GOOD, HOLDS, f"its {TIGHTEST}"),
    ("fails", BAD, FAILS, f"its {NEVER}; {REFUSED}; {SLOWLY}"),
    ("no line", launch([0.5] * 280, timed_out=20, lined=False), FAILS,
     f"its {NEVER}; {TIMED_OUT}; try first: let people in through a line, or add servers"),
    ("slow", launch([3.0] * 200, reneged=100), FAILS, f"its {THREE_S}; {SLOW}; {SERVED}"),
    ("slow and full", launch([3.0] * 200, refused=20, reneged=80), FAILS, f"its {NEVER}; {SLOW}; {SERVED}"),
    ("too few", launch([0.5] * 199, reneged=101), INCONCLUSIVE, "signup p95: too few, 199 of 200"),
    ("nobody was let in", launch(reneged=300), FAILS, NOBODY),
)  # fmt: skip
def test_a_replay_by_a_good_instrument(summary: Summary, outcome: Outcome, why: str) -> None:
    found = said_replay(REHEARSAL, summary, instrument())
    assert (found.provenance, found.outcome) == (Provenance.OBSERVED, outcome)
    assert (found.claim, found.why) == (OBSERVED[outcome], why)


def test_who_was_started_and_has_no_fate_was_forgotten() -> None:
    lost = launch([0.5] * 299)
    verdict = said_replay(REHEARSAL, lost, instrument(recorded=299))
    assert verdict.sentence == (
        "the rehearsal does not hold: its worst figure is forgotten 1 (objective 0);"
        " first cause: visitors were started and never reported back;"
        " try first: look for the lost visitors in the target's own records"
    )


LOST = (Worker(number=0, name="east", planned=300, lost="it was told to end"),)


@examples("changes, summary, expected",
    ("nobody", {}, GOOD, 0),
    ("unsent, written down", {"started": 297, "recorded": 300}, launch([0.5] * 297, unsent=3), 0),
    ("unsent, not written down", {"started": 297, "recorded": 297}, launch([0.5] * 297), 0),
    ("lost", {"recorded": 290}, launch([0.5] * 290), 10),
    ("cut short", {"recorded": 290, "ended": None}, launch([0.5] * 290), None),
    ("lost with a worker", {"recorded": 290, "workers": LOST}, launch([0.5] * 290), None),
)  # fmt: skip
def test_forgotten(changes: dict[str, object], summary: Summary, expected: int | None) -> None:
    assert forgotten(summary, instrument(**changes)) == expected


def test_an_impaired_instrument_still_shows_what_it_cannot_fake() -> None:
    verdict = said_replay(REHEARSAL, BAD, instrument(ended=None))
    assert verdict.outcome is Outcome.FAILS
    assert verdict.sentence == (
        "the rehearsal does not hold, although its instrument was impaired (replay cut short):"
        " the server itself turned away for good at least 50 % of those let in (objective 10 %)"
    )


@examples("changes, summary, share",
    ("all were turned away by the server", {}, BAD, 0.5),
    ("a generator can fake timeouts", {}, launch([0.5] * 150, timed_out=150), 0.0),
    ("who started late may have cost another his place", {"tardy": 50}, BAD, 1 / 3),
    ("the missing count as served", {"planned": 600}, BAD, 0.25),
    ("so do the unsent", {}, launch([0.5] * 150, refused=120, unsent=30), 0.4),
)  # fmt: skip
def test_errors_that_no_generator_explains(
    changes: dict[str, object], summary: Summary, share: float
) -> None:
    assert proven_errors(summary, instrument(**changes)) == pytest.approx(share)


def test_an_impaired_instrument_never_shows_a_pass_or_a_failure_it_may_have_made() -> None:
    faked = launch([0.5] * 150, timed_out=150)
    verdict = said_replay(REHEARSAL, faked, instrument(cpu_share_peak=1.0))
    assert verdict.outcome is Outcome.INCONCLUSIVE


def test_a_replay_that_never_took_place() -> None:
    assert judge_absent_replay() == Verdict(
        subject=Subject.REHEARSAL, provenance=Provenance.OBSERVED, outcome=Outcome.INCONCLUSIVE
    )
    assert said_absent().sentence == "the rehearsal is inconclusive: nothing was recorded"


@pytest.mark.parametrize(("asked", "name", "limit", "measured", "outcome", "of"), [
    # Who found it too long never got in either; of those who stood in it, who left.
    (LineObjective(never_let_in=0.5), "never let in", 0.5, 0.5, Outcome.HOLDS, 300),
    (LineObjective(never_let_in=0.49), "never let in", 0.49, 0.5, Outcome.FAILS, 300),
    (LineObjective(left=0.4), "left the line", 0.4, 0.4, Outcome.HOLDS, 250),
    (LineObjective(left=0.39), "left the line", 0.39, 0.4, Outcome.FAILS, 250),
])  # fmt: skip
def test_who_never_gets_in_and_who_leaves_the_line(
    asked: LineObjective, name: str, limit: float, measured: float, outcome: Outcome, of: int
) -> None:
    summary = launch([0.5] * 150, reneged=100, balked=50)
    found, *_ = judge_objectives(Objectives(line=asked), summary)
    assert read(found) == (name, limit, measured, outcome, f"of {of} in the line")


def test_without_a_line_nobody_is_kept_out_of_it() -> None:
    asked = Objectives(line=LineObjective(never_let_in=0.0, left=0.0))
    found = judge_objectives(asked, launch([0.5] * 20, lined=False))
    assert {one.outcome for one in found} == {Outcome.NOT_APPLICABLE}


def told(step: int, reason: str, status: int = 200) -> Answered:
    return Answered(step=step, result=Result.SUCCESS, status=status, reason=reason, count=300)


@examples("answers, awaited, outcome",
    ("many wait, as predicted", [told(LINE, WAITS, 202)], True, Outcome.HOLDS),
    ("nobody waits, though many should", [told(0, ANY_2XX)], True, Outcome.INCONCLUSIVE),
    ("all are let in at their first look", [told(LINE, "fine")], True, Outcome.INCONCLUSIVE),
    ("nobody needs to wait", [told(0, ANY_2XX)], False, Outcome.HOLDS),
    ("an older run, which kept no answers", [], True, Outcome.HOLDS),
)  # fmt: skip
def test_a_line_that_nobody_saw_is_no_pass(
    answers: list[Answered], awaited: bool, outcome: Outcome
) -> None:
    verdict = judge_replay(GOOD, instrument(), REHEARSAL.objectives, answers, awaited=awaited)
    assert verdict.outcome is outcome


def test_a_line_is_awaited_where_many_wait_in_every_launch() -> None:
    waits, at_once = launch([0.5] * 100, reneged=300), launch([0.5] * 300)
    assert (share_that_waits(waits), share_that_waits(at_once)) == (0.75, 0.0)
    assert share_that_waits(launch([0.5] * 300, lined=False)) == 0.0
    assert is_awaited([waits, waits])
    assert not is_awaited([waits, at_once])
    assert not is_awaited([])


TOO_SLOW = failed(Asks.RESPONSE, 2.0, 3.0)


def served_for(seconds: float, summary: Summary) -> Summary:
    """The same of which each success was served for so long."""
    service = Histogram()
    service.add(np.full(summary.service.total, round(seconds * S), np.int64))
    return replace(summary, service=service)


def test_where_a_target_tells_nothing_of_its_services_more_servers_are_no_answer() -> None:
    """Late answers that may have taken so long themselves, or have waited: nobody knows."""
    slow = served_for(0.1, launch([3.0] * 200))
    untold = replace(slow, service=Histogram())

    told, silent = (first_cause(TOO_SLOW, [one], observed=True) for one in (slow, untold))

    assert told.hint == SLOWLY
    assert "since more servers help against waiting only" in silent.hint
    assert first_cause(TOO_SLOW, [untold], observed=False).hint == told.hint


@examples("services_s, hint",
    ("none as long as the objective allows", [1.9] * 200, SLOWLY),
    ("one in forty, of which one in twenty may be", [3.0] * 5 + [1.0] * 195, SLOWLY),
    ("one in ten", [3.0] * 20 + [1.0] * 180, SERVED),
    ("all of them", [3.0] * 200, SERVED),
)  # fmt: skip
def test_services_that_are_too_long_by_themselves_need_no_more_servers(
    services_s: list[float], hint: str
) -> None:
    service = Histogram()
    service.add(np.array([round(each * S) for each in services_s], np.int64))
    slow = replace(launch([3.0] * 200), service=service)
    assert first_cause(TOO_SLOW, [slow], observed=True).hint == hint


@examples("waited_s, hint",
    ("hardly", 0.1, "try first: a faster feed,"), ("long", 1.0, "let people in through a line"),
)  # fmt: skip
def test_of_several_journeys_it_goes_by_who_waited(waited_s: float, hint: str) -> None:
    """What the services of both took is one histogram, of which nobody knows whose is whose."""
    layout = Layout(
        journeys=("signup", "browse"), stations=("web", "feed"), groups=(0, 1),
        places=(Place(journey=0, station=0), Place(journey=1, station=1)), steps=(0, 1),
        good_within_ns=(60 * S, 2 * S), limits_ns=((), (2 * S,)),
    )  # fmt: skip
    visits, tries = [], []
    for number in range(200):
        group = number % 2
        began, ended = (0, 30 * S) if group == 0 else (round(waited_s * S), 3 * S)
        visits.append((number, group, 0, UNKNOWN, 0, ended, Fate.SERVED))
        tries.append((number, group, 0, 0, began, ended, Result.SUCCESS))
    made = folded(visits, tries, horizon_ns=10 * S, end_ns=60 * S, layout=layout)
    found = first_cause(replace(TOO_SLOW, journey="browse"), [made], observed=True)
    assert hint in found.hint


@examples("quotas, hint",
    ("servers", (), "try first: let people in more slowly, or add servers"),
    ("a quota", (0,), "try first: let people in more slowly, or get a higher quota"),
)  # fmt: skip
def test_a_quota_is_not_made_higher_by_servers(quotas: tuple[int, ...], hint: str) -> None:
    made = launch([0.5] * 200, refused=200)
    made = replace(made, layout=replace(made.layout, quotas=quotas))
    assert first_cause(failed(Asks.ERRORS, 0.1, 0.5), [made], observed=True).hint == hint


WRONG_IN_ALL = instrument(
    ended="interrupted", started=250, unsent=40, unsent_reported=0, late=40, recorded=200, worst_bin=9,
    **LATE_STARTS, cpu_share_peak=0.9, cpu_share_sustained=0.86, **HELD_UP,
    workers=(
        Worker(number=0, name="east", planned=150, started=150, lost="it was killed"),
        Worker(number=1, name="west", planned=150, started=100, bound_ns=S),
    ),
)  # fmt: skip
REMEDY = re.compile(r"run it again|give the generator|lower replay\.|use workers|raise ")
FIGURE = re.compile(r"[0-9]|interrupted")


def test_every_gate_tells_its_figure_and_its_remedy() -> None:
    """One instrument that is wrong in all there is; a gate that is added must be here too."""
    asked = replace(OBJECTIVES, line=LineObjective())  # an objective would count who is forgotten
    lines = gate_lines(said_replay(replace(REHEARSAL, objectives=asked), GOOD, WRONG_IN_ALL))
    gates = judge_instrument(WRONG_IN_ALL, asked)
    assert {gate.asks for gate in gates if gate.outcome is Outcome.INCONCLUSIVE} == OF_INSTRUMENT
    assert len(lines) == len(OF_INSTRUMENT)
    for line in lines:
        assert FIGURE.search(line), line
        assert REMEDY.search(line), line
