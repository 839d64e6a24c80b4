"""How a launch is disturbed, and how what came of it is said."""

import json
from dataclasses import replace

import pytest

from reports.terminal.stress import stress_record, stress_text
from simulator.advice.change.tweak import Turn, Tweak
from simulator.advice.disturbance.trigger import (
    Cure,
    Disturbance,
    Reaction,
    Stressed,
    Sweep,
    Trigger,
)
from simulator.plan.plan import Plan, Subject
from simulator.system.line import TokenBucket
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.stations import Station, StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.verdict.criteria import Outcome
from tests.examples import examples

S = 1_000_000_000
WEB = Station(name="web", servers=4, service=Duration.fixed(S))
MAIL = Station(
    name="mail", kind=StationKind.QUOTA, servers=0, service=Duration.fixed(1),
    quota=TokenBucket.at_rate(10.0),
)  # fmt: skip
PULSE = Trigger(kind=Disturbance.PULSE, at_ns=50 * S, lasts_ns=2 * S, times=4.0)


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

    # Four a second come in the mean; four times as many for 2 s are 32, three quarters of one kind.
    assert after.demand.components[:2] == before.demand.components
    assert [(c.people, c.edges_ns.tolist(), c.mass.tolist()) for c in after.demand.components[2:]] == [
        (0, [50 * S, 52 * S], [pytest.approx(24.0)]),
        (1, [50 * S, 52 * S], [pytest.approx(8.0)]),
    ]  # fmt: skip
    assert PULSE.extra_people(before.demand, before.horizon_ns) == pytest.approx(32.0)
    assert after.system is before.system


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


def reaction(trigger: Trigger, share: float, recovered_s: float | None = None) -> Reaction:
    recovered_ns = None if recovered_s is None else round(recovered_s * S)
    return Reaction(trigger=trigger, share=share, recovered_ns=recovered_ns)


COLLAPSES = Stressed(
    launches=5,
    wanted=1000,
    undisturbed=1.0,
    sweeps=(
        Sweep(
            reactions=(reaction(PULSE, 0.98, 3), reaction(replace(PULSE, times=8.0), 0.25)),
            cures=(Cure(tweak=Tweak(turn=Turn.BACKOFF, now=S), value=4.0 * S),),
        ),
        Sweep(reactions=(reaction(dip(0, 2), 0.5),)),
    ),
)


def test_what_does_not_heal_is_said_with_what_heals_it() -> None:
    table, sentence = stress_text(plan(), COLLAPSES).rstrip("\n").rsplit("\n\n", 1)

    assert sentence == (
        "the launch is predicted not to recover by itself in 5 launches: not from 64 more people"
        " within 2 s (goodput at the end is 25 % of demand; it does from 32 more people within"
        " 2 s); what would fix it: retry pauses that start at 4 s instead of 1 s; not from"
        " web down for 2 s (goodput at the end is 50 % of demand; nothing less was"
        " tried); no single change that was tried would fix it"
    )
    rows = [line.split("  ") for line in table.splitlines()[4:]]
    assert [[cell.strip() for cell in row if cell.strip()] for row in rows] == [
        ["32 more people within 2 s", "98 %", "3 s"],
        ["64 more people within 2 s", "25 %", "more than 48 s"],
        ["web down for 2 s", "50 %", "more than 48 s"],
    ]
    assert COLLAPSES.outcome is Outcome.FAILS


def test_what_heals_is_said_with_what_was_tried() -> None:
    heals = replace(COLLAPSES, sweeps=(Sweep(reactions=(reaction(PULSE, 0.98, 3),)),))
    assert stress_text(plan(), heals).splitlines()[-1] == (
        "the launch is predicted to recover by itself in 5 launches: from 32 more people within"
        " 2 s up to 32 more people within 2 s"
    )
    assert heals.outcome is Outcome.HOLDS


@examples("changes, outcome, said",
    ("too few", {"wanted": 99}, Outcome.INCONCLUSIVE, "99 of 100 in 5 launches"),
    ("calm", {"undisturbed": 0.5}, Outcome.FAILS, "not to serve its demand even undisturbed"),
)  # fmt: skip
def test_without_a_sweep_the_reason_is_said(
    changes: dict[str, object], outcome: Outcome, said: str
) -> None:
    found = replace(COLLAPSES, sweeps=(), **changes)  # type: ignore[arg-type]
    assert said in stress_text(plan(), found)
    assert found.outcome is outcome


def test_a_program_reads_the_same() -> None:
    record = json.loads(json.dumps(stress_record(plan(), COLLAPSES), allow_nan=False))
    pulse, dipped = record["sweeps"]
    assert [each["healed"] for each in pulse["tried"]] == [True, False]
    assert pulse["cures"][0]["then"] == 4.0 * S
    assert dipped["tried"][0]["recovered_s"] is None
    assert record["outcome"] == "does not hold"


def test_one_launch_that_collapses_is_not_hidden_by_the_others() -> None:
    # A mean over all is fine; one of five launches is not.
    mixed = replace(reaction(PULSE, 0.97), lost=1, lost_share=0.1)
    found = replace(COLLAPSES, sweeps=(Sweep(reactions=(mixed,)),))
    assert not mixed.healed
    assert found.outcome is Outcome.FAILS
    assert "(in 1 of these 5 goodput at the end is 10 % of demand; nothing less was tried)" in (
        stress_text(plan(), found)
    )


def test_undisturbed_it_is_said_in_how_many_launches() -> None:
    found = replace(COLLAPSES, sweeps=(), undisturbed=0.99, undisturbed_lost=2)
    assert "in its last tenth goodput is less than 95 % of it in 2 of 5 launches" in (
        stress_text(plan(), found)
    )
