"""Advice that was wrong: a cause of few, remedies that were not tried or not free, means of two fates."""

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.files.markdown import markdown_text
from reports.page.findings import fate_finding
from reports.run.comparison.comparison import compare
from reports.run.folder import RunFolder
from reports.run.mixture import mixture_of
from reports.run.report.report import Column, Report, VariantReport
from reports.sentences.cause import UNKNOWN, first_cause
from reports.sentences.explanation import Explanation
from reports.sentences.verdict import Said
from scenarios.library import shelf as library
from simulator import Compiled, Plan, judge, launch_plan, predict
from simulator.advice.change.candidates import hard_launches
from simulator.advice.change.remedy import Remedy, spare_of
from simulator.advice.change.toll import TOLERATED_SHARE
from simulator.advice.change.turn import Turn
from simulator.advice.why.diagnosis import diagnoses_of
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import UNKNOWN as NEVER
from simulator.outcomes.rows import Fate, Provenance, Result
from simulator.plan.plan import Subject
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.verdict.criteria import Asks, Outcome
from surgeproof.verbs.predicting.predict import explained
from tests.examples import examples
from tests.launches.run import facts
from tests.launches.summaries import BAD, GOOD, S, folded, launch, prediction
from tests.said import said
from tests.unit.simulator.verdict.test_verdict import LAUNCH, failed

HERE = Path(__file__).parent / "advice"
ENGINE = Compiled()
LAUNCHES = 60
"""One more than can certify that 95 of 100 launches hold."""


@functools.cache
def told(name: str, *settings: str) -> tuple[Plan, Said, Explanation]:
    """What predict says of a launch."""
    scenario = library.load(str(HERE / f"{name}.toml"), variant=None, settings=list(settings))
    plan = launch_plan(scenario, seed=0, engine=ENGINE)
    found = predict(plan, ENGINE, LAUNCHES)
    explanation = explained(plan, found, judge(found.launches, plan.objectives), ENGINE)
    return plan, said(plan, found, explanation.smallest_change), explanation


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


def test_fewer_servers_are_a_remedy_where_many_at_once_serve_less() -> None:
    _, verdict, explanation = told("too-many-at-once")
    servers = remedies(explanation)[Turn.SERVERS]
    assert verdict.outcome is Outcome.FAILS
    assert (servers.tweak.up, servers.value, servers.holds) == (False, 6, LAUNCHES)
    assert "6 instead of 8 servers at signup" in verdict.sentence


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
    assert [spare_of(launches) for launches in (58, 92, 93, 100, 124)] == [0, 0, 1, 1, 2]


# Causes -------------------------------------------------------------------------------------------


@examples("summary, cause, hint",
    ("timeouts took the most", launch([0.5] * 200, timed_out=271, refused=83),
     "answers came after clients had stopped waiting (271 attempts)", "let people in more slowly"),
    ("refusals took the most", launch([0.5] * 200, timed_out=83, refused=271),
     "the server turned people away from the opening on (271 attempts)", "let people in more slowly"),
    ("too long took the most", launch([3.0] * 271, refused=83),
     "answers took longer than the objective allows (271 attempts)", "let people in more slowly"),
)  # fmt: skip
def test_the_first_cause_is_what_took_the_most(summary: Summary, cause: str, hint: str) -> None:
    worst = failed(Asks.RESPONSE, 2.0, float("inf"))
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
    return folded(
        visits, tries, horizon_ns=10 * S, end_ns=20 * S, layout=Layout(good_within_ns=(2 * S,)),
        provenance=Provenance.OBSERVED,
    )  # fmt: skip


ERRORS = failed(Asks.ERRORS, 0.1, 0.9)


def test_of_what_took_as_many_the_earlier_is_the_cause() -> None:
    both = attempts((5, 50, Result.TURNED_AWAY), (2, 50, Result.FAILED))
    told_of = first_cause(ERRORS, [both], observed=True)
    assert told_of.cause == "the target broke 50 attempts"
    assert "look at what the target answers" in told_of.hint


def test_what_took_the_most_is_the_cause_though_something_else_began_earlier() -> None:
    refused_first = attempts((0, 83, Result.TURNED_AWAY), (4, 271, Result.TIMED_OUT))
    found = first_cause(ERRORS, [refused_first], observed=True)
    assert found.cause == "answers came after clients had stopped waiting (271 attempts)"


