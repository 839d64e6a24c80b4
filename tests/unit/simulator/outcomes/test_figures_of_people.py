"""Figures by group of people, where there are several."""

import math

import pytest

from simulator import Compiled, Readable, summarise
from simulator.engine.rules import Engine
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.every import figures_of
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.system.people import People
from simulator.system.system import System
from simulator.timetable.draws import COMPONENT_SHIFT
from tests.launches.booked import POOL, groups_at
from tests.launches.summaries import folded

S = 1_000_000_000
TWO = Layout(groups=(0, 0, 0), group_names=("high", "low", "high"))


def summary() -> Summary:
    """High: served after a wait of 2 s and 3 s, and one who gave up. Low: left the line."""
    visits = [
        (1, 0, 0, 0, 2 * S, 5 * S, Fate.SERVED),
        (2, 2, 0, UNKNOWN, 0, 4 * S, Fate.GAVE_UP),
        (3, 1, 0, 0, UNKNOWN, 6 * S, Fate.RENEGED),
    ]
    return folded(visits, horizon_ns=10 * S, layout=TWO)


def values(of: Summary) -> dict[str, float]:
    return {figure.key: figure.read(of).value for figure in figures_of(of.layout)}


def test_a_group_with_several_journeys_is_one() -> None:
    assert TWO.people == ("high", "low")
    found = values(summary())
    assert (found["high/group_arrivals"], found["low/group_arrivals"]) == (2, 1)
    assert (found["high/group_let_in"], found["low/group_let_in"]) == (2, 0)
    assert found["high/group_errors"] == 0.5
    assert math.isnan(found["low/group_errors"])
    assert (found["high/group_left"], found["low/group_left"]) == (0, 1)
    assert found["high/group_wait_mean"] == pytest.approx(2.0)
    assert found["high/group_stay_mean"] == pytest.approx(1.0 + 3.0)
    assert found["high/group_response_p95"] == math.inf


def test_they_merge_by_addition_and_are_kept() -> None:
    merged = Summary.from_json(summary().merged(summary()).to_json())
    assert values(merged)["high/group_arrivals"] == 4


def unended() -> Summary:
    """High: served in 3 s after a wait of 1 s, and three under way at the end, one of them overdue.

    Low: let in after 4 s and given up, still in line since the opening, and one who left after 6 s.
    """
    first, second = 0, 1 << COMPONENT_SHIFT
    visits = [
        (first, 0, 0, 0, 1 * S, 4 * S, Fate.SERVED),
        *((first + n, 0, 0, 0, 2 * S, UNKNOWN, Fate.UNFINISHED) for n in (1, 2, 3)),
        (second, 1, 0, 0, 4 * S, 6 * S, Fate.GAVE_UP),
        (second + 1, 1, 0, 0, UNKNOWN, UNKNOWN, Fate.WAITING),
        (second + 2, 1, 0, 0, UNKNOWN, 6 * S, Fate.RENEGED),
    ]
    attempts = [
        (first + 1, 0, 0, 5 * S, UNKNOWN, UNKNOWN, Result.UNFINISHED),
        (first + 2, 0, 0, 16 * S, UNKNOWN, UNKNOWN, Result.UNFINISHED),
    ]
    outcomes = Outcomes(
        provenance=Provenance.PREDICTED,
        horizon_ns=10 * S,
        end_ns=20 * S,
        blocks=[Block.of(visits, []), Block.of([], attempts)],
    )
    layout = Layout(
        groups=(0, 0),
        group_names=("high", "low"),
        people_of_components=(0, 1),
        timeouts_ns=(9 * S,),
    )
    return summarise(outcomes, bin_ns=S, layout=layout)


def test_what_was_not_seen_to_its_end_lies_between_two_bounds() -> None:
    of = unended()
    found = {figure.key: figure.read(of) for figure in figures_of(of.layout)}

    # The one who was sent at 5 s waited longer than any client; the other two may be served yet.
    errors = found["high/group_errors"]
    assert (errors.value, errors.most) == (0.25, 0.75)
    # Served 3 s after entry; three were in for 18 s and may succeed or not.
    response = found["high/group_response_p50"]
    assert response.value == pytest.approx(18.0, rel=1 / 128)
    assert response.most == math.inf
    # The mean of the one who was served, if no other ever is: 1.75 s in line, 3 s after it.
    stay = found["high/group_stay_mean"]
    assert stay.value == pytest.approx(1.75 + 3.0)
    assert stay.most == math.inf
    # 4 s, and 10 s when the line closed; who left after 6 s is neither.
    wait = found["low/group_wait_mean"]
    assert wait.value == pytest.approx(7.0)
    assert (wait.most, wait.samples) == (math.inf, 2)
    assert found["low/group_response_p50"].value == math.inf
    assert (found["low/group_errors"].value, found["low/group_errors"].open) == (1.0, False)


def test_groups_add_up_to_all() -> None:
    of = unended()
    assert sum(group.overdue for group in of.groups.each) == of.overdue.sum() == 1
    assert sum(group.wait.unended for group in of.groups.each) == of.wait.unended == 1
    assert sum(group.response.unended for group in of.groups.each) == of.response.unended == 3
    assert sum(group.wait.left.many for group in of.groups.each) == of.wait.left.many == 1


def test_a_run_of_an_older_version_stays_readable() -> None:
    old = unended().to_json()
    del old["layout"]["people_of_components"]
    for group in old["groups"]:
        del group["overdue"]
        for histogram in (group["wait"], group["response"]):
            for key in ("censored", "left"):
                del histogram[key]

    of = Summary.from_json(old)

    assert values(of)["high/group_served"] == 1
    assert of.groups.each[0].overdue == 0


def test_one_group_alone_has_no_figures_of_its_own() -> None:
    assert not any("/group_" in figure.key for figure in figures_of(Layout(group_names=("all",))))


@pytest.mark.parametrize("engine", [Readable(), Compiled(), Compiled(fifo=False)])
def test_engines_count_groups_alike(engine: Engine) -> None:
    played = System(people=(People(name="a"), People(name="b")), stations=(POOL,))
    layout = Layout.of(played, {})
    found = engine.summarise(groups_at((0, 3), (5,)), played, bin_ns=10, layout=layout)
    assert [int(group.fates[Fate.SERVED]) for group in found.groups.each] == [2, 1]
