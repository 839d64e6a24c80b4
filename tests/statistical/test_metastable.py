"""Collapse that outlives what caused it, on both sides of its border.

One server works off 100 jobs a second, first come first served. A backlog of ``Q0`` patient people
stands there at the opening; besides, ``lam`` people a second come who wait a second and try three
times. As long as the wait is longer than that, everybody sends three jobs, none of which is answered
in time: the backlog shrinks by ``C - 3 lam`` a second, or grows for ever. It has vanished when a job
waits less than a second, at ``(Q0 - C) / (C - 3 lam)``.

Source: the metastable_fifo family of the closed forms. People come here evenly, one in each stretch
of ``1 / lam``, so that there is no noise, and one launch decides.
"""

from dataclasses import replace
from functools import cached_property

import numpy as np
import pytest

from simulator import Compiled, Plan, Readable, summarise
from simulator.advice.change.tweak import Turn
from simulator.advice.disturbance.stress import stress
from simulator.advice.disturbance.trigger import Disturbance
from simulator.advice.why.ending import ending_of
from simulator.engine.rules import Engine
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Block, Outcomes, Provenance, Result
from simulator.plan.plan import Subject
from simulator.system.objectives import JourneyObjective, Objectives
from simulator.system.people import People, Retries
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import Ints
from tests.examples import examples

S = 1_000_000_000
SERVED_PER_S = 100
BACKLOG = 1_000
UNTIL_S = 400
LATE_RETRIES = 3
"""Of everybody's three jobs the second comes a second late and the third two: so many jobs are
missing for each of the people who come in a second, and are put into the backlog."""

engines = pytest.mark.parametrize(
    "engine", [pytest.param(Compiled(), id="compiled"), pytest.param(Readable(), id="simpy")]
)


class Evenly(Timetable):
    """A timetable without chance in the number of people."""

    @cached_property
    def counts(self) -> tuple[Ints, ...]:
        return tuple(np.rint(part.mass).astype(np.int64) for part in self.demand.components)


def crowd(per_s: int) -> Timetable:
    """The backlog, and those who come."""
    many = BACKLOG + LATE_RETRIES * per_s
    edges = np.rint(np.arange(UNTIL_S * per_s + 1) * (S / per_s)).astype(np.int64)
    return Evenly(
        demand=Demand(
            components=(
                Component.of(0, [0, 1], [many]),
                Component.of(1, edges, np.ones(UNTIL_S * per_s)),
            )
        ),
        horizon_ns=UNTIL_S * S,
        end_ns=(UNTIL_S + 3) * S,
    )


