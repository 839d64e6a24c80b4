"""The search for the smallest change that would have held, against an engine that is easy to know."""

import math
from collections.abc import Callable

import pytest

from simulator.advice.change.remedy import Remedy, Search, prescribe
from simulator.advice.change.smallest import sizes, smallest_value
from simulator.advice.change.toll import Toll
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.why.diagnosis import diagnoses_of
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.plan.launches import Prediction
from simulator.plan.plan import Plan, Subject
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.timetable import Timetable
from tests.examples import examples
from tests.launches.shop import WEB, S, launch, steadily, system

SERVERS = Tweak(turn=Turn.SERVERS, station=WEB, now=10)
BACKOFF = Tweak(turn=Turn.BACKOFF, now=0)
SERVED = Objectives(journeys=(JourneyObjective(journey="signup", errors=0.0),))
NOTHING = Toll(never_let_in=0.0, left=0.0)
STEP = 2**0.25
"""Between sizes of what does harm if there is too much of it, in the first two doublings."""


class Enough:
    """Serves one person, if there are as many web servers as that launch needs."""

    name = "enough"

    def __init__(self, needed: Callable[[int], int]) -> None:
        self.needed = needed
        self.played: list[int] = []

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        servers = system.stations[WEB].servers
        self.played.append(servers)
        fate = Fate.SERVED if servers >= self.needed(timetable.launch) else Fate.GAVE_UP
        visits = [(0, 0, 0, UNKNOWN, 0, S, fate)]
        return Outcomes(
            provenance=Provenance.PREDICTED,
            horizon_ns=timetable.horizon_ns,
            end_ns=timetable.end_ns,
            blocks=[Block.of(visits, [])],
        )

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        return summarise(self.simulate(timetable, system), bin_ns=bin_ns, layout=layout)


def plan() -> Plan:
    return Plan(
        subject=Subject.LAUNCH, scenario="shop", variant=None,
        demand=Demand(components=(Component.of(0, [0, S], [1.0]),)), system=system(),
        objectives=SERVED, horizon_ns=20 * S, end_ns=25 * S, bin_ns=S,
    )  # fmt: skip


def search(engine: Enough, *, budget: int = 1000, launches: int = 10) -> Search:
    return Search(
        plan=plan(), engine=engine, few=[3, 1, 2], launches=launches, budget=budget,
    )  # fmt: skip


@pytest.mark.parametrize("needed", [11, 12, 19, 20, 21, 333, 640])
def test_the_smallest_number_of_servers_is_found(needed: int) -> None:
    remedy = search(Enough(lambda _: needed)).smallest([SERVERS])
    # Above a hundred or so a server more or less is less than 5 %.
    assert remedy is not None
    assert needed <= remedy.value <= max(needed, 1.05 * needed)
    assert (remedy.holds, remedy.launches) == (10, 10)


def test_more_than_64_times_as_many_are_not_tried() -> None:
    assert search(Enough(lambda _: 641)).smallest([SERVERS]) is None


def test_the_last_word_has_every_launch() -> None:
    # The few that are tried first are content with 15; launches 6 and 7 need 16, and 99 of 100 do.
    engine = Enough(lambda launch: {6: 16, 7: 16, 8: 99}.get(launch, 15))
    assert search(engine, launches=100).smallest([SERVERS]) == Remedy(
        tweak=SERVERS, value=16, holds=99, launches=100, toll=NOTHING
    )


def test_a_search_that_ran_out_finds_nothing_more() -> None:
    engine = Enough(lambda _: 15)
    assert search(engine, budget=2).smallest([SERVERS]) is None
    assert len(engine.played) == 2


def test_a_bigger_change_than_the_smallest_known_is_not_looked_for() -> None:
    engine = Enough(lambda _: 15)
    rooms = Tweak(turn=Turn.WAITING_ROOM, station=WEB, now=100)
    remedy = search(engine).smallest([SERVERS, rooms])
    assert remedy is not None
    assert remedy.tweak is SERVERS
    # One try, with half as many again, shows that places to wait do not help.
    assert engine.played[-1] == 10


@examples("tweak, least, expected",
    ("more", SERVERS, math.inf, [20, 40, 80, 160, 320, 640]),
    ("just less than 15", SERVERS, math.log(1.5), [14]),
    ("no whole server", SERVERS, math.log(1.05), []),
    ("fewer, but some", Tweak(turn=Turn.SLOTS, now=5, up=False), math.inf, [4, 3, 2, 1]),
    ("a line, at first as fast as can be served", Tweak(turn=Turn.LINE, now=8.0, up=False), math.inf,
     [8.0, *(pytest.approx(8 / STEP**step) for step in range(1, 8)), 2.0, 1.0, 0.5, 0.25, 0.125]),
    ("in small steps towards what can be served, and no further than what is known",
     Tweak(turn=Turn.RELEASE, now=3.0, bearable=4.0), math.log(1.2),
     [*(pytest.approx(3 * (4 / 3) ** part) for part in (0.25, 0.5)), pytest.approx(3 * STEP)]),
    ("a pause where there was none", BACKOFF, math.inf, [1e9, 2e9, 4e9, 8e9, 16e9, 32e9]),
)  # fmt: skip
def test_sizes(tweak: Tweak, least: float, expected: list[float]) -> None:
    assert list(sizes(tweak, least)) == expected


def test_what_is_no_count_is_found_to_five_per_cent() -> None:
    slower = Tweak(turn=Turn.RELEASE, now=10.0, up=False)
    found = smallest_value(slower, lambda value: value <= 3.0)
    assert found is not None
    assert 3.0 / 1.05 <= found <= 3.0


def test_a_deadline_is_there_or_not() -> None:
    deadline = Tweak(turn=Turn.DEADLINE, now=2 * S)
    assert smallest_value(deadline, lambda _: True) == 2 * S
    assert smallest_value(deadline, lambda _: False) is None


def test_a_launch_is_prescribed_what_its_first_trouble_suggests() -> None:
    bad = launch(steadily(30, Result.TURNED_AWAY))
    predicted = Prediction(engine="enough", launches=[bad] * 10)
    shop = plan()
    diagnoses = tuple(diagnoses_of(shop, predicted))

    found = prescribe(shop, predicted, diagnoses, Enough(lambda _: 12))

    assert found.remedy == Remedy(tweak=SERVERS, value=12, holds=10, launches=10, toll=NOTHING)
    # Neither a line nor a deadline gives this engine more servers.
    assert found.others == ()
