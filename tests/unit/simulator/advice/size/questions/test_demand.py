"""Headroom, cases and the tornado, of launches that need a server for each hundred people."""

from dataclasses import replace

import pytest

from simulator.advice.size.knobs import Candidate
from simulator.advice.size.player import Player
from simulator.advice.size.questions.aids.cheapest import Cheapest, cheapest_from
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.worlds import Sized
from simulator.advice.size.questions.headroom import LARGEST, bounds, headroom
from simulator.advice.size.questions.side_by_side import cases
from simulator.advice.size.questions.tornado import swings, worth_measuring
from simulator.system.system import System
from simulator.system.uncertain import Matter, Uncertain
from simulator.timetable.timetable import Timetable
from simulator.timetable.volume import Volume
from tests.examples import examples
from tests.launches.enough import Enough, needs_of_demand, plan, player

TEN = Candidate(values=(10.0,))
FEW = Few(launches=4)


def near(start: Candidate) -> Cheapest:
    return lambda player, few, factors: cheapest_from(player, start, few, factors)


def needs_of_service(timetable: Timetable, system: System) -> float:
    """As many as come, and the square of how long each is served: 10 for 0.1 s."""
    slow = system.stations[0].service.location / 1e8
    return needs_of_demand(timetable, system) * slow * slow


def ready(of: Player | None = None) -> Sized:
    return Sized(player=of or player(Enough(needs_of_demand)))


@examples("servers, least, most",
    ("just enough", 10, 1.0 / 1.05, 1.0),
    ("three times as many", 30, 3.0 / 1.05, 3.0),
    ("a quarter", 2, 0.2 / 1.05, 0.2),
)  # fmt: skip
def test_headroom_is_what_there_is_over_what_is_needed(
    servers: float, least: float, most: float
) -> None:
    found = headroom(ready(), Candidate(values=(servers,)), Few(launches=20))
    assert least <= found.breaks_at <= most
    assert found.searched_to < LARGEST


def test_headroom_without_end_is_a_lower_bound() -> None:
    found = headroom(ready(), Candidate(values=(900.0,)), FEW)
    assert (found.breaks_at, found.searched_to) == (LARGEST, LARGEST)


def test_what_does_not_bear_a_sixteenth_bears_nothing() -> None:
    assert headroom(ready(player(Enough(lambda *_: 99.0))), TEN, FEW).breaks_at == 0.0


def test_bounds_lie_on_both_sides() -> None:
    good, bad = bounds(lambda factor: factor <= 1.7)
    assert good <= 1.7 < bad <= 1.05 * good


def test_a_larger_demand_takes_no_more_work() -> None:
    engine = Enough(needs_of_demand)
    sized = ready(player(engine))
    Few(launches=20).lighter(4.0).hold(sized.at(4.0), Candidate(values=(40.0,)))
    assert len(engine.played) == 5


def test_without_a_volume_half_and_double_are_assumed_and_said_to_be() -> None:
    found = cases(ready(), TEN, Candidate(values=(20.0,)), near(TEN), FEW)
    assert [(each.name, each.demand_factor, each.assumed) for each in found] == [
        ("low", 0.5, True), ("likely", 1.0, False), ("high", 2.0, True), ("five times", 5.0, False),
    ]  # fmt: skip
    assert [each.needs_cost for each in found] == pytest.approx([5, 10, 20, 50])
    assert [each.today_holds for each in found] == [(4, 4), (4, 4), (0, 2), (0, 2)]
    assert [each.with_certified for each in found] == [(4, 4), (4, 4), (2, 2), (0, 2)]
    assert [each.lost for each in found] == [0, 0, 0, 10]


def test_with_a_volume_the_cases_are_its_deciles() -> None:
    uncertain = plan(volume=Volume(low=0.7, high=3.0))
    found = cases(ready(player(Enough(needs_of_demand), uncertain)), TEN, TEN, near(TEN), FEW)
    assert [each.demand_factor for each in found] == pytest.approx([0.7, 1.0, 3.0, 5.0])
    assert not any(each.assumed for each in found)
    assert [each.with_certified for each in found] == [each.today_holds for each in found]


def test_where_each_launch_meets_a_system_of_its_own_no_case_is_played_in_fewer() -> None:
    # The sixth launch needs twice as much.
    engine = Enough(lambda t, s: needs_of_demand(t, s) * (2.0 if t.launch == 5 else 1.0))
    few = Few(launches=6, alike=False)
    found = cases(ready(player(engine)), TEN, TEN, near(TEN), few)
    assert [each.needs_cost for each in found] == pytest.approx([10, 20, 40, 100], rel=0.05)


def test_the_likely_demand_of_a_certain_volume_shares_the_launches_of_the_search() -> None:
    engine = Enough(needs_of_demand)
    known = player(engine)
    known.tried(TEN, range(4))
    ready(known).at(1.0).tried(TEN, range(4))
    assert len(engine.played) == 4


def test_what_is_played_for_another_demand_is_counted_where_it_is_told() -> None:
    told: list[int] = []
    first = player(Enough(needs_of_demand))
    first.told = told.append
    ready(first).at(2.0).tried(TEN, range(3))
    assert first.played == 3
    assert told == [1, 2, 3]


def test_each_input_is_put_at_its_ends_and_the_widest_comes_first() -> None:
    found = swings(player(Enough(needs_of_service)), TEN, near(TEN), FEW, surges=("opening",))
    assert [each.key for each in found] == ["station.web.service", "surge.opening.volume"]
    service, volume = found
    # A quarter more, and a fifth less; service counts squared in this launch.
    assert (volume.cost_low, volume.cost_high, volume.assumed) == (8, 13, True)
    assert (service.cost_low, service.cost_high, service.assumed) == (7, 16, True)
    assert (volume.lost_low, volume.lost_high) == (0, 10)
    assert worth_measuring(found) == service


def test_a_range_of_the_file_is_no_assumption() -> None:
    given = Uncertain(
        key="station.web.service_factor", matter=Matter.SERVICE, name="web",
        spread=Volume(low=0.5, high=2.0),
    )  # fmt: skip
    uncertain = replace(plan(volume=Volume(low=0.9, high=1.1)), uncertain=(given,))
    found = swings(player(Enough(needs_of_service), uncertain), TEN, near(TEN), FEW)
    assert [(each.key, each.low, each.high, each.assumed) for each in found] == [
        ("station.web.service_factor", 0.5, 2.0, False),
        ("surge.*.volume", pytest.approx(0.9), pytest.approx(1.1), False),
    ]


def test_nothing_is_worth_measuring_that_moves_nothing() -> None:
    found = swings(player(Enough(lambda *_: 10.0)), TEN, near(TEN), FEW)
    assert worth_measuring(found) is None
