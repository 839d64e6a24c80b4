"""What is asked of each server, what is read of its probe, and what an earlier session leaves over."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from reports.run.past.again import Measured
from scenarios.rehearsal.sendable import sendable
from simulator import Readable, parse
from simulator.scenario.scenario import read_stations
from simulator.verdict.truth.machine.changed import Changed, agreed
from tests.examples import examples
from tests.plans import rehearsal_plan
from tests.validation import table
from tests.validation.runs import one
from tests.validation.runs.command import Failed, surgeproof
from tests.validation.runs.kept import MOST_REPEATS, counted, keep, mend, read, to_be_repeated
from tests.validation.runs.launches import launch_text, stations_text
from tests.validation.runs.loads import FULL, QUICK, Extent, Kind, Load, visits
from tests.validation.runs.measured import speed_of
from tests.validation.runs.probed import Probed, Rung
from tests.validation.servers.configurations import CONFIGURATIONS
from tests.validation.servers.site import Configuration, Site

PROBE = """\
# http://127.0.0.1:8917, measured 2026-11-28 23:47:52 UTC by a closed loop of up to 4 at once.
#  at once    X (1/s) ± s.e.     R (ms) ± s.e.   X R / N   batches
#        1     11.66 ± 0.03         85.2 ± 0.1       0.993         4
#        2     22.58 ± 0.06         88.1 ± 0.2       0.995         4

[[station]]
name = "target"
kind = "pool"
servers = 2
waiting_room = 1000
service = { law = "lognormal", mean = "80 ms", cv = 0.25 }
inflation = [1, 1.25]
round_trip = "1.5 ms"
measured = "probe-1"

[station.serves]
"POST /signup" = { law = "lognormal", mean = "80 ms", cv = 0.25 }

