"""Figures by group of people, where there are several."""

from __future__ import annotations

import math

import pytest

from simulator.all_figures import figures_of
from simulator.compiled import Compiled
from simulator.engine import Engine
from simulator.layout import Layout
from simulator.outcomes import UNKNOWN, Block, Fate, Outcomes, Provenance
from simulator.readable import Readable
from simulator.summary import Summary, summarise
from simulator.system import System
from simulator.system_people import People
from tests.unit.launches import POOL, groups_at

S = 1_000_000_000
TWO = Layout(groups=(0, 0, 0), group_names=("high", "low", "high"))


def summary() -> Summary:
    """High: served after a wait of 2 s and 3 s, and one who gave up. Low: left the line."""
    visits = [
        (1, 0, 0, 0, 2 * S, 5 * S, Fate.SERVED),
        (2, 2, 0, UNKNOWN, 0, 4 * S, Fate.GAVE_UP),
        (3, 1, 0, 0, UNKNOWN, 6 * S, Fate.RENEGED),
    ]
    outcomes = Outcomes(
        provenance=Provenance.PREDICTED,
        horizon_ns=10 * S,
        end_ns=10 * S,
        blocks=[Block.of(visits, [])],
    )
    return summarise(outcomes, bin_ns=S, layout=TWO)


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


def test_one_group_alone_has_no_figures_of_its_own() -> None:
    assert not any("/group_" in figure.key for figure in figures_of(Layout(group_names=("all",))))


@pytest.mark.parametrize("engine", [Readable(), Compiled(), Compiled(fifo=False)])
def test_engines_count_groups_alike(engine: Engine) -> None:
    played = System(people=(People(name="a"), People(name="b")), stations=(POOL,))
    layout = Layout.of(played, {})
    found = engine.summarise(groups_at((0, 3), (5,)), played, bin_ns=10, layout=layout)
    assert [int(group.fates[Fate.SERVED]) for group in found.groups.each] == [2, 1]
