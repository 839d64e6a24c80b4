"""Groups of people, and when they come, drawn at random."""

from dataclasses import replace

from simulator.system.people import Jitter, People, Referral, Retries
from simulator.timetable.demand import Component
from simulator.timetable.laws import Duration
from simulator.units import FOREVER
from tests.agreement.drawn.dice import Dice


def component_of(dice: Dice, people: int) -> Component:
    """A surge; on a clock of long ticks most come within a nanosecond after a tick."""
    edges_ns = [dice.ns(0, 10)]
    mass: list[float] = []
    for _ in range(dice.whole(1, 4)):
        ends_ns = edges_ns[-1] + dice.ns(1, 20)
        mass.append(dice.one_of([0.0, 2.0, 6.0, 14.0, 30.0]))
        if dice.tick_ns > 1 and dice.whole(0, 3):
            edges_ns.append(edges_ns[-1] + 1)
            mass.append(0.0)
        edges_ns.append(ends_ns)
    return Component.of(people, edges_ns, mass, [dice.random.uniform(-1, 1) for _ in mass])


def people_of(dice: Dice, name: str, journeys: int, *, by_minute: bool) -> People:
    client_timeout = dice.one_of([0, 3, 6, 10, 20, 40, None, None])
    people = People(
        name=name,
        journey=dice.whole(0, journeys - 1),
        rank=dice.whole(0, 2),
        client_timeout_ns=FOREVER if client_timeout is None else client_timeout * dice.tick_ns,
        cancels=dice.has_more(),
        retries=retries_of(dice),
        honours_retry_after=dice.one_of([0.5, 1.0]) if dice.has() else 0.0,
        gives_up_after_ns=dice.ns(0, 40) if dice.has() else FOREVER,
        patience=dice.maybe_never(least=2, most=50),
        balks=dice.duration(least=2, most=60) if dice.has_more() else Duration.never(),
        answers_after=dice.duration() if dice.has_more() else Duration.fixed(0),
    )
    return people if by_minute or dice.is_plain else with_a_life_in_line(dice, people)


def retries_of(dice: Dice) -> Retries:
    return Retries(
        attempts=dice.whole(1, 4),
        backoff_ns=dice.ns(0, 4),
        cap_ns=dice.one_of([0, 3, 8, 50]) * dice.tick_ns,
        jitter=dice.one_of(list(Jitter)),
        budget_millionths=dice.one_of([100_000, 300_000, 500_000, 1_000_000])
        if dice.has_more()
        else 0,
        budget_burst=dice.whole(1, 3),
    )


def with_a_life_in_line(dice: Dice, people: People) -> People:
    """What a line by minute does not know."""
    return replace(
        people,
        silent=dice.one_of([0.3, 1.0]) if dice.has() else 0.0,
        shows_up=dice.one_of([0.0, 0.4, 0.8, 0.8, 0.8]) if dice.has() else 1.0,
        # Nobody reloads for ever at one instant.
        refreshes=dice.duration(least=1, most=12) if dice.has() else Duration.never(),
        refers=referral_of(dice) if dice.has() else None,
    )


def referral_of(dice: Dice) -> Referral:
    return Referral(
        share=dice.one_of([0.3, 0.7, 1.0]), after=dice.duration(), places=dice.whole(1, 5)
    )
