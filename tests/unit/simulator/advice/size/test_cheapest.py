"""The search among combinations, on regions of which it is known what holds and what is cheapest."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

import pytest

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.prices import Prices
from simulator.advice.size.search.cheapest import Search
from simulator.advice.size.search.space import Space, spread
from simulator.advice.size.trials import Trial, Tried
from simulator.verdict.criteria import Outcome
from tests.examples import examples

Region = Callable[..., bool]
"""Whether the values of the knobs hold."""


@dataclass
class Known:
    """A judge who knows the region, and names the place that is the first at fault."""

    holds: Region
    at: Callable[..., str] = lambda *_values: ""
    lost: Callable[..., float] = lambda *_values: 0.0
    asked: list[Candidate] = field(default_factory=list)

    def promising(self, candidate: Candidate) -> bool:
        self.asked.append(candidate)
        return self.holds(*candidate.values)

    def likely(self, candidate: Candidate) -> bool:
        return self.promising(candidate)

    def ready(self, candidate: Candidate) -> bool:
        return self.promising(candidate)

    def at_fault(self, candidate: Candidate) -> str:
        return self.at(*candidate.values)

    def tried(self, candidate: Candidate) -> Tried:
        trial = Trial(
            launch=0, outcome=Outcome.HOLDS, failed=None, strain=0.5, came=100, served=100,
            lost=round(self.lost(*candidate.values)), wait_p50_s=0.0, wait_p95_s=0.0, line_peak=0,
            luck=0.5,
        )  # fmt: skip
        return Tried(candidate=candidate, cost=0.0, trials=(trial,))


def servers(name: str, station: int, high: float = 60, now: float = 5) -> Knob:
    tweak = Tweak(turn=Turn.SERVERS, station=station, now=now)
    return Knob(key=f"station.{name}.servers", tweak=tweak, low=1, high=high)


RELEASE = Knob(
    key="waitlist.release.rate", tweak=Tweak(turn=Turn.RELEASE, now=10.0), low=1, high=100
)


def search(judge: Known, knobs: tuple[Knob, ...], *prices: float) -> Search:
    space = Space(
        knobs=knobs, prices=Prices(currency="", priced=None, per_hour=prices, paid_for_ns=1)
    )
    places = {n: knob.key.split(".")[1] for n, knob in enumerate(knobs)}
    places = {n: "the line" if name == "release" else name for n, name in places.items()}
    return Search(
        space=space, judge=judge, start=space.places(Candidate(values=tuple(k.now for k in knobs))),
        places_of=places,
    )  # fmt: skip


def every_combination(space: Space) -> list[tuple[float, Candidate]]:
    """Every combination, by brute force."""
    every = product(*(range(axis.last + 1) for axis in space.axes))
    return [(space.cost(places)[0], space.candidate(places)) for places in every]


TWO = (servers("web", 0), servers("db", 1))


@pytest.mark.parametrize("needed", [1, 2, 5, 17, 59, 60])
def test_one_knob_is_the_least_that_holds(needed: int) -> None:
    judge = Known(lambda n: n >= needed)
    found = search(judge, (servers("web", 0),), 1.0).cheapest()
    assert found == Candidate(values=(needed,))
    assert len(set(judge.asked)) < 25


def test_where_nothing_holds_there_is_none() -> None:
    assert search(Known(lambda _web, db: db > 60), TWO, 1.0, 1.0).cheapest() is None


@examples(
    "holds, prices",
    ("each by itself", lambda a, b: a >= 12 and b >= 30, (1.0, 1.0)),
    ("together", lambda a, b: a >= 5 and b >= 7 and a + b >= 30, (1.0, 1.0)),
    ("one may stand in for another", lambda a, b: a >= 5 and b >= 7 and a + 2 * b >= 60, (1.0, 1.0)),
    ("where one is dear", lambda a, b: a >= 5 and b >= 7 and a + b >= 30, (5.0, 1.0)),
    ("where the other is", lambda a, b: a >= 5 and b >= 7 and a + b >= 30, (1.0, 5.0)),
    ("a product", lambda a, b: a * b >= 400, (1.0, 1.0)),
    ("a product, one dear", lambda a, b: a * b >= 400, (3.0, 1.0)),
)  # fmt: skip
def test_two_knobs_cost_what_the_cheapest_of_all_costs(
    holds: Region, prices: tuple[float, float]
) -> None:
    """Within 3 %, or one server."""
    judge = Known(holds, at=lambda a, b: "web" if a <= b else "db")
    searching = search(judge, TWO, *prices)
    found = searching.cheapest()
    assert found is not None
    assert holds(*found.values)
    least = min(c for c, each in every_combination(searching.space) if holds(*each.values))
    cost = searching.space.prices.of(found.values)
    assert cost <= max(least * 1.03, least + max(prices))
    assert len(set(judge.asked)) < 150


def test_three_knobs_are_no_dearer_than_the_cheapest_by_three_hundredths() -> None:
    knobs = (servers("web", 0, 30), servers("db", 1, 30), servers("mail", 2, 30))

    def holds(a: float, b: float, c: float) -> bool:
        return min(a / 3, b / 5, c / 2) >= 1 and a + b + c >= 40

    def at(a: float, b: float, c: float) -> str:
        return min((a / 3, "web"), (b / 5, "db"), (c / 2, "mail"))[1]

    searching = search(Known(holds, at=at), knobs, 1.0, 2.0, 3.0)
    found = searching.cheapest()
    assert found is not None
    assert holds(*found.values)
    least = min(c for c, each in every_combination(searching.space) if holds(*each.values))
    assert searching.space.prices.of(found.values) <= 1.03 * least


def test_what_has_no_price_is_bought_sparingly_as_well() -> None:
    """A quota costs nothing here; of two systems with as many servers the smaller quota is taken."""
    quota = Knob(
        key="station.mail.quota.rate",
        tweak=Tweak(turn=Turn.QUOTA, station=1, now=2),
        low=1,
        high=80,
    )
    judge = Known(lambda a, rate: a >= 9 and rate >= 33, at=lambda *_: "mail")
    found = search(judge, (servers("web", 0), quota), 1.0, 0.0).cheapest()
    assert found is not None
    assert found.values[0] == 9
    assert 33 <= found.values[1] <= 33 * 1.03


def test_the_line_lets_in_as_slowly_as_it_may_where_that_saves_servers() -> None:
    """A server serves 2/s, the line's objectives want 20/s: 10 servers, whatever the file let in."""
    judge = Known(lambda n, rate: rate >= 20 and 2 * n >= rate, at=lambda *_: "web")
    found = search(judge, (servers("web", 0), RELEASE), 1.0, 0.0).cheapest()
    assert found is not None
    assert found.values[0] <= 11
    assert 20 <= found.values[1] <= 22