def test_a_late_answer_is_no_error() -> None:
    late = launch([3.0] * 300, timed_out=40)
    assert first_cause(ERRORS, [late], observed=True).cause.startswith("answers came after")


def test_who_still_waits_for_an_answer_is_told_of() -> None:
    hangs = attempts(
        (0, 100, Result.SUCCESS), (1, 30, Result.UNFINISHED), (2, 9, Result.TURNED_AWAY)
    )
    found = first_cause(ERRORS, [hangs], observed=True)
    assert found.cause == "30 attempts had no answer by the end"


def test_a_wrong_cause_is_not_told_where_nothing_is_known() -> None:
    # A hundred took longer than the objective allows; three attempts of others were refused.
    summary = launch([0.5] * 100, refused=3)
    worst = failed(Asks.RESPONSE, 0.1, 0.5)
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
    summary = folded(
        visits, tries, horizon_ns=10 * S, end_ns=20 * S, layout=layout,
        provenance=Provenance.OBSERVED,
    )  # fmt: skip

    worst = replace(ERRORS, journey="signup")

    assert first_cause(worst, [summary], observed=True).cause == (
        "answers from web came after clients had stopped waiting (9 attempts)"
    )


def test_a_journey_called_wait_is_no_line() -> None:
    plan, verdict, _ = told("wait-journey")
    assert not plan.system.has_line
    assert "first cause: answers took longer than the objective allows" in verdict.sentence
    assert "let people in faster" not in verdict.sentence
    assert "line lets in" not in verdict.sentence


NAMES = ["wait", "errors", "forgotten", "p95", "never let in", "left the line", "not served"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("asked", [{"errors": 0.1}, {"quantiles_ns": ((0.95, 2 * S),)}])
def test_a_journey_may_be_called_like_what_is_asked(name: str, asked: dict[str, Any]) -> None:
    """No line, and a server that is too small: everything but the name is said as of a signup."""
    refused = launch([0.5] * 150, refused=150, lined=False)
    named = replace(refused, layout=replace(refused.layout, journeys=(name,)))

    told_of, as_signup = (
        said(
            replace(
                LAUNCH, objectives=Objectives(journeys=(JourneyObjective(journey=each, **asked),))
            ),
            prediction((60, one)),
        ).sentence
        for each, one in ((name, named), ("signup", refused))
    )

    assert told_of == as_signup.replace("signup", name)
    assert "first cause: the server turned people away" in told_of
    assert told_of.endswith("try first: let people in through a line, or add servers")


@pytest.mark.parametrize("asks", Asks)
def test_whose_line_it_is_follows_from_what_is_asked(asks: Asks) -> None:
    one = replace(ERRORS, asks=asks, journey="wait")
    assert one.of_line is (asks in (Asks.WAIT, Asks.NEVER_LET_IN, Asks.LEFT))


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
    verdict = said(LAUNCH, prediction((90, GOOD), (10, BAD)))
    assert "turned people away from the opening on (150 attempts)" in verdict.sentence


def mixed_report() -> Report:
    found = prediction((50, GOOD), (10, BAD))
    column = Column(plan=LAUNCH, predictions=(found,), said=said(LAUNCH, found))
    variant = VariantReport(
        label="as written", launch=column, rehearsal=None, observed=None, instrument=None,
        comparison=compare("as written", launch=found), verdicts=(said(LAUNCH, found),),
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
        found = prediction((9, each))
        column = Column(plan=LAUNCH, predictions=(found,), said=said(LAUNCH, found))
        assert mixture_of(column) is None


@pytest.mark.parametrize(("subject", "fails"), [(Subject.LAUNCH, True), (Subject.REHEARSAL, False)])
def test_who_still_waits_when_a_rehearsal_ends_is_not_kept_out(
    subject: Subject, fails: bool
) -> None:
    """The line of a launch closes at its end; that of a rehearsal goes on, and nobody knows."""
    ends = [(Fate.SERVED, 0, S)] * 20 + [(Fate.WAITING, NEVER, NEVER)] * 10
    visits = [
        (number, 0, 0, 0, let_in, end, fate) for number, (fate, let_in, end) in enumerate(ends)
    ]
    asked = Objectives(line=LineObjective(never_let_in=0.1))

    verdict = judge([folded(visits, horizon_ns=10 * S, end_ns=20 * S)], asked, subject)

    assert verdict.failing == (fails,)


def test_which_launches_fail() -> None:
    found = prediction((1, GOOD), (1, BAD))
    assert judge(found.launches, LAUNCH.objectives).failing == (False, True)
