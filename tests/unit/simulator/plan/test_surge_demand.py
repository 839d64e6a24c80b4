"""Surges of all shapes in one launch, as both engines play it."""

import numpy as np
import pytest

from simulator import Compiled, Plan, Readable, launch_plan, parse
from simulator.timetable.timetable import Arrivals
from tests.launches.files import SMALL, changed
from tests.plans import rehearsal_plan

SURGE = SMALL[SMALL.index("[[surge]]") : SMALL.index("[waitlist]")]
MANY = (
    SURGE
    + """
[[surge]]
shape = "spike"
people = "early"
size = 40
at = "1 min"
rise = "5 s"
decay = "40 s"
volume = { low = 0.5, high = 4 }

[[surge]]
shape = "waves"
people = "early"
batches = [["2 min", 100]]
accepts = 0.3
after = "1 min"
uninvited = { per_invited = 0.2, people = "friends" }
volume = { low = 0.5, high = 4 }

[[surge]]
shape = "diurnal"
people = "friends"
rate = "3/min"
zones = [["UTC+05:30", 0.4], ["UTC-03:00", 0.6]]
peak_hour = 20
depth = 0.8

[[surge]]
shape = "recorded"
people = "friends"
every = "1 min"
counts = "3 1 4 1 5"

[[surge]]
shape = "referral"
people = "friends"
of = ["milestones", "spike", "waves"]
brings = 0.4
after = "1 min"

"""
)
FRIENDS = SMALL[SMALL.index("[[people]]") : SMALL.index("[[surge]]")].replace("early", "friends")


@pytest.fixture(scope="module")
def plan() -> Plan:
    scenario = parse(changed((SURGE, FRIENDS + MANY)), "f")
    return launch_plan(scenario, seed=5, engine=Readable())


def together(parts: list[Arrivals]) -> list[tuple[int, int, int]]:
    return [
        row
        for part in parts
        for row in zip(
            part.visitor.tolist(), part.people.tolist(), part.arrived_ns.tolist(), strict=True
        )
    ]


def test_both_engines_play_the_same_launch(plan: Plan) -> None:
    for launch in range(3):
        timetable = plan.timetable(launch)
        readable, compiled = (
            engine.simulate(timetable, plan.system).rows() for engine in (Readable(), Compiled())
        )
        assert len(readable.visits) == timetable.total > 150
        assert np.array_equal(readable.visits, compiled.visits)
        assert np.array_equal(readable.attempts, compiled.attempts)


def test_a_visitor_is_his_component_block_and_index_in_every_launch(plan: Plan) -> None:
    timetable = plan.timetable(1)
    rows = together(list(timetable.arrivals()))
    assert rows == together(list(plan.timetable(1).arrivals()))
    for visitor, people, at_ns in rows:
        component = plan.demand.components[visitor >> 52]
        block = (visitor >> 32) & 0xFFFFF
        assert visitor & 0xFFFFFFFF < timetable.counts[visitor >> 52][block]
        assert component.people == people
        assert component.edges_ns[block] <= at_ns < component.edges_ns[block + 1]


def test_a_rehearsal_is_of_what_is_likely_and_expected(plan: Plan) -> None:
    scenario = parse(changed((SURGE, FRIENDS + MANY)), "f")
    rehearsed = rehearsal_plan(scenario, None, seed=5, engine=Readable()).demand
    assert all(c.volume is None and c.brought is None for c in rehearsed.components)
    minute_ns = 60 * 10**9
    by_edge = [plan.demand.expected_by(n * minute_ns) for n in (1, 3)]
    # Sums over hundreds of blocks, in another order.
    assert rehearsed.total == pytest.approx(by_edge[1] - by_edge[0], rel=1e-12)