def test_among_equal_costs_fewer_are_lost() -> None:
    """Between 20/s and 22/s eleven servers do; the faster the line, the fewer never get in."""
    judge = Known(
        lambda n, rate: rate >= 20 and 2 * n >= rate,
        at=lambda *_: "web",
        lost=lambda _n, rate: 1000 - 10 * rate,
    )
    searching = search(judge, (servers("web", 0), RELEASE), 1.0, 0.0)
    found = searching.cheapest()
    assert found is not None
    n, rate = found.values
    axis = searching.space.axes[1]
    faster = axis.values[axis.nearest(rate) + 1]
    assert 2 * n < faster, "the next faster one needs another server"


def test_a_rate_that_costs_nothing_is_found_where_only_a_part_of_its_range_holds() -> None:
    judge = Known(lambda rate: 30 <= rate <= 40, lost=lambda rate: 100 - rate)
    found = search(judge, (RELEASE,), 0.0).cheapest()
    assert found is not None
    assert 38 <= found.values[0] <= 40, "as many as can be are let in"


def test_a_search_that_fails_at_a_place_buys_more_there() -> None:
    judge = Known(lambda a, b: a >= 5 and b >= 7 and a + b >= 30, at=lambda *_: "db")
    found = search(judge, TWO, 1.0, 1.0).cheapest()
    assert found == Candidate(values=(5, 25))


def test_after_a_refusal_comes_a_bigger_one() -> None:
    judge = Known(lambda a, b: a >= 5 and b >= 7)
    searching = search(judge, TWO, 1.0, 1.0)
    assert searching.beyond(Candidate(values=(5, 7)), "db") == Candidate(values=(5, 8))
    assert searching.beyond(Candidate(values=(60, 60)), "db") is None


def test_places_are_spread_evenly_and_each_once() -> None:
    assert spread(0, 100, 5) == [0, 25, 50, 75, 100]
    assert spread(3, 5, 9) == [3, 4, 5]
