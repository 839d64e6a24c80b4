"""How what a stress test found is told: charts, a table, a sentence, and a record."""

import json
from dataclasses import replace

from reports.terminal.stress import stress_record, stress_text
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.disturbance.found import Cure, Reaction, Stressed, Sweep
from simulator.advice.disturbance.moment import Moment
from simulator.advice.disturbance.trigger import Disturbance, Trigger
from simulator.plan.plan import Plan, Subject
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.verdict.criteria import Outcome
from tests.examples import examples

S = 1_000_000_000
MOMENT = Moment(
    at_ns=50 * S, per_s=8.0, station=0, from_ns=80 * S, peak_ns=50 * S, peak_per_s=8.0
)  # fmt: skip
PLAN = Plan(
    subject=Subject.LAUNCH,
    scenario="made",
    variant=None,
    demand=Demand(components=(Component.of(0, [0, 100 * S], [400.0]),)),
    system=System(
        people=(People(name="all"),),
        stations=(Station(name="web", servers=4, service=Duration.fixed(S)),),
    ),
    objectives=Objectives(),
    horizon_ns=100 * S,
    end_ns=110 * S,
    bin_ns=S,
)


def pulse(people: float) -> Trigger:
    return Trigger(kind=Disturbance.PULSE, at_ns=50 * S, lasts_ns=2 * S, people=people)


def dip(lasts_s: int) -> Trigger:
    return Trigger(kind=Disturbance.DIP, at_ns=50 * S, lasts_ns=lasts_s * S)


def reaction(
    trigger: Trigger, lost: int, recovered_s: float | None = None, of: int = 60
) -> Reaction:
    recovered_ns = None if recovered_s is None else round(recovered_s * S)
    return Reaction(
        trigger=trigger, launches=of, lost=tuple(range(lost)), share=1.0 - lost / of, recovered_ns=recovered_ns
    )  # fmt: skip


CURE = Cure(tweak=Tweak(turn=Turn.BACKOFF, now=S), value=4.0 * S, healed=59, launches=60)
CROWDS = Sweep(
    reactions=(
        reaction(pulse(16), 0, 1),
        reaction(pulse(32), 2, 3),
        reaction(pulse(64), 31),
        reaction(pulse(128), 60),
    ),
    cures=(CURE,),
)
COLLAPSES = Stressed(
    launches=60,
    moment=MOMENT,
    wanted=1000,
    undisturbed=1.0,
    sweeps=(CROWDS, Sweep(reactions=(reaction(dip(2), 60),))),
)


def heals(of: int, lost: int = 0) -> Stressed:
    small, big = reaction(pulse(16), 0, 1, of), reaction(pulse(32), lost, 3, of)
    return replace(COLLAPSES, launches=of, sweeps=(Sweep(reactions=(small, big)),))


def test_what_does_not_heal_is_said_with_how_many_launches_and_with_what_heals_it() -> None:
    assert stress_text(PLAN, COLLAPSES).splitlines()[-1] == (
        "the launch is predicted not to recover by itself: from 64 more people within 2 s, 31 of 60"
        " launches do not (38.4 % to 64.8 % of all; all do from 16 more people within 2 s); what would"
        " fix it: retry pauses that start at 4 s instead of 1 s (59 of 60 recover); from web down for"
        " 2 s, 60 of 60 launches do not (94 % to 100 % of all; nothing less was tried); no single"
        " change that was tried would fix it"
    )
    assert COLLAPSES.outcome is Outcome.FAILS


def test_the_curve_stands_before_the_table() -> None:
    lines = stress_text(PLAN, COLLAPSES).splitlines()
    assert lines[0] == "disturbed after 50 s, when 8/s want to be served at web: the peak"
    assert lines[1].startswith("60 launches of each size (--launches)")
    titles = [n for n, line in enumerate(lines) if line.startswith("launches that do not recover")]
    table = next(n for n, line in enumerate(lines) if line.startswith("  what happens"))
    assert len(titles) == 2
    assert max(titles) < table
    # Drawn from 0 to 1 on a logarithmic scale: three doublings, a point at each end.
    top, axis = lines[titles[0] + 1], lines[titles[0] + 14]
    assert top.startswith(" 100 % ┤")
    assert top.endswith("●")
    assert axis.split() == ["16", "45", "128"]
    rows = [line.split("  ") for line in lines[table + 2 : -2]]
    assert [[cell.strip() for cell in row if cell.strip()] for row in rows] == [
        ["16 more people within 2 s", "0 of 60", "0 % to 6 %", "1 s"],
        ["32 more people within 2 s", "2 of 60", "0.4 % to 11.5 %", "3 s"],
        ["64 more people within 2 s", "31 of 60", "38.4 % to 64.8 %", "more than 48 s"],
        ["128 more people within 2 s", "60 of 60", "94 % to 100 %", "–"],
        ["web down for 2 s", "60 of 60", "94 % to 100 %", "–"],
    ]