# [[station]]
# name = "limit"
# kind = "quota"
# waiting_room = 0
# service = { law = "fixed", mean = "0.001 ms" }
# quota = { rate = "15.99/s", burst = 3 }
"""
FLAT = Load(kind=Kind.FLAT, share=0.7)


def named(name: str) -> Configuration:
    (found,) = [each for each in CONFIGURATIONS if each.name == name]
    return found


def test_a_probe_is_read_with_its_rungs() -> None:
    found = Probed.of(PROBE)
    assert found == Probed(
        name="target", kind="pool", servers=2, at_once=2, service_s=0.08, cv=0.25, inflation=(1.0, 1.25),
        waiting_room=1000, round_trip_s=0.0015, limit_per_s=15.99,
        rungs=(
            Rung(at_once=1, per_s=11.66, answer_s=0.0852),
            Rung(at_once=2, per_s=22.58, answer_s=0.0881),
        ),
    )  # fmt: skip
    assert found.capacity_per_s == pytest.approx(20.0)  # 2 servers, each 80 ms x 1.25


def test_of_what_shares_its_cores_these_are_what_serves() -> None:
    shared = PROBE.replace('kind = "pool"', 'kind = "cpu"\ncores = 1')
    assert Probed.of(shared).capacity_per_s == pytest.approx(12.5)


def test_a_probe_that_found_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="no station"):
        Probed.of("# it was refused\n")


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("kind", Kind)
def test_every_launch_can_be_planned_with_what_is_known_of_its_server(
    configuration: Configuration, kind: Kind
) -> None:
    text = launch_text(Load(kind=kind, share=1.5), 30.0, QUICK, configuration)
    system = stations_text(PROBE, Probed.of(PROBE), configuration)
    stations = {station.name: station for station in read_stations(system, "system.toml")}
    told = configuration.told
    (main,) = [each for name, each in stations.items() if name != "limit"]
    assert main.waiting_room == told.get("waiting_room", 1000)
    assert (main.sheds_after_ns is not None) == ("sheds_after" in told)
    assert ("limit" in stations) == (configuration.limit is not None)
    scenario, known = parse(text, "launch.toml"), tuple(stations.values())
    sent = sendable(scenario, known).scenario
    planned = rehearsal_plan(scenario, known, seed=0, engine=Readable(), sent=sent)
    assert planned.system.has_line == (configuration.line is not None)


def test_whoever_stops_early_has_something_of_each() -> None:
    order = [(each.round, each.configuration.name) for each in visits(CONFIGURATIONS, FULL)]
    assert [number for number, _ in order] == sorted(number for number, _ in order)
    assert len(order) == len(CONFIGURATIONS) * len(FULL.rounds)


def test_the_quick_set_ends_in_time() -> None:
    """Of each a start of 5 s, a probe, and its loads; at the latest the budget ends it."""
    each_s = [
        5 + QUICK.within_s + sum(QUICK.replay_s(load) for load in visit.loads)
        for visit in visits(CONFIGURATIONS, QUICK)
    ]
    assert QUICK.budget_s is not None
    assert sum(each_s) < 35 * 60
    assert QUICK.budget_s < 35 * 60


FAILED = {
    "outcome": "failed", "failed": "a reason", "kind": "flat", "share": 0.7, "configuration": "kept",
    "at": "2026-11-29T00:00:00+00:00",
}  # fmt: skip


def row(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "outcome": "measured", "sentence": ""} | more


def test_a_line_that_was_cut_short_is_no_run_and_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    keep(path, row("a/1/flat 0.5"))
    with path.open("a") as file:
        file.write('{"key": "b/1/fl')
    assert [each["key"] for each in read(path)] == ["a/1/flat 0.5"]
    mend(path)
    keep(path, row("c/1/flat 0.5"))
    assert [each["key"] for each in read(path)] == ["a/1/flat 0.5", "c/1/flat 0.5"]


def test_an_unsteady_machine_is_repeated_at_most_five_times_and_the_latest_counts() -> None:
    unsteady = row("a", speed=1.2)
    assert to_be_repeated([])
    assert not to_be_repeated([row("a", speed=0.95)])
    assert not to_be_repeated([row("a", speed=None)])  # nobody looked
    assert not to_be_repeated([{"key": "a", "outcome": "failed"}])
    assert to_be_repeated([unsteady] * MOST_REPEATS)
    assert not to_be_repeated([unsteady] * (MOST_REPEATS + 1))
    steady = row("a", speed=1.05)
    assert counted([unsteady, row("b"), steady]) == [steady, row("b")]


def test_a_ladder_is_climbed_but_where_the_servers_are_told() -> None:
    """The probe takes one or the other."""
    for visit in visits(CONFIGURATIONS, QUICK):
        words = one.asking(visit, Site(url="", family=(7,)), QUICK)
        assert ("--servers" in words) != ("--ladder" in words)
        assert ("--servers" in words) == visit.configuration.servers_told


def failing_start(folder: Path) -> AbstractContextManager[Site]:
    raise OSError("no such program")


def test_a_server_that_does_not_start_is_a_row_of_each_load(tmp_path: Path) -> None:
    configuration = Configuration(name="broken", start=failing_start, servers=1)
    (visit,) = visits([configuration], QUICK)
    rows: list[Any] = []
    one.visited(visit, QUICK, rows, rows.append, lambda: float("inf"))
    assert [each["key"] for each in rows] == ["broken/0/flat 0.7", "broken/0/flat 1.3"]
    assert {each["failed"] for each in rows} == {"start or probe: OSError: no such program"}
    assert json.loads(json.dumps(rows)) == rows


def test_nothing_begins_that_would_not_end_in_time() -> None:
    configuration = Configuration(name="broken", start=failing_start, servers=1)
    (visit,) = visits([configuration], QUICK)
    rows: list[Any] = []
    one.visited(visit, QUICK, rows, rows.append, lambda: QUICK.within_s)
    assert rows == []


def test_what_an_earlier_session_did_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of two loads is known; the second is sent, once."""
    configuration = Configuration(name="kept", start=failing_start, servers=1)
    monkeypatch.setattr(table, "CONFIGURATIONS", (configuration,))
    path = tmp_path / "rows.jsonl"
    keep(path, row("kept/0/flat 0.7", **FAILED))
    with pytest.raises(SystemExit, match="add --resume"):
        table.main(["--quick", "--rows", str(path)])
    for _ in range(2):
        table.main(["--quick", "--resume", "--rows", str(path), "--docs", str(tmp_path)])
    assert [each["key"] for each in read(path)] == ["kept/0/flat 0.7", "kept/0/flat 1.3"]
    written = (tmp_path / "validation.md").read_text("utf-8")
    assert "| kept/0/flat 0.7 | a reason |" in written
    assert "| kept/0/flat 1.3 | start or probe: OSError: no such program |" in written