SYSTEM = System(
    people=(People(name="backlog"), People(name="hasty", client_timeout_ns=S, retries=Retries(attempts=3))),
    stations=(Station(name="web", servers=1, service=Duration.fixed(S // SERVED_PER_S)),),
)  # fmt: skip
SHEDDING = replace(SYSTEM, stations=(replace(SYSTEM.stations[0], sheds_after_ns=S),))


def answered_s(rows: Block) -> np.ndarray:
    """When those who come sent what was answered in time."""
    success = rows.attempts["result"] == Result.SUCCESS
    hasty = rows.attempts["visitor"] >> 52 == 1
    return np.sort(rows.attempts["sent"][success & hasty]) / S


def folded(rows: Block, system: System) -> Summary:
    outcomes = Outcomes(
        provenance=Provenance.PREDICTED,
        horizon_ns=UNTIL_S * S,
        end_ns=(UNTIL_S + 3) * S,
        blocks=[rows],
    )
    return summarise(outcomes, bin_ns=2 * S, layout=Layout.of(system, {}))


@engines
@examples("per_s, recovers_s",
    ("the closed form's own case", 30, 90.0),
    ("close to the border", 32, 225.0),
)  # fmt: skip
def test_below_the_border_it_recovers_when_the_closed_form_says(
    engine: Engine, per_s: int, recovers_s: float
) -> None:
    rows = engine.simulate(crowd(per_s), SYSTEM).rows()

    # A person is less than 1 / lam off his even instant, which moves 3 jobs; the wait of a job in
    # time is one service shorter than a second, and the job that meets it comes up to 1 / (3 lam)
    # later, in which 2 more are served: 6 jobs, at the pace at which the backlog shrinks.
    tolerance_s = 6.0 / (SERVED_PER_S - 3 * per_s)
    answered = answered_s(rows)
    assert answered[0] == pytest.approx(recovers_s, abs=tolerance_s)
    ending = ending_of(folded(rows, SYSTEM), SYSTEM)
    assert ending.recovered
    assert ending.goodput_per_s == pytest.approx(per_s, rel=0.05)


@engines
@pytest.mark.parametrize("per_s", [34, 36])
def test_beyond_the_border_nobody_is_ever_answered(engine: Engine, per_s: int) -> None:
    rows = engine.simulate(crowd(per_s), SYSTEM).rows()
    ending = ending_of(folded(rows, SYSTEM), SYSTEM)
    assert len(answered_s(rows)) == 0
    assert (ending.goodput_per_s, ending.metastable) == (0.0, True)
    assert ending.need == pytest.approx(per_s / SERVED_PER_S, rel=0.05)
    assert ending.asked == pytest.approx(3 * per_s / SERVED_PER_S, rel=0.05)


@engines
def test_a_deadline_heals_it(engine: Engine) -> None:
    rows = engine.simulate(crowd(36), SHEDDING).rows()
    # What has waited a second is dropped in no time, so that those who come after that are served.
    answered = answered_s(rows)
    assert answered[0] == pytest.approx(0.0, abs=1.1)
    assert len(answered[answered > 2.0]) >= 0.95 * 36 * (UNTIL_S - 2)
    assert ending_of(folded(rows, SHEDDING), SHEDDING).recovered


# The verdict --------------------------------------------------------------------------------------


def shaken(per_s: float, attempts: int) -> Plan:
    """A hundred seconds of people who wait a second for one of 50 jobs a second."""
    return Plan(
        subject=Subject.LAUNCH,
        scenario="shaken",
        variant=None,
        demand=Demand(components=(Component.of(0, [0, 100 * S], [per_s * 100]),)),
        system=System(
            people=(People(name="all", client_timeout_ns=S, retries=Retries(attempts=attempts)),),
            stations=(Station(name="web", servers=1, service=Duration.fixed(S // 50)),),
        ),
        objectives=Objectives(journeys=(JourneyObjective(journey="signup", errors=0.05),)),
        horizon_ns=100 * S,
        end_ns=104 * S,
        bin_ns=S,
    )


@engines
def test_stress_finds_what_does_not_heal_and_what_heals_it(engine: Engine) -> None:
    # 3 * 20 > 50 > 20: vulnerable.
    found = stress(shaken(20.0, attempts=3), engine, launches=2)

    assert found.judged
    assert not found.heals
    dips = next(s for s in found.sweeps if s.reactions[0].trigger.kind is Disturbance.DIP)
    assert dips.fatal is not None
    # Until 0.98 s of a dip nobody's answer is late. After 4 s there are 80 first attempts, 60 second
    # ones and 40 third ones, 3.6 s of work; from then on 60 jobs a second come, and 50 are done.
    assert 0.98 * S <= dips.fatal.trigger.lasts_ns <= 4 * S
    cures = {cure.tweak.turn: cure.value for cure in dips.cures}
    assert cures[Turn.DEADLINE] == S
    # The pause has to be so long that all three attempts of those in it need less than there is.
    assert Turn.BACKOFF in cures


@engines
def test_a_launch_that_can_bear_its_retries_heals(engine: Engine) -> None:
    # 2 * 10 < 50: whatever hits it.
    found = stress(shaken(10.0, attempts=2), engine, launches=2)

    assert found.heals
    assert found.undisturbed == pytest.approx(1.0, abs=0.05)
    assert all(reaction.recovered_ns is not None for s in found.sweeps for reaction in s.reactions)
    # The longest dip, 16 s, leaves 160 people behind, who send two jobs each while it lasts.
    (*_, longest) = next(
        s for s in found.sweeps if s.reactions[0].trigger.kind is Disturbance.DIP
    ).reactions
    assert longest.recovered_ns is not None
    assert 0 < longest.recovered_ns < 20 * S


@engines
def test_what_does_not_stand_undisturbed_is_not_disturbed(engine: Engine) -> None:
    found = stress(shaken(60.0, attempts=1), engine, launches=1)
    assert (found.heals, found.sweeps) == (False, ())


@engines
def test_too_few_people_say_nothing(engine: Engine) -> None:
    assert not stress(shaken(2.0, attempts=1), engine, launches=2).judged
