import math

import numpy as np
import pytest

from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.figures import FIGURES, figures_of
from simulator.outcomes.figures.reading import Reading
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.system.journeys import Journey, Step
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.laws import Duration

S = 1_000_000_000

# Four stood in a line that lets one in each 2 s; one left it, one still waits, one was never sent.
VISITS = [
    (1, 0, 0 * S, 0 * S, 0 * S, 1 * S, Fate.SERVED),
    (2, 0, 1 * S, 1 * S, 2 * S, 5 * S, Fate.SERVED),
    (3, 0, 1 * S, 1 * S, 4 * S, 9 * S, Fate.GAVE_UP),
    (4, 0, 2 * S, 2 * S, UNKNOWN, 6 * S, Fate.RENEGED),
    (5, 0, 12 * S, 12 * S, UNKNOWN, UNKNOWN, Fate.WAITING),
    (6, 0, 13 * S, UNKNOWN, UNKNOWN, UNKNOWN, Fate.UNSENT),
]
ATTEMPTS = [
    (1, 0, 0, 0 * S, 0 * S, 1 * S, Result.SUCCESS),
    (2, 0, 0, 2 * S, UNKNOWN, 3 * S, Result.TURNED_AWAY),
    (2, 0, 1, 4 * S, 4 * S, 5 * S, Result.SUCCESS),
    (3, 0, 0, 4 * S, UNKNOWN, 9 * S, Result.TIMED_OUT),
]


def outcomes(*blocks: Block) -> Outcomes:
    return Outcomes(
        provenance=Provenance.PREDICTED, horizon_ns=14 * S, end_ns=20 * S, blocks=list(blocks)
    )


def fold(*blocks: Block) -> Summary:
    return summarise(outcomes(*blocks), bin_ns=S, layout=Layout(good_within_ns=(2 * S,)))


SUMMARY = fold(Block.of(VISITS, ATTEMPTS))


def read_figures(summary: Summary) -> dict[str, Reading]:
    return {figure.key: figure.read(summary) for figure in FIGURES}


def test_every_figure_of_a_small_launch() -> None:
    values = {key: reading.value for key, reading in read_figures(SUMMARY).items()}

    assert values == {
        "arrivals": 6,
        "let_in": 3,
        # At the end of each second: 1 has entered by 1 s, 2, 3 and 4 stand there after 2 s.
        "line_peak": 2,
        # At 2 s two have been let in and one, who came at 12 s, has perhaps waited no longer: three
        # of the five whose wait was not broken off by then. All four who stayed are all when the
        # fifth leaves, after 4 s.
        "wait_p50": pytest.approx(2.0, rel=1 / 128),
        "wait_p95": pytest.approx(4.0, rel=1 / 128),
        "response_p50": pytest.approx(3.0, rel=1 / 128),
        "response_p95": math.inf,
        "response_p99": math.inf,
        "service_mean": 1.0,
        "exchange_p50": pytest.approx(1.0, rel=1 / 128),
        # The attempt that timed out took at least five seconds.
        "exchange_p95": pytest.approx(5.0, rel=1 / 128),
        "errors": pytest.approx(1 / 3),
        "turned_away": 1,
        "timed_out": 1,
        "served": 2,
        "reneged": 1,
        "balked": 0,
        "line_full": 0,
        "no_show": 0,
        "waiting": 1,
        "never_let_in": 0.4,
        "left": 0.2,
        "unfinished": 0,
        # One of the two who were served was served within 2 s; the horizon is 14 s.
        "offered": pytest.approx(4 / 14),
        "goodput": pytest.approx(1 / 14),
    }


def test_the_line_at_the_end_of_each_bin() -> None:
    line = SUMMARY.bins.line.tolist()
    assert line[:8] == [0, 2, 2, 2, 1, 1, 0, 0]
    assert line[12:] == [1] * 8


def test_who_is_present_at_the_end_of_each_bin() -> None:
    # Visitor 1 leaves in the second that starts at 1 s, in which 2 and 3 come.
    assert SUMMARY.bins.present.tolist()[:10] == [1, 2, 3, 3, 3, 2, 1, 1, 1, 0]


def test_phases_are_told_apart_by_the_intended_instant() -> None:
    late = fold(Block.of([(9, 0, 70 * S, UNKNOWN, 70 * S, 71 * S, Fate.SERVED)], []))
    assert [histogram.total for histogram in SUMMARY.responses] == [3, 0, 0]
    assert [histogram.total for histogram in late.responses] == [0, 0, 1]


