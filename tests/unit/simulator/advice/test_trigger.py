"""What a trigger does to a launch."""

from dataclasses import replace

import pytest

from simulator.advice.disturbance.trigger import Disturbance, Trigger
from simulator.plan.plan import Plan, Subject
from simulator.system.line import TokenBucket
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.stations import Station, StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from tests.examples import examples

S = 1_000_000_000
WEB = Station(name="web", servers=4, service=Duration.fixed(S))
MAIL = Station(
    name="mail", kind=StationKind.QUOTA, servers=0, service=Duration.fixed(1),
    quota=TokenBucket.at_rate(10.0),
)  # fmt: skip
PULSE = Trigger(kind=Disturbance.PULSE, at_ns=50 * S, lasts_ns=2 * S, people=32.0)


def dip(station: int, lasts_s: int = 5) -> Trigger:
    return Trigger(kind=Disturbance.DIP, at_ns=50 * S, lasts_ns=lasts_s * S, station=station)


def plan(*changes: Change) -> Plan:
    """Three hundred people of one kind and a hundred of another, within 100 s."""
    return Plan(
        subject=Subject.LAUNCH,
        scenario="made",
        variant=None,
        demand=Demand(
            components=(
                Component.of(0, [0, 100 * S], [300.0]),
                Component.of(1, [0, 40 * S], [100.0]),
            )
        ),
        system=System(
            people=(People(name="some"), People(name="others")),
            stations=(WEB, MAIL),
            changes=changes,
        ),
        objectives=Objectives(),
        horizon_ns=100 * S,
        end_ns=110 * S,
        bin_ns=S,
    )


def servers(at_s: int, value: int) -> Change:
    return Change(at_ns=at_s * S, lever=Lever.SERVERS, value=value, station=0)


def test_a_pulse_is_extra_people_of_every_kind_and_everybody_else_stays() -> None:
    before = plan()
    after = PULSE.applied(before)

    # Three quarters of those who come are of one kind.
    assert after.demand.components[:2] == before.demand.components
    assert [(c.people, c.edges_ns.tolist(), c.mass.tolist()) for c in after.demand.components[2:]] == [
        (0, [50 * S, 52 * S], [pytest.approx(24.0)]),
        (1, [50 * S, 52 * S], [pytest.approx(8.0)]),
    ]  # fmt: skip
    assert after.system is before.system


def test_of_nobody_a_pulse_makes_nobody() -> None:
    nobody = Demand(components=(Component.of(0, [0, 100 * S], [0.0]),))
    assert PULSE.applied(replace(plan(), demand=nobody)).demand.total == 0.0


@examples("changes, expected",
    ("as many as before", (), [servers(50, 0), servers(55, 4)]),
    ("as many as there were", (servers(10, 6),), [servers(10, 6), servers(50, 0), servers(55, 6)]),
    ("what was meant to be set meanwhile", (servers(52, 9),), [servers(50, 0), servers(55, 9)]),
    ("and later, later", (servers(70, 9),), [servers(50, 0), servers(55, 4), servers(70, 9)]),
)  # fmt: skip
def test_a_dip_takes_all_servers_for_a_while(
    changes: tuple[Change, ...], expected: list[Change]
) -> None:
    assert list(dip(0).applied(plan(*changes)).system.changes) == expected


def test_a_dip_of_a_quota_gives_no_tokens_for_a_while() -> None:
    nothing, again = dip(1).applied(plan()).system.changes
    assert (nothing.lever, nothing.value) == (Lever.QUOTA_SPACING_NS, 100 * S)
    assert (again.at_ns, again.value) == (55 * S, S // 10)
