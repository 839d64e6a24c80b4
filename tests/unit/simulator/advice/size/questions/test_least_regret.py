"""Least regret, of launches whose need is known."""

from dataclasses import replace

import pytest

from simulator.advice.size.knobs import Candidate
from simulator.advice.size.questions.least_regret import least_regret
from tests.launches.enough import SERVERS, Enough, player


def servers(number: float) -> Candidate:
    return Candidate(values=(number,))


def test_every_candidate_is_played_in_every_world_and_has_an_excuse() -> None:
    # Launch n needs n + 1 servers; 19 of 20 are served by 19.
    engine = Enough(lambda timetable, _: timetable.launch + 1.0)
    found = least_regret(player(engine), servers(18), [servers(3)], share=0.94)
    assert found.worlds == 20
    assert found.best.tried.candidate == servers(19)
    assert (found.best.too_little, found.best.too_much) == (1, 18)
    assert [(each.tried.candidate.values[0], each.too_little) for each in found.others] == [
        (20.0, 0), (18.0, 2), (17.0, 3), (3.0, 17),
    ]  # fmt: skip
    # One less misses one more in 2 of 20 worlds, and saves one in 18; one more the other way round.
    weight = 0.94 / 0.06
    assert found.cost_of_too_little == pytest.approx((2 * weight - 18) / 20)
    assert found.cost_of_too_much == pytest.approx((19 - weight) / 20)
    assert len(set(engine.played)) == len(engine.played), "a launch was played twice"


def test_people_who_cost_much_are_worth_a_server() -> None:
    prices = replace(SERVERS, currency="EUR", paid_for_ns=3600 * 10**9, person_lost=1.0)
    engine = Enough(lambda timetable, _: 12.0 if timetable.launch else 5.0)
    dear = least_regret(player(engine, prices=prices), servers(11), [servers(5)], share=0.95)
    # Ten people are lost in 19 of 20 launches with less than twelve.
    assert dear.best.tried.candidate == servers(12)
    cheap = replace(prices, person_lost=0.1)
    found = least_regret(player(engine, prices=cheap), servers(11), [servers(5)], share=0.95)
    # They cost 1 EUR, and a single server 1.
    assert found.best.tried.candidate == servers(1)