def test_without_a_line_the_response_counts_from_the_intended_instant() -> None:
    late = fold(Block.of([(1, 0, 1 * S, UNKNOWN, 2 * S, 4 * S, Fate.SERVED)], []))
    assert late.response.quantile_ns(0.5) == pytest.approx(3 * S, rel=1 / 128)
    assert late.lag.quantile_ns(0.5) == pytest.approx(1 * S, rel=1 / 128)
    assert late.wait.total == 0


def test_folding_in_blocks_is_folding_at_once() -> None:
    parts = fold(Block.of(VISITS[:2], ATTEMPTS[3:]), Block.of(VISITS[2:], ATTEMPTS[:3]))
    assert parts.to_json() == SUMMARY.to_json()


def test_merging_adds_and_json_keeps_everything() -> None:
    first, second = fold(Block.of(VISITS[:3], ATTEMPTS)), fold(Block.of(VISITS[3:], []))
    merged = Summary.from_json(first.to_json()).merged(second)
    assert merged.to_json() == SUMMARY.to_json()


def test_nothing_happened() -> None:
    readings = read_figures(fold())
    assert readings["arrivals"].value == 0
    assert not readings["response_p95"].enough
    assert math.isnan(readings["errors"].value)
    assert np.isnan(readings["wait_p50"].value)


SHOP = Layout(
    journeys=("signup", "browse"), stations=("web", "mail"), groups=(0, 1),
    places=(Place(journey=0, station=0), Place(journey=0, station=1), Place(journey=1, station=0)),
    steps=(0, 1, 2), good_within_ns=(4 * S, 1 * S),
)  # fmt: skip

# Two sign up in two steps, of whom one is refused a mail for good; two browse, one of them slowly.
SHOPPERS = Block.of(
    [
        (1, 0, 0 * S, UNKNOWN, 0 * S, 3 * S, Fate.SERVED),
        (2, 0, 1 * S, UNKNOWN, 1 * S, 9 * S, Fate.GAVE_UP),
        (3, 1, 2 * S, UNKNOWN, 2 * S, 3 * S, Fate.SERVED),
        (4, 1, 3 * S, UNKNOWN, 3 * S, 6 * S, Fate.SERVED),
    ],
    [
        (1, 0, 0, 0 * S, 1 * S, 2 * S, Result.SUCCESS),
        (1, 1, 0, 2 * S, 2 * S, 3 * S, Result.SUCCESS),
        (2, 0, 0, 1 * S, 2 * S, 3 * S, Result.SUCCESS),
        (2, 1, 0, 3 * S, UNKNOWN, 3 * S, Result.TURNED_AWAY),
        (2, 1, 1, 5 * S, UNKNOWN, 9 * S, Result.TIMED_OUT),
        (3, 2, 0, 2 * S, 2 * S, 3 * S, Result.SUCCESS),
        (4, 2, 0, 3 * S, 5 * S, 6 * S, Result.SUCCESS),
    ],
)


def shop() -> Summary:
    return summarise(outcomes(SHOPPERS), bin_ns=S, layout=SHOP)


def test_journeys_are_told_apart() -> None:
    summary = shop()
    assert summary.fates_of_journeys[:, [Fate.SERVED, Fate.GAVE_UP]].tolist() == [[1, 1], [2, 0]]
    assert [summary.let_in_of(journey) for journey in (0, 1)] == [2, 2]
    assert [summary.response_of(journey).total for journey in (0, 1)] == [2, 2]
    assert summary.response_of(0).infinite == 1
    # 3 s of a signup are good, 1 s of browsing is, and 3 s of it are not.
    assert summary.bins.good.tolist()[:8] == [0, 0, 0, 2, 0, 0, 0, 0]


def test_steps_are_told_apart_by_the_instant_of_sending() -> None:
    steps = shop().steps
    assert steps.sent.tolist()[0][:6] == [1, 1, 0, 0, 0, 0]
    assert steps.answered.tolist()[2][:6] == [0, 0, 1, 1, 0, 0]
    assert steps.late.tolist()[2][:6] == [0, 0, 0, 1, 0, 0]
    assert steps.turned_away.tolist()[1][:6] == [0, 0, 0, 1, 0, 0]
    assert steps.timed_out.tolist()[1][:6] == [0, 0, 0, 0, 0, 1]
    assert steps.failed.sum() == 0


