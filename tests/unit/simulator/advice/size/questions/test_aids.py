"""Steps of a knob, few launches that decide, and the cheapest close by."""

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.questions.aids.cheapest import cheapest_from, grown
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.steps import beside, border, outward, within
from tests.examples import examples
from tests.launches.enough import Enough, knob, needs_of_demand, player

RATE = Knob(key="waitlist.release.rate", tweak=Tweak(turn=Turn.RELEASE, now=2.0), low=1.0, high=8.0)
LISTED = Knob(
    key="station.web.servers", tweak=Tweak(turn=Turn.SERVERS, now=8), low=8, high=32,
    choices=(8.0, 16.0, 32.0),
)  # fmt: skip


@examples("knob, value, down, up",
    ("one server", knob(), 10.0, 9.0, 11.0),
    ("a twentieth of many", knob(), 200.0, 190.0, 210.0),
    ("not below the range", knob(low=10), 10.0, None, 11.0),
    ("not above", knob(high=10), 10.0, 9.0, None),
    ("a rate", RATE, 4.0, 3.8, 4.2),
    ("of a list", LISTED, 16.0, 8.0, 32.0),
    ("the end of a list", LISTED, 32.0, 16.0, None),
)  # fmt: skip
def test_beside(knob: Knob, value: float, down: float | None, up: float | None) -> None:
    assert beside(knob, value, up=False) == down
    assert beside(knob, value, up=True) == up


@examples("knob, value, up, expected",
    ("up, ever faster", knob(high=60), 10.0, True, [11.0, 15.0, 31.0, 60.0]),
    ("down", knob(), 10.0, False, [9.0, 5.0, 1.0]),
    ("from below the range", knob(low=20, high=30), 2.0, True, [20.0, 24.0, 30.0]),
    ("a list", LISTED, 32.0, False, [16.0, 8.0]),
)  # fmt: skip
def test_outward(knob: Knob, value: float, up: bool, expected: list[float]) -> None:
    assert list(outward(knob, value, up=up)) == expected


def test_a_border_is_found_to_a_step_from_either_side() -> None:
    for needed in map(float, range(2, 21)):
        assert border(knob(), 1.0, 20.0, needed.__le__) == needed
        assert border(knob(), 21.0, 1.0, needed.__ge__) == needed
    found = border(RATE, 1.0, 8.0, lambda value: value >= 3.0)
    assert 3.0 <= found <= 3.0 * 1.05**2


def test_of_a_list_the_one_above_is_possible() -> None:
    assert [within(LISTED, value) for value in (3.0, 8.0, 9.0, 99.0)] == [8.0, 8.0, 16.0, 32.0]


def test_launches_that_can_change_nothing_are_not_played() -> None:
    engine = Enough(lambda timetable, _: 99.0 if timetable.launch < 2 else 1.0)
    assert not Few(launches=20).hold(player(engine), Candidate(values=(10.0,)))
    assert sorted(launch for launch, _ in engine.played) == [0, 1]


def test_one_in_twenty_may_fail() -> None:
    candidate = Candidate(values=(10.0,))
    one = player(Enough(lambda timetable, _: 99.0 if timetable.launch == 7 else 1.0))
    two = player(Enough(lambda timetable, _: 99.0 if timetable.launch in (7, 19) else 1.0))
    assert Few(launches=20).hold(one, candidate)
    assert not Few(launches=20).hold(two, candidate)
    assert Few(launches=20).failing(two, candidate) == [7, 19]


def test_the_cheapest_close_by_is_found_from_above_and_from_below() -> None:
    for start in (2.0, 10.0, 30.0):
        found = cheapest_from(
            player(Enough(needs_of_demand)), Candidate(values=(start,)), Few(launches=4)
        )
        assert found is not None
        assert (found.candidate.values, found.cost, found.holds) == ((10.0,), 10.0, 4)


def test_where_the_most_of_everything_does_not_hold_nothing_is_found() -> None:
    engine = Enough(lambda *_: 10_000.0)
    assert cheapest_from(player(engine), Candidate(values=(10.0,)), Few(launches=4)) is None


def test_a_guess_is_played_first() -> None:
    engine = Enough(lambda *_: 50.0)
    found = cheapest_from(player(engine), Candidate(values=(10.0,)), Few(launches=2), [5.0])
    assert found is not None
    assert found.candidate.values == (50.0,)
    assert engine.played[0][1] == 50
    assert min(servers for _, servers in engine.played) >= 47


def test_durations_do_not_grow_with_the_demand() -> None:
    every = Knob(
        key="waitlist.release.batch.every", tweak=Tweak(turn=Turn.BATCH_EVERY, now=1e9), low=1e8, high=1e10,
    )  # fmt: skip
    both = grown((knob(), every), Candidate(values=(10.0, 1e9)), [3.0, 3.0])
    assert both.values == (30.0, 1e9)
