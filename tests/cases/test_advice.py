"""Advice that was wrong: a cause of few, remedies that were not tried or not free, means of two fates."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import pytest

from reports.cause import UNKNOWN, first_cause
from reports.criteria import Asks, Criterion, Kind, Outcome, judge_objectives
from reports.explanation import Explanation
from reports.files.markdown import markdown_text
from reports.holding import failing_of
from reports.page.findings import fate_finding
from reports.run.comparison import compare
from reports.run.folder import RunFolder
from reports.run.mixture import mixture_of
from reports.run.report import Column, Report, VariantReport
from reports.verdict import Verdict, judge_launches
from scenarios.library import shelf as library
from simulator.advice.candidates import hard_launches
from simulator.advice.prescription import diagnoses_of, spare_of
from simulator.advice.remedy import Remedy
from simulator.advice.toll import TOLERATED_SHARE
from simulator.advice.tweak import Turn
from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.counts.summary import Summary, summarise
from simulator.outcomes.rows import UNKNOWN as NEVER
from simulator.outcomes.rows import Block, Fate, Outcomes, Provenance, Result
from simulator.plan.launches import predict
from simulator.plan.plan import Plan
from simulator.plan.resolve import launch_plan
from surgeproof.verbs.predict import explained
from tests.launches.run import facts
from tests.launches.summaries import BAD, GOOD, S, launch, prediction
from tests.unit.simulator.verdict.test_verdict import LAUNCH, objective

HERE = Path(__file__).parent / "advice"
ENGINE = Compiled()
LAUNCHES = 60
"""One more than can certify that 95 of 100 launches hold."""


@functools.cache
def told(name: str, *settings: str) -> tuple[Plan, Verdict, Explanation]:
    """What predict says of a launch."""
    scenario = library.load(str(HERE / f"{name}.toml"), variant=None, settings=list(settings))
    plan = launch_plan(scenario, seed=0, engine=ENGINE)
    found = predict(plan, ENGINE, LAUNCHES)
    explanation = explained(plan, found, ENGINE)
    return plan, judge_launches(plan, found, explanation.smallest_change), explanation


def remedies(explanation: Explanation) -> dict[Turn, Remedy]:
    found = (explanation.remedy, *explanation.others)
    return {each.tweak.turn: each for each in found if each is not None}


# Remedies -----------------------------------------------------------------------------------------


def test_one_server_more_lets_people_in_faster_where_the_release_is_a_share_of_capacity() -> None:
    _, verdict, explanation = told("line-too-slow")

    servers = remedies(explanation)[Turn.SERVERS]

    assert verdict.outcome is Outcome.FAILS
    assert (servers.value, servers.holds, servers.launches) == (2, LAUNCHES, LAUNCHES)
    assert "No single change" not in " ".join(explanation.lines)


def test_what_is_slow_though_nobody_waits_is_not_for_lack_of_servers() -> None:
    _, verdict, explanation = told("slow-by-itself")

    said = " ".join(explanation.lines)

    assert verdict.outcome is Outcome.FAILS
    assert "Too slow by itself, though hardly anybody waits for it: the service of signup" in said
    assert "add servers" not in verdict.sentence
    assert verdict.sentence.endswith(
        "try first: a faster signup, or more time for it (more servers do not help)"
    )


def test_a_line_that_keeps_people_out_is_no_remedy() -> None:
    # Thirty a second come to servers of twenty: a line that saves these keeps a third out.
    _, _, explanation = told("line-is-no-remedy")

    found = remedies(explanation)

    assert set(found) == {Turn.SERVERS}
    assert explanation.tolerated is not None
    assert explanation.tolerated.never_let_in == TOLERATED_SHARE
    assert "at most 1 % never get in and 1 % leave the line" in explanation.lines[-1]


def test_what_the_objectives_allow_is_a_remedy_and_says_what_it_costs() -> None:
    _, _, explanation = told("line-is-no-remedy", "objectives.line.never_let_in=0.5")

    line = remedies(explanation)[Turn.LINE]

    # At most 20 a second of 30 can be let in before the horizon: a third, less what those let in
    # after a launch's random surplus make of it, never get in.
    assert line.toll is not None
    assert 0.3 < line.toll.never_let_in <= 0.5
    assert f"{100 * line.toll.never_let_in:.1f} % never get in" in explanation.lines[-1]


def test_every_remedy_that_is_told_was_simulated_in_all_launches() -> None:
    for name in ("line-too-slow", "line-is-no-remedy", "uncertain", "wait-journey"):
        _, _, explanation = told(name)
        for each in remedies(explanation).values():
            assert each.launches == LAUNCHES
            assert each.toll is not None
            assert each.toll.never_let_in <= TOLERATED_SHARE


def test_the_hardest_launch_that_counts_has_to_hold() -> None:
    sizes = [launch([0.5] * people) for people in (40, 10, 30, 20)]
    found = prediction(*((1, one) for one in sizes))

    assert hard_launches(found)[-1] == 0
    assert hard_launches(found, spare=1)[-1] == 2
    assert spare_of(100, lambda held: held.count(False) <= 1) == 1


# Causes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("summary", "cause", "hint"),
    [
        pytest.param(
            launch([0.5] * 200, timed_out=271, refused=83),
            "answers came later than people wait for them (271 attempts)",
            "let people in more slowly",
            id="timeouts took the most",
        ),
        pytest.param(
            launch([0.5] * 200, timed_out=83, refused=271),
            "the server turned people away from the opening on (271 attempts)",
            "let people in more slowly",
            id="refusals took the most",
        ),
        pytest.param(
            launch([3.0] * 271, refused=83),
            "answers took longer than the objective allows (271 attempts)",
            "let people in more slowly",
            id="too long took the most",
        ),
    ],
)
def test_the_first_cause_is_what_took_the_most(summary: Summary, cause: str, hint: str) -> None:
    worst = objective("signup p95", 2.0, float("inf"), "s", Outcome.FAILS, "")

    found = first_cause(worst, [summary], observed=True)

    assert found.cause == cause
    assert hint in found.hint


def attempts(*made: tuple[int, int, Result]) -> Summary:
    """So many at a second, each of a person of his own; no line."""
    visits: list[tuple[int, ...]] = []
    tries: list[tuple[int, ...]] = []
    for at_s, number, result in made:
        for _ in range(number):
            fate = Fate.SERVED if result is Result.SUCCESS else Fate.GAVE_UP
            end = (at_s + 1) * S
            tries.append((len(visits), 0, 0, at_s * S, NEVER, end, result))
            visits.append((len(visits), 0, at_s * S, NEVER, at_s * S, end, fate))
    outcomes = Outcomes(
        provenance=Provenance.OBSERVED, horizon_ns=10 * S, end_ns=20 * S,
        blocks=[Block.of(visits, tries)],
    )  # fmt: skip
    return summarise(outcomes, bin_ns=S, layout=Layout(good_within_ns=(2 * S,)))


ERRORS = objective("errors", 0.1, 0.9, "share", Outcome.FAILS, "")


def test_of_what_took_as_many_the_earlier_is_the_cause() -> None:
    both = attempts((5, 50, Result.TURNED_AWAY), (2, 50, Result.FAILED))

    told_of = first_cause(ERRORS, [both], observed=True)

    assert told_of.cause == "the target broke 50 attempts"
    assert "look at what the target answers" in told_of.hint


def test_what_took_the_most_is_the_cause_though_something_else_began_earlier() -> None:
    refused_first = attempts((0, 83, Result.TURNED_AWAY), (4, 271, Result.TIMED_OUT))

    found = first_cause(ERRORS, [refused_first], observed=True)

    assert found.cause == "answers came later than people wait for them (271 attempts)"


def test_a_late_answer_is_no_error() -> None:
    late = launch([3.0] * 300, timed_out=40)

    assert first_cause(ERRORS, [late], observed=True).cause.startswith("answers came later than")


def test_who_still_waits_for_an_answer_is_told_of() -> None:
    hangs = attempts(
        (0, 100, Result.SUCCESS), (1, 30, Result.UNFINISHED), (2, 9, Result.TURNED_AWAY)
    )

    found = first_cause(ERRORS, [hangs], observed=True)

    assert found.cause == "30 attempts had no answer by the end"


def test_a_wrong_cause_is_not_told_where_nothing_is_known() -> None:
    # A hundred took longer than the objective allows; three attempts of others were refused.
    summary = launch([0.5] * 100, refused=3)
    worst = objective("signup p95", 0.1, 0.5, "s", Outcome.FAILS, "")

    assert first_cause(worst, [summary], observed=True).cause == UNKNOWN


def test_the_cause_is_one_of_the_journey_that_is_asked_about() -> None:
    layout = Layout(
        journeys=("signup", "browse"), stations=("web", "feed"), groups=(0, 1),
        places=(Place(journey=0, station=0), Place(journey=1, station=1)), steps=(0, 1),
        good_within_ns=(2 * S, 2 * S),
    )  # fmt: skip
    visits, tries = [], []
    for number, (group, result) in enumerate(
        [(0, Result.TIMED_OUT)] * 9 + [(1, Result.TURNED_AWAY)] * 90
    ):
        visits.append((number, group, 0, NEVER, 0, S, Fate.GAVE_UP))
        tries.append((number, group, 0, 0, NEVER, S, result))
    outcomes = Outcomes(
        provenance=Provenance.OBSERVED, horizon_ns=10 * S, end_ns=20 * S,
        blocks=[Block.of(visits, tries)],
    )  # fmt: skip
    summary = summarise(outcomes, bin_ns=S, layout=layout)

    worst = replace(ERRORS, name="signup errors", journey="signup")

    assert first_cause(worst, [summary], observed=True).cause == (
        "answers of web came later than people wait for them (9 attempts)"
    )


def test_a_journey_called_wait_is_no_line() -> None:
    plan, verdict, _ = told("wait-journey")

    assert not plan.system.has_line
    assert "first cause: answers took longer than the objective allows" in verdict.sentence
    assert "let people in faster" not in verdict.sentence
    assert "line lets in" not in verdict.sentence


@pytest.mark.parametrize("name", ["wait", "never let in", "left the line", "forgotten", "errors"])
def test_what_is_asked_is_not_decided_by_a_name(name: str) -> None:
    worst = Criterion(
        kind=Kind.OBJECTIVE, asks=Asks.RESPONSE, journey="signup", name=f"{name} p95", limit=2.0,
        measured=3.0, unit="s", outcome=Outcome.FAILS, reason="",
    )  # fmt: skip

    assert not worst.of_line
    assert first_cause(worst, [BAD], observed=True).cause.startswith(
        "the server turned people away"
    )


# Launches of different fates ----------------------------------------------------------------------


def test_launches_that_break_are_told_of_apart() -> None:
    _, verdict, explanation = told("uncertain")

    bad = sum(explanation.failing)
    good, story, *_ = explanation.lines

    assert verdict.outcome is Outcome.FAILS
    assert 0 < bad < LAUNCHES
    assert f"of which {bad} do not hold" in explanation.heading
    assert good.startswith(f"In {LAUNCHES - bad} of 60 launches nothing breaks: ")
    assert story.startswith(f"In {bad} of 60 launches, which do not hold")
    assert "No station runs out." not in explanation.lines
    assert any(
        line.startswith("First to run out: the servers of desk") for line in explanation.lines
    )
    assert len(explanation.lines) <= 10


def test_no_figure_is_a_mean_of_launches_of_different_fates() -> None:
    """Those that hold have fewer people than any that breaks; a mean would lie between the two."""
    _, _, explanation = told("uncertain")
    arrivals = {
        failed: [
            each.arrivals
            for each, one in zip(explanation.diagnoses, explanation.failing, strict=True)
            if one is failed
        ]
        for failed in (False, True)
    }
    good, story, *_ = explanation.lines

    assert f"{min(arrivals[False]):,} to {max(arrivals[False]):,} people come" in good
    assert f"{min(arrivals[True]):,} to {max(arrivals[True]):,} people come" in story


def test_what_happens_in_some_launches_is_said_of_these() -> None:
    calm, broken = GOOD, launch([0.5] * 150, refused=150, reneged=50)
    found = prediction((3, calm), (1, broken))
    plan, *_ = told("line-too-slow")
    diagnoses = diagnoses_of(plan, found)

    lines = Explanation(system=plan.system, diagnoses=diagnoses, searched=False).lines

    said = " ".join(lines)
    assert "(in 1 of 4 launches)" in said
    assert "In 1 of 4 launches 50 never get in" in said
    assert "in 1 of 4 launches 150 give up, in the others nobody" in said


def test_a_cause_is_that_of_the_launches_that_fail() -> None:
    # 90 good launches with hardly any trouble, ten with 150 refusals each.
    verdict = judge_launches(LAUNCH, prediction((90, GOOD), (10, BAD)))

    assert "turned people away from the opening on (150 attempts)" in verdict.sentence


def mixed_report() -> Report:
    found = prediction((50, GOOD), (10, BAD))
    column = Column(plan=LAUNCH, predictions=(found,))
    variant = VariantReport(
        label="as written", launch=column, rehearsal=None, observed=None, instrument=None,
        comparison=compare("as written", launch=found), verdicts=(judge_launches(LAUNCH, found),),
    )  # fmt: skip
    return Report(folder=RunFolder(Path("runs/x")), facts=facts(), variants=(variant,))


def test_reports_tell_them_apart_as_well() -> None:
    report = mixed_report()
    (variant,) = report.variants

    mixture = mixture_of(variant.launch)

    assert mixture is not None
    assert [len(launches.launches) for _, launches in mixture.named] == [50, 10]
    assert "10 of 60 launches, as simulated, do not hold" in markdown_text(report)
    assert fate_finding(variant).startswith("of 50 that do not fail: 100 % ")
    assert "; of 10 that do not hold: 50 % " in fate_finding(variant)


def test_launches_of_one_fate_are_no_mixture() -> None:
    for each in (GOOD, BAD):
        assert mixture_of(Column(plan=LAUNCH, predictions=(prediction((9, each)),))) is None


def test_which_launches_fail() -> None:
    found = prediction((1, GOOD), (1, BAD))

    assert failing_of(LAUNCH.objectives, found) == (False, True)
    assert judge_objectives(LAUNCH.objectives, BAD)[0].asks is Asks.RESPONSE