def test_who_waits_at_a_station() -> None:
    summary = shop()

    # Visitor 1 is served from 1 s on, 2 from 2 s on, 4 from 5 s on. The one who was refused at 3 s
    # never stood in line; the one who timed out at 9 s did until then.
    assert summary.steps.line.tolist() == [
        [1, 1] + [0] * 18,
        [0] * 5 + [1] * 4 + [0] * 11,
        [0, 0, 0, 1, 1] + [0] * 15,
    ]
    assert summary.steps.awaited[1].tolist()[:10] == [0, 0, 1, 0, 0, 1, 1, 1, 1, 0]
    assert [histogram.finite for histogram in summary.waits] == [2, 1, 2]
    assert [histogram.unended for histogram in summary.waits] == [0, 1, 0]


def test_results_are_counted_once() -> None:
    assert shop().results.tolist() == [5, 1, 1, 0, 0]


def test_several_journeys_survive_merging_and_json() -> None:
    twice = Summary.from_json(shop().to_json()).merged(shop())
    assert (
        twice.to_json() == summarise(outcomes(SHOPPERS, SHOPPERS), bin_ns=S, layout=SHOP).to_json()
    )


def test_who_never_joined_and_who_was_called_in_vain() -> None:
    summary = fold(
        Block.of(
            [
                (1, 0, 1 * S, UNKNOWN, UNKNOWN, 1 * S, Fate.BALKED),
                (2, 0, 2 * S, UNKNOWN, UNKNOWN, 2 * S, Fate.TURNED_AWAY),
                (3, 0, 2 * S, 2 * S, UNKNOWN, 5 * S, Fate.NO_SHOW),
                (4, 0, 2 * S, 2 * S, UNKNOWN, 4 * S, Fate.RENEGED),
            ],
            [],
        )
    )

    assert summary.bins.kept_out.tolist()[:4] == [0, 1, 1, 0]
    assert summary.bins.reneged.tolist()[:6] == [0, 0, 0, 0, 1, 0]
    assert summary.bins.line.tolist()[:6] == [0, 0, 2, 2, 1, 0]
    assert (summary.let_in, summary.wait.total) == (0, 0)


def test_figures_of_journeys_and_steps_follow_where_there_are_several() -> None:
    values = {figure.key: figure.read(shop()).value for figure in figures_of(SHOP)}

    assert list(values)[: len(FIGURES)] == [figure.key for figure in FIGURES]
    assert {key: value for key, value in values.items() if key.startswith("browse/")} == {
        "browse/response_p50": pytest.approx(1.0, rel=1 / 128),
        "browse/response_p95": pytest.approx(3.0, rel=1 / 128),
        "browse/response_p99": pytest.approx(3.0, rel=1 / 128),
        "browse/errors": 0.0,
        "browse/served": 2.0,
    }
    assert {key: value for key, value in values.items() if key.startswith("signup, mail/")} == {
        "signup, mail/sent": 3.0,
        "signup, mail/answered": 1.0,
        "signup, mail/turned_away": 1.0,
        "signup, mail/timed_out": 1.0,
        # One began at once, one had waited 4 s when its client left.
        "signup, mail/queue_p95": pytest.approx(4.0, rel=1 / 128),
    }


def test_equal_layouts_have_the_same_figures() -> None:
    assert figures_of(Layout(good_within_ns=(S,))) == FIGURES


def test_steps_that_are_repeated_at_one_station_are_counted_together() -> None:
    reads = Journey(name="browse", steps=(Step(station=0), Step(station=1), Step(station=1)))
    stations = tuple(Station(name=name, servers=1, service=Duration.fixed(S)) for name in "ab")
    system = System(people=(People(name="all"),), stations=stations, journeys=(reads,))
    layout = Layout.of(system, {"browse": 9 * S})
    attempts = [
        (1, step, 0, step * S, step * S, (step + 1) * S, Result.SUCCESS) for step in range(3)
    ]
    visit = (1, 0, 0, UNKNOWN, 0, 3 * S, Fate.SERVED)

    summary = summarise(outcomes(Block.of([visit], attempts)), bin_ns=S, layout=layout)

    assert (layout.places, layout.steps) == (
        (Place(journey=0, station=0), Place(journey=0, station=1)), (0, 1, 1)
    )  # fmt: skip
    assert (layout.steps_at(1), layout.good_within_ns) == ([1, 2], (9 * S,))
    assert summary.steps.sent.sum(axis=1).tolist() == [1, 2]
    assert layout.by_step(summary.steps.sent.sum(axis=1)) == [1.0, 1.0, 1.0]
    assert [layout.name_of_place(place) for place in (0, 1)] == ["a", "b"]
