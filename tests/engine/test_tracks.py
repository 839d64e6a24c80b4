"""What stations do over time, by example: areas to the nanosecond, in every engine that plays it."""

import math
from dataclasses import replace

import pytest

from simulator import Compiled, Readable, summarise
from simulator.engine.rules import Engine
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.stations import instances, queue, requests_per_s, utilisation
from simulator.outcomes.rows import Outcomes, Provenance
from simulator.outcomes.tracks import Grid, Tracks
from simulator.system.stations import StationKind
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from tests.launches.booked import PATIENT, POOL, at, change, system

ONE = replace(POOL, servers=1, waiting_room=9, service=Duration.fixed(7))


def summary_of(engine: Engine, timetable: Timetable, played: System, bin_ns: int = 10) -> Summary:
    return engine.summarise(timetable, played, bin_ns=bin_ns, layout=Layout.of(played, {}))


def tracks_of(engine: Engine, timetable: Timetable, played: System) -> Tracks:
    tracks = summary_of(engine, timetable, played).tracks
    assert tracks is not None
    return tracks


def test_a_server_is_busy_and_a_queue_waits_bin_by_bin(engine: Engine) -> None:
    # Served from 2 to 9, 9 to 16 and 16 to 23; two wait from 3, the second until 16.
    tracks = tracks_of(engine, at(2, 3, 3, horizon_ns=30, end_ns=35), system(station=ONE))
    assert tracks.busy.tolist() == [[8, 10, 3, 0]]
    assert tracks.waiting.tolist() == [[13, 6, 0, 0]]
    assert tracks.there.tolist() == [[10, 10, 10, 5]]
    assert tracks.instances.tolist() == [[10, 10, 10, 5]]
    assert tracks.offered.tolist() == [[3, 0, 0, 0]]


def test_servers_that_are_added_are_there_from_then_on(engine: Engine) -> None:
    played = system(PATIENT, ONE, None, change(13, Lever.SERVERS, 3))
    assert tracks_of(engine, at(2, horizon_ns=20, end_ns=20), played).there.tolist() == [[10, 24]]


def test_work_that_outlasts_the_launch_is_busy_until_its_end(engine: Engine) -> None:
    slow = replace(ONE, service=Duration.fixed(500))
    tracks = tracks_of(engine, at(2, 4, horizon_ns=20, end_ns=25), system(station=slow))
    assert tracks.busy.tolist() == [[8, 10, 5]]
    assert tracks.waiting.tolist() == [[6, 10, 5]]


@pytest.mark.parametrize("engine", [Readable(), Compiled()], ids=["simpy", "compiled"])
def test_cores_are_busy_as_far_as_jobs_run(engine: Engine) -> None:
    # Three jobs of 4 on two cores: each goes on at two thirds, and all are done at 6.
    cpu = replace(POOL, kind=StationKind.CPU, servers=9, cores=2, service=Duration.fixed(4))
    tracks = tracks_of(engine, at(0, 0, 0, horizon_ns=20, end_ns=20), system(station=cpu))
    assert tracks.busy.tolist() == [[12, 0]]
    assert tracks.there.tolist() == [[20, 20]]


def test_quantities_over_time_are_rates_shares_and_numbers() -> None:
    found = summary_of(Readable(), at(2, 3, 3, horizon_ns=30, end_ns=35), system(station=ONE))
    assert utilisation(found, 0).tolist() == [0.8, 1.0, 0.3, 0.0]
    assert queue(found, 0).tolist() == [1.3, 0.6, 0.0, 0.0]
    assert instances(found, 0).tolist() == [1.0] * 4
    assert requests_per_s(found, 0).tolist() == pytest.approx([3e8, 0, 0, 0])


def test_what_nobody_tells_is_unknown_and_stays_so_when_merged() -> None:
    observed = Outcomes(provenance=Provenance.OBSERVED, horizon_ns=9, end_ns=9, blocks=[])
    unknown = summarise(observed, bin_ns=3, layout=Layout())
    assert unknown.tracks is None
    assert unknown.merged(unknown).tracks is None
    assert Summary.from_json(unknown.to_json()).tracks is None


def test_a_million_jobs_that_wait_for_days_still_fit() -> None:
    # 30 days in 200 bins, a million waiting, over a hundred launches.
    grid = Grid.of(12_960 * 10**9, 30 * 86_400 * 10**9)
    assert 10**6 * 100 * grid.moments < 2**63
    assert math.isclose(grid.moments << grid.shift, grid.bin_ns, rel_tol=2**-29)
