"""Two runs, or two predictions, held against one another."""

import functools
import math
from dataclasses import replace
from pathlib import Path

import pytest

from reports.run.contrast import Contrast, contrasts, exit_code_of
from reports.run.facts import Ending, PlanFacts
from reports.run.part import HOLDING, Part, Row
from reports.run.report.judged import said_prediction
from reports.run.report.reading import read_report
from reports.run.report.report import Column, Report
from reports.run.side import Side, around
from simulator.errors import Stopped
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.compared.change import JUDGED, REAL, Change
from simulator.plan.launches import Prediction, play
from simulator.plan.plan import Subject
from simulator.scenario.document.changed import MISSING, Changed
from simulator.system.line import Policy
from tests.launches.run import ENGINE, LINE, NO_LINE, facts, made_run, plan, system
from tests.launches.summaries import BAD, GOOD, OBJECTIVES, launch, prediction


def side(name: str, made: Prediction, subject: Subject = Subject.LAUNCH, **changes: object) -> Side:
    """A prediction of the made-up launch, or of its rehearsal."""
    told = replace(PlanFacts.of(plan(subject, Policy.FIFO)), objectives=OBJECTIVES)
    told = replace(told, **changes)  # type: ignore[arg-type]
    column = Column(plan=told, predictions=(made,), said=said_prediction(told, made))
    return Side(name=name, launch=column) if subject is Subject.LAUNCH else Side(name=name, rehearsal=column)  # fmt: skip


def one(old: Side, new: Side, *, tolerance: float = 0.0) -> Contrast:
    (found,) = contrasts([(old, new)], tolerance=tolerance)
    return found


def row(part: Part, key: str) -> Row:
    return next(each for each in part.rows if each.key == key)


def words(contrast: Contrast, part: int = 0) -> dict[str, Change | None]:
    return {each.key: each.change for each in contrast.parts[part].rows}


@functools.cache
def simulated(servers: int, seed: int = 7, launches: int = 20) -> Prediction:
    """The made-up launch with so many servers; the pace of its line is that of three."""
    made = replace(plan(Subject.LAUNCH, Policy.FIFO), seed=seed)
    line = made.system.waitlist
    made = replace(made, system=replace(system(Policy.FIFO, servers=servers), waitlist=line))
    return Prediction(
        engine=ENGINE.name, launches=[play(made, ENGINE, number) for number in range(launches)]
    )


# Two predictions ----------------------------------------------------------------------------------


def test_what_fails_in_every_launch_is_worse_and_said_first() -> None:
    found = one(side("good", prediction((20, GOOD))), side("bad", prediction((20, BAD))))

    (part,) = found.parts
    assert found.exit_code == 1
    assert [each.key for each in part.rows][:4] == [HOLDING, "arrivals", "let_in", "served"]
    told = words(found)
    assert (told[HOLDING], told["served"], told["errors"]) == (Change.WORSE,) * 3
    assert told["arrivals"] is Change.SAME
    assert told["exchange_p50"] is None, "it is a detail, and not judged"
    assert found.sentence.startswith(
        "bad is worse than good: launches that hold 100 % -> 0 %, served 300 -> 150,"
        " errors 0 % -> 50 % and "
    )


def test_the_other_way_round_all_that_is_worse_is_better() -> None:
    good, bad = (side(name, prediction((20, each))) for name, each in (("g", GOOD), ("b", BAD)))
    there, back = words(one(good, bad)), words(one(bad, good))
    other = {Change.BETTER: Change.WORSE, Change.WORSE: Change.BETTER,
             Change.MORE: Change.LESS, Change.LESS: Change.MORE}  # fmt: skip
    assert back == {key: other.get(word, word) if word else None for key, word in there.items()}
    assert one(bad, good).exit_code == 0
    assert one(bad, good).sentence.startswith("g is better than b, and nothing is worse: ")