def test_what_heals_is_said_with_what_was_tried() -> None:
    assert heals(60).outcome is Outcome.HOLDS
    assert stress_text(PLAN, heals(60)).splitlines()[-1] == (
        "the launch is predicted to recover by itself, in all of 60 launches: from 16 more people within"
        " 2 s up to 32 more people within 2 s"
    )


@examples("found, said",
    ("one of sixty", heals(60, lost=1), "from 32 more people within 2 s, 1 of 60 launches does not (0.04 % to 8.9 % of all, where 5 % may)"),
    ("too few", heals(10), "10 launches are too few to tell whether 5 % of all do not recover"),
    ("undisturbed", replace(heals(60), undisturbed_lost=1), "undisturbed already, in its last window goodput is less than 95 % of it in 1 of 60 launches"),
)  # fmt: skip
def test_what_may_be_either_is_inconclusive(found: Stressed, said: str) -> None:
    assert found.outcome is Outcome.INCONCLUSIVE
    assert stress_text(PLAN, found).splitlines()[-1] == (
        f"the launch is inconclusive under stress: {said}; more --launches would tell"
    )


@examples("changes, outcome, said",
    ("nobody comes", {"wanted": 99}, Outcome.INCONCLUSIVE, "99 of 100 in 60 launches"),
    ("all a little", {"undisturbed": 0.5}, Outcome.FAILS, "undisturbed: in its last window goodput is 50 % of it in 60 launches"),
    ("some a lot", {"undisturbed_lost": 9}, Outcome.FAILS, "goodput is less than 95 % of it in 9 of 60 launches"),
)  # fmt: skip
def test_without_a_sweep_the_reason_is_said(
    changes: dict[str, float], outcome: Outcome, said: str
) -> None:
    found = replace(COLLAPSES, sweeps=(), **changes)  # type: ignore[arg-type]
    assert said in stress_text(PLAN, found)
    assert found.outcome is outcome


def test_a_peak_that_is_too_late_is_told() -> None:
    late = replace(MOMENT, peak_ns=90 * S, peak_per_s=12.0)
    assert stress_text(PLAN, replace(COLLAPSES, moment=late)).splitlines()[0] == (
        "disturbed after 50 s, when 8/s want to be served at web"
        " (its peak, 12/s after 1 min 30 s, leaves no time to recover in)"
    )


def test_the_borders_are_told_apart() -> None:
    assert CROWDS.harmless is CROWDS.reactions[0]
    assert CROWDS.some is CROWDS.reactions[1]
    assert CROWDS.half is CROWDS.to_heal is CROWDS.reactions[2]
    assert [each.outcome for each in CROWDS.reactions] == [
        Outcome.HOLDS, Outcome.INCONCLUSIVE, Outcome.FAILS, Outcome.FAILS,
    ]  # fmt: skip


def test_a_program_reads_the_same() -> None:
    record = json.loads(json.dumps(stress_record(PLAN, COLLAPSES), allow_nan=False))
    crowds, dips = record["sweeps"]
    assert [each["launches_lost"] for each in crowds["tried"]] == [0, 2, 31, 60]
    low, high = crowds["tried"][2]["interval"]
    assert low < crowds["tried"][2]["probability"] == 31 / 60 < high
    assert (crowds["smallest_not_recovered"], crowds["half_not_recovered"]) == (32, 64)
    (cure,) = crowds["cures"]
    assert (cure["then"], cure["recover"], cure["launches"]) == (4.0 * S, 59, 60)
    assert dips["tried"][0]["recovered_s"] is None
    assert (record["at_s"], record["station"]) == (50.0, "web")
    assert record["outcome"] == "does not hold"
