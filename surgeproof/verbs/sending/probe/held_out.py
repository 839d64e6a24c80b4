"""The held-out step of ``surgeproof probe``: predicted, then sent, and what it says of the probe."""

from __future__ import annotations

import functools
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from scenarios.http.allow import Target
from scenarios.http.manners import Manners
from scenarios.machine.yardstick import of_stations
from scenarios.mail.office import Office
from scenarios.probe.held_out.rivals import preferred
from scenarios.probe.held_out.score import Came, predicted, score, widened
from scenarios.probe.held_out.step import (
    DRAINS_S,
    FEWEST,
    LASTS_S,
    LOAD,
    MOST,
    Limits,
    at,
    load_of,
    step_of,
)
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.measured import Keys, Probe
from scenarios.replay.beats import Beat
from scenarios.replay.orders import new_run
from scenarios.replay.replay import Replay
from simulator.engine.rules import Engine
from simulator.errors import InvalidRun, SurgeproofError
from simulator.outcomes.machine import Baseline
from simulator.outcomes.rows import Block
from simulator.outcomes.store import read_part
from simulator.plan.plan import Plan
from simulator.plan.sharing.shared import shared
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.stations import Station
from simulator.text.wording import format_rate, format_share
from simulator.units import NS_PER_S
from surgeproof.endings import tell
from surgeproof.engines import engine_named
from surgeproof.progress import progress
from surgeproof.verbs.sending.sharing import Sharing

STARTS_S = 5.0
"""What the generator needs beside, to start and to warm up."""
NEEDS_S = LASTS_S + DRAINS_S + STARTS_S
PART = "held-out"


def announced(requests: Sequence[Request], most_per_s: float) -> str:
    """What will be sent, before anything is."""
    return (
        f"then a held-out step, predicted before it is sent: at most {MOST:,} new people and, on"
        f" average, {format_rate(most_per_s)} requests, at {format_share(LOAD)} of the capacity or as near to"
        f" it as that allows, for about {LASTS_S:.0f} s; each makes {', '.join(map(str, requests))} (--no-held-out leaves it out)"
    )


def judged_by_a_step(
    found: Probe | Findings,
    target: Target,
    requests: Sequence[Request],
    manners: Manners,
    office: Office | None,
    keys: Keys,
    limits: Limits,
    sharing: Sharing | None = None,
) -> Probe | Findings:
    """The probe with the score of a step; as it is, with a sentence why, where none can be sent.

    ``sharing``: what sending it takes of the target's cores, which a replay's prediction has as well: counted
    twice it would stand in the services too.
    """
    if manners.data is not None:
        tell("no held-out step: the rows of the launch's table are kept for the replay")
        return found
    run = new_run()
    try:
        others = sharing or Sharing()
        return _judged(found, target, requests, manners, office, keys, limits, run, others)
    except (SurgeproofError, OSError) as error:
        tell(f"the held-out step was not made to its end, and says nothing: {error}")
        return found


def _judged(
    found: Probe | Findings,
    target: Target,
    requests: Sequence[Request],
    manners: Manners,
    office: Office | None,
    keys: Keys,
    limits: Limits,
    run: str,
    sharing: Sharing,
) -> Probe | Findings:
    """The same; whatever goes wrong is raised."""
    stations = stations_of(found)
    plan = step_of(stations, requests, keys, limits, secrets.randbits(32))
    if plan is None:
        tell(
            f"no held-out step: fewer than {FEWEST} people would come at the rate, and within the time,"
            " that are left for it"
        )
        return found
    people, lasts_s = plan.timetable().total, plan.horizon_ns / NS_PER_S
    tell(
        f"a held-out step sends {people:,} new people within {lasts_s:.0f} s, at"
        f" {format_share(load_of(plan))} of the capacity (--no-held-out leaves it out); their addresses"
        f" end in @{run}.invalid"
    )
    engine = engine_named("compiled")

    def foreseen(stations: Sequence[Station]) -> tuple[Plan, tuple[Came, ...]]:
        met = at(plan, stations, requests, keys)
        beside = beside_others(met, engine, sharing, of_stations(stations))
        return beside, predicted(beside, engine)

    first = foreseen(stations)
    observed = sent(first[0], target, requests, manners, office, run)
    if not len(observed.visits):
        tell("the held-out step says nothing: nobody was sent")
        return found
    come = score(first[0], engine, first[1], observed)
    lines = [*come.figures()]
    if isinstance(found, Findings) and found.others and not (come.limited or come.idle):
        rivals = [found, *found.others]
        plans = [first, *(foreseen(stations_of(each)) for each in found.others)]
        best, odds = preferred([each for _, each in plans], come.observed)
        if best:
            lines.append(rivals[best].rather_than(found, odds))
            found, come = rivals[best], score(plans[best][0], engine, plans[best][1], observed)
    lines += [come.conclusion, f"The step's people have addresses that end in @{run}.invalid."]
    for line in lines:
        tell(line)
    widen = functools.partial(widened, step=come, lasted_s=lasts_s)
    return found.with_step(lines, widen)


def stations_of(found: Probe | Findings) -> Sequence[Station]:
    return read_stations(found.stations_toml(), "the probe's result")


def beside_others(plan: Plan, engine: Engine, sharing: Sharing, probed: Baseline | None) -> Plan:
    """The step as a replay would be predicted: beside what sends it, on the same cores."""
    others = sharing.beside(plan.system, probed)
    return plan if others is None else shared(plan, engine, others).plan


def sent(
    plan: Plan,
    target: Target,
    requests: Sequence[Request],
    manners: Manners,
    office: Office | None,
    run: str,
) -> Block:
    """What came of it, sent by the replay's generator. Raises as a replay does.

    Its folder stays only where the generator failed, since what it says then names its log.
    """
    end_s = plan.end_ns / NS_PER_S
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="surgeproof-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        db = folder / "held-out.sqlite"
        with progress(f"held-out step at {format_share(load_of(plan))} of the capacity") as step:

            def beat(told: Beat) -> None:
                step(min(told.at_ns / NS_PER_S, end_s), end_s, f"{told.finished:,} done")

            try:
                Replay(
                    plan,
                    target=target,
                    folder=folder,
                    db=db,
                    part_name=PART,
                    requests=requests,
                    office=office,
                    run=run,
                    manners=manners,
                    progress=beat,
                ).send()
            except InvalidRun:
                stack.pop_all()
                raise
        with closing(sqlite3.connect(db)) as store:
            return read_part(store, PART).rows()