def test_a_prediction_and_itself_are_the_same_in_all_figures() -> None:
    found = one(side("a", simulated(3)), side("b", simulated(3)))
    assert {word for word in words(found).values() if word} <= {
        Change.SAME,
        Change.FEW,
        Change.UNKNOWN,
    }
    assert (found.exit_code, found.sentence) == (0, "b and a are the same in all figures")


def test_one_server_more_on_the_same_luck() -> None:
    old, new = simulated(3), simulated(4)
    (part,) = one(side("3", old), side("4", new)).parts
    (apart,) = one(side("3", old), side("4", simulated(4, seed=8), seed=8)).parts

    told = row(part, "response_p95")
    assert part.same_luck
    assert told.change is Change.BETTER
    assert told.difference.value == pytest.approx(_mean(new) - _mean(old))
    assert not apart.same_luck
    # With luck of its own the arrivals differ by chance, and with the same they do not.
    assert row(part, "arrivals").change is Change.SAME
    assert row(apart, "arrivals").change is Change.NOISE
    wider = row(apart, "let_in").difference
    assert wider.high - wider.low > 0


def _mean(made: Prediction) -> float:
    values = [summary.response.quantile_ns(0.95) / 1e9 for summary in made.launches]
    return math.fsum(values) / len(values)


def test_figures_of_several_are_judged_together() -> None:
    """The same two launches, held against more others, are called a change less readily."""
    old = prediction(*[(1, launch([0.5] * (300 - n))) for n in (0, 1, 2, 3, 4, 5, 6, 7)])
    new = prediction(*[(1, launch([0.5] * (301 - n))) for n in (0, 1, 2, 3, 4, 5, 7, 8)])
    pair = side("a", old), side("b", new)
    alone = contrasts([pair])[0].parts[0]
    among = contrasts([pair, (pair[0], side("c", prediction((4, GOOD), (4, BAD))))])[0].parts[0]
    assert row(alone, "served").difference == row(among, "served").difference
    smallest = min(each.difference.p for each in alone.judged)
    tried = [each for each in alone.judged if each.change in REAL | {Change.NOISE}]
    assert (smallest * len(tried) <= 0.05) == any(each.change in REAL for each in alone.judged)
    assert all(each.change not in REAL for each in among.judged)


def test_a_tolerance_lets_pass_what_is_smaller() -> None:
    old, new = (prediction((20, launch([each] * 300))) for each in (0.5, 0.55))
    assert words(one(side("a", old), side("b", new)))["response_p95"] is Change.WORSE
    assert one(side("a", old), side("b", new), tolerance=0.2).exit_code == 0


def test_launches_of_other_stations_have_in_common_what_both_have() -> None:
    several = simulated(3)
    other = Prediction(engine="compiled", launches=[_renamed(each) for each in several.launches])
    (part,) = one(side("a", several), side("b", other)).parts
    assert "mean wait at signup" in part.only_old
    assert "mean wait at desk" in part.only_new
    assert row(part, "served").change is Change.SAME


def _renamed(summary: Summary) -> Summary:
    return replace(summary, layout=replace(summary.layout, stations=("desk",)))


def test_nothing_in_common_cannot_be_judged() -> None:
    found = one(Side(name="a"), Side(name="b"))
    assert (found.parts, found.exit_code) == ((), 3)
    assert "no figure in common" in found.sentence


# Two runs -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return read_report(made_run(tmp_path_factory.mktemp("runs")))


def of(report: Report, label: str, name: str = "") -> Side:
    return Side.of(name or label, report, report.variant(label))


def test_a_run_and_itself_are_the_same(made: Report) -> None:
    found = one(of(made, LINE, "a"), of(made, LINE, "b"))
    assert [part.name for part in found.parts] == [
        "rehearsal observed", "rehearsal predicted", "launch predicted",
    ]  # fmt: skip
    assert {each.change for each in found.rows} & JUDGED == {Change.SAME}
    assert found.exit_code == 0