def test_what_failed_is_done_again_if_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = Configuration(name="kept", start=failing_start, servers=1)
    monkeypatch.setattr(table, "CONFIGURATIONS", (configuration,))
    path = tmp_path / "rows.jsonl"
    keep(path, row("kept/0/flat 0.7", **FAILED))
    keep(path, row("kept/0/flat 1.3", **FAILED))
    words = ["--quick", "--resume", "--again", "--rows", str(path), "--docs", str(tmp_path)]
    table.main(words)
    assert [each["failed"][:5] for each in read(path)] == ["a rea", "a rea", "start", "start"]


@pytest.mark.parametrize("stop", table.STOPS)
def test_who_ends_it_ends_the_server_and_keeps_what_was_done(
    stop: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = []

    @contextmanager
    def start(folder: Path) -> Iterator[Site]:
        try:
            os.kill(os.getpid(), stop)
            time.sleep(60)
            yield Site(url="", family=())
        finally:
            ended.append("server")

    configuration = Configuration(name="kept", start=start, servers=1)
    monkeypatch.setattr(table, "CONFIGURATIONS", (configuration,))
    path, before = tmp_path / "rows.jsonl", signal.getsignal(stop)
    keep(path, row("kept/0/flat 0.7", **FAILED))
    with pytest.raises(SystemExit, match="interrupted"):
        table.main(["--quick", "--resume", "--rows", str(path), "--docs", str(tmp_path)])
    assert ended == ["server"]
    assert len(read(path)) == 1
    assert signal.getsignal(stop) == before


def test_a_command_that_hangs_is_ended_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen = subprocess.Popen

    def sleeps(words: list[str], **more: Any) -> Any:
        return popen([sys.executable, "-c", "import time; time.sleep(600)"], **more)

    monkeypatch.setattr("tests.validation.runs.command.subprocess.Popen", sleeps)
    with pytest.raises(Failed, match="surgeproof replay took more than 0 s"):
        surgeproof("replay", folder=tmp_path, within_s=0.2)


SHORT = Extent(
    loads=(Load(kind=Kind.FLAT, share=0.5),),
    line_loads=(),
    rounds=range(1),
    window_s=6,
    within_s=15,
    drain_s=6,
)


@pytest.mark.slow
def test_one_run_comes_to_its_end_and_its_figures_are_there(tmp_path: Path) -> None:
    (visit,) = visits([named("gunicorn gthread 4, waiting")], SHORT)
    rows: list[Any] = []
    one.visited(visit, SHORT, rows, rows.append, lambda: float("inf"))
    (found,) = rows
    assert found["outcome"] == "measured", found
    figures = found["figures"]
    assert figures["served"]["observed"] > 0
    assert figures["response_p50"]["predicted"] > 0 < figures["response_p50"]["observed"]
    assert (
        sum(found["arrivals_a_s"]) == figures["served"]["observed"]
    )  # nobody is turned away at half


@examples("worked, speed",
    ("both say so", 1.2, 1.2),
    ("load alone slowed the piece", 1.0, 1.0),
    ("nobody knows what the target used", math.nan, 1.2),
)  # fmt: skip
def test_a_machine_is_unsteady_that_slowed_the_target_too(worked: float, speed: float) -> None:
    changed = Changed(
        ratio=1.2, low=1.1, high=1.3, least=1.0, most=1.4, agreed=agreed(1.2, worked), worked=worked
    )
    assert speed_of(Measured(changed=changed)) == pytest.approx(speed)
    assert speed_of(Measured()) is None