def test_two_runs_with_and_without_a_line(made: Report) -> None:
    found = one(of(made, LINE), of(made, NO_LINE))
    seen, rehearsal, whole = found.parts
    assert found.exit_code == 1
    assert row(seen, "turned_away").change is Change.WORSE
    assert row(seen, "let_in").change is Change.MORE
    assert row(whole, HOLDING).change in (Change.WORSE, Change.SAME)
    assert rehearsal.beside
    assert not rehearsal.judged, "what was observed decides, and the probe has an error of its own"


def test_what_was_observed_is_held_against_the_spread_of_its_own_plan(made: Report) -> None:
    old, new = of(made, LINE, "a"), of(made, LINE, "b")
    assert old.observed is not None
    assert old.rehearsal is not None
    launches = old.rehearsal.predictions[0].launches
    moved = replace(new, observed=replace(launches[0], tracks=None))
    told = row(one(old, moved).parts[0], "service_mean").difference
    spread = [summary.service.mean_ns() / 1e9 for summary in launches]
    error = math.sqrt(2) * _deviation(spread)
    # Student's t of 118 degrees of freedom.
    assert told.high - told.value == pytest.approx(1.980272 * error, rel=1e-5)


def _deviation(values: list[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def test_rehearsals_of_other_seeds_had_other_visitors(made: Report) -> None:
    old, new = of(made, LINE, "a"), of(made, LINE, "b")
    assert new.rehearsal is not None
    other = replace(new, rehearsal=replace(new.rehearsal, plan=replace(new.rehearsal.plan, seed=8)))
    found = one(old, other)
    assert found.parts[0].why_not.startswith("the seeds differ (7 and 8)")
    assert found.exit_code == 3
    assert found.sentence.startswith("b cannot be held against a: the seeds differ")


def test_a_run_that_was_cut_short_is_not_held_against_another(tmp_path: Path, made: Report) -> None:
    killed = read_report(made_run(tmp_path, ended=None))
    found = one(of(made, LINE, "whole"), of(killed, LINE, "killed"))
    assert found.parts[0].why_not.startswith("what was observed in killed says nothing")
    assert found.exit_code == 3


def test_a_run_without_its_replay_says_that_nothing_was_observed(made: Report) -> None:
    silent = replace(made.variant(LINE), observed=None, instrument=None)
    found = one(of(made, LINE, "a"), Side.of("b", made, silent))
    assert found.parts[0].why_not == "nothing was observed in b"
    assert found.exit_code == 3


def test_whom_the_kill_switch_stopped_is_worse(made: Report) -> None:
    ending = Ending(exit_code=Stopped.exit_code, sentence="the target died")
    dead = Side.of("b", replace(made, ending=ending), made.variant(LINE))
    found = one(of(made, LINE, "a"), dead)
    assert (found.exit_code, found.stopped) == (1, True)
    assert "b is worse than a: the kill switch stopped it" in found.sentence
    assert one(dead, of(made, LINE, "a")).exit_code == 0, "it was dead before"


def test_the_worst_of_several_decides(made: Report) -> None:
    line, none = of(made, LINE), of(made, NO_LINE)
    codes = {
        name: exit_code_of(contrasts(pairs))
        for name, pairs in {
            "same": [(line, line)],
            "unjudged": [(line, line), (Side(name="x"), Side(name="y"))],
            "worse": [(line, none), (Side(name="x"), Side(name="y"))],
        }.items()
    }
    assert codes == {"same": 0, "unjudged": 3, "worse": 1}


def test_what_changed_around_a_run() -> None:
    old = facts()
    new = facts(seed=8, machine="Linux x86_64, 8 cores", versions={"surgeproof": "0.2.0"})
    assert around(old, old) == ()
    assert set(around(old, new)) == {
        Changed(key="seed", old=7, new=8),
        Changed(key="machine", old=MISSING, new="Linux x86_64, 8 cores"),
        Changed(key="surgeproof", old="0.1.0", new="0.2.0"),
        Changed(key="locust", old="2.47.0", new=MISSING),
    }
