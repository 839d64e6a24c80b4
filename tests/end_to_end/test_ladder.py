"""The ladder against servers of this test: threads that sleep, a bucket that refuses, and real ones."""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scenarios.http.allow import check_target
from scenarios.http.manners import Manners
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.ladder.ladder import climbing
from scenarios.probe.probe import SIGNUP
from simulator.errors import Misbehaved
from simulator.scenario.scenario import read_stations
from surgeproof.verbs.sending.crowds.gauntlet import require_known
from tests.end_to_end.command import surgeproof
from tests.ladders.servers import KINDS
from tests.ladders.table import rows
from tests.loopback import Answering, answering

SERVICE_S = 0.12
"""Long beside what client and server, in one process, take from one another."""


class Sleeper(Answering):
    """So many at a time are served, each for a while; it tells nothing of itself."""

    slots = threading.Semaphore(1)

    def do_GET(self) -> None:
        self.answer(404)

    def do_POST(self) -> None:
        self.body()
        assert self.headers["x-request-start"].startswith("t=")
        with self.slots:
            time.sleep(SERVICE_S)
        self.answer(201)


class Limited(Sleeper):
    """A token bucket in front of it: 20/s, and a burst of 10."""

    tokens, last_s = 10.0, 0.0
    lock = threading.Lock()

    def do_POST(self) -> None:
        with Limited.lock:
            now_s = time.monotonic()
            Limited.tokens = min(10.0, Limited.tokens + (now_s - Limited.last_s) * 20)
            Limited.last_s = now_s
            passes = Limited.tokens >= 1
            Limited.tokens -= passes
        if passes:
            self.body()
            time.sleep(0.02)
            self.answer(201)
        else:
            self.body()
            self.answer(429)


class Failing(Sleeper):
    """One request of the second batch breaks it."""

    asked = 0

    def do_POST(self) -> None:
        Failing.asked += 1
        if Failing.asked == 30:
            self.body()
            self.answer(500)
        else:
            super().do_POST()


class Full(Sleeper):
    """Two are served at a time, and who comes as the third is turned away."""

    inside = threading.Semaphore(2)

    def do_POST(self) -> None:
        self.body()
        if not self.inside.acquire(blocking=False):
            self.answer(503)
            return
        time.sleep(SERVICE_S / 3)
        self.inside.release()
        self.answer(201)


class Variable(Sleeper):
    """Mostly quick, and every third one longer than a batch is meant to last."""

    asked = 0

    def do_POST(self) -> None:
        self.body()
        Variable.asked += 1
        time.sleep(2.0 if Variable.asked % 3 == 0 else 0.05)
        self.answer(201)


@contextmanager
def sleeping(slots: int) -> Iterator[str]:
    kind = type("Some", (Sleeper,), {"slots": threading.Semaphore(slots)})
    with answering(kind) as url:
        yield url


def climbed(url: str, within_s: float) -> Findings:
    bounds = Bounds(at_most=3, within_s=within_s)
    return climbing(check_target(url), [SIGNUP], Manners(), bounds, None).run()


@pytest.mark.slow
def test_two_servers_are_found() -> None:
    """On a machine that other programs keep busy it may be left open, but nothing else is confirmed."""
    with sleeping(2) as url:
        found = climbed(url, within_s=24.0)
    left_open = not found.estimate.confirmed and 2 in found.estimate.or_else
    assert found.estimate.servers == 2 or left_open, found.stations_toml()


def test_what_is_found_is_written_as_a_station() -> None:
    with sleeping(2) as url:
        found = climbed(url, within_s=8.0)
    text = found.stations_toml()
    (station,) = read_stations(text, "staging.toml")
    # It sleeps: no service is shorter; and a request for nothing waits for no server.
    assert station.service.mean_ns is not None
    assert station.service.mean_ns >= 0.9 * SERVICE_S * 1e9
    assert "which waits for no server" in text, text
    # Never more than two are served at once, each for 120 ms at least.
    assert found.estimate.capacity_per_s.value <= 1.05 * 2 / SERVICE_S
    assert found.people <= found.bounds.people
    assert tomllib.loads(text)["station"][0]["measured"] == found.id


def test_a_limit_is_told_and_is_not_the_service() -> None:
    with answering(Limited) as url:
        found = climbed(url, within_s=25.0)
    assert found.limit is not None
    assert found.limit.kind == "rate"
    # The bucket holds ten, so that no token is lost while nobody asks, which is 20 ms at a time.
    text = found.stations_toml()
    assert found.limit.rate_per_s == pytest.approx(20, rel=0.05), text
    assert "a limit of" in text
    assert 'kind = "quota"' in text
    assert "a limit of" in found.in_words()
    with pytest.raises(Misbehaved, match="No prediction knows of it"):
        require_known(found)
    (station,) = read_stations(text, "staging.toml")
    # Its service is measured below the limit: it sleeps 20 ms, and refusals are no part of it.
    assert station.service.mean_ns is not None
    assert station.service.mean_ns >= 0.9 * 20e6


def test_a_request_that_fails_is_left_out_and_ends_nothing() -> None:
    Failing.slots = threading.Semaphore(2)
    with answering(Failing) as url:
        found = climbed(url, within_s=8.0)
    assert len(found.failed) == 1
    assert not found.broke
    assert "1 request failed and counts nowhere" in " ".join(found.trust())
    assert [rung.n for rung in found.rungs][:2] == [1, 2]


def test_rungs_below_a_refusal_are_measured_on() -> None:
    """A room for two: what one and two at once take is known by several batches, and by how many."""
    with answering(Full) as url:
        found = climbed(url, within_s=18.0)
    assert found.limit is not None
    assert found.limit.refused > 0
    assert [rung.n for rung in found.rungs] == [1, 2]
    assert min(len(rung.visits) for rung in found.rungs) >= 2


def test_a_target_that_was_not_seen_to_its_end_is_held_against_no_crowd() -> None:
    with sleeping(9) as url:
        found = climbed(url, within_s=6.0)
    assert not found.estimate.kink_seen
    with pytest.raises(Misbehaved, match="not seen to its end"):
        require_known(found)


def test_a_batch_without_an_answer_is_none() -> None:
    with answering(Variable) as url:
        found = climbed(url, within_s=12.0)
    assert all(visit.completed for rung in found.rungs for visit in rung.visits)
    assert found.estimate.capacity_per_s.value > 0
    assert read_stations(found.stations_toml(), "staging.toml")


def test_a_dry_run_says_what_it_would_send_and_sends_nothing(tmp_path: Path) -> None:
    asked = []

    class Counting(Sleeper):
        def do_POST(self) -> None:
            asked.append(1)
            super().do_POST()

        def do_GET(self) -> None:
            asked.append(1)
            super().do_GET()

    with answering(Counting) as url:
        ended = surgeproof("probe", "--target", url, "--at-most", "6", "--dry-run")
    assert ended.returncode == 0, ended.stderr
    assert "at most 6 at once" in ended.stdout
    assert "POST /signup" in ended.stdout
    assert not asked


def test_who_interrupts_it_is_told_what_was_measured_so_far() -> None:
    """As by Ctrl-C, once there are batches of the first rung."""
    with sleeping(1) as url:
        target = check_target(url)
        ladder = climbing(target, [SIGNUP], Manners(), Bounds(at_most=2, within_s=60.0), None)

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        ladder.tell = interrupt
        with pytest.raises(KeyboardInterrupt):
            ladder.run()
    found = ladder.so_far(interrupted=True)
    assert found is not None
    text = found.stations_toml()
    assert "It was interrupted" in text
    assert "the likelier" in text or "at least" in text
    read_stations(text, "staging.toml")


def test_four_servers_on_fewer_cores_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with sleeping(1) as url:
        ended = surgeproof(
            "probe",
            "--target",
            url,
            "--servers",
            "4",
            "--requests",
            "10",
            "--rate",
            "1000/s",
            "--no-held-out",
        )
    assert ended.returncode == 0, ended.stderr
    assert "--servers 4 on 2 cores: if its work is the processor's" in ended.stderr
    assert "nobody tells of a waiting room" in ended.stdout


def test_what_a_ladder_would_measure_is_not_given_as_well() -> None:
    with sleeping(1) as url:
        ended = surgeproof("probe", "--target", url, "--servers", "4", "--ladder")
    assert ended.returncode == 2
    assert "leave it out, or the ladder" in ended.stderr


@pytest.mark.slow
def test_real_servers_are_what_they_are() -> None:
    """On a machine that others use the ladder may leave it open, but is not confidently wrong.

    A server of which other programs leave too little is not judged: its loops before and after the
    ladder, half a minute apart, then differ by more than a tenth.
    """
    judged = 0
    for row in rows([], Bounds()):
        print(row)
        before, after = row.loop_per_s
        if abs(before / after - 1) > 0.1:
            continue
        judged += 1
        assert row.found.estimate.servers == row.kind.servers or not row.found.estimate.confirmed
        # Both are means over seconds of the same minute: a tenth apart themselves, at most.
        assert abs(row.off) < 0.2
    print(f"{judged} of {len(KINDS)} on a machine that was quiet enough")


@pytest.mark.slow
def test_a_held_out_step_is_predicted_sent_and_written_down(tmp_path: Path) -> None:
    """By its structure: how far it is off is the machine's matter."""
    file = tmp_path / "site.toml"
    with sleeping(4) as url:
        ended = surgeproof(
            *("probe", "--target", url, "--servers", "4", "--waiting-room", "100"),
            *("--requests", "20", "--rate", "100/s", "--write", str(file)),
        )
    assert ended.returncode == 0, ended.stderr
    text = file.read_text()
    for said in ("# Held-out step: ", "#   p50: predicted ", "#   served: predicted "):
        assert said in text
        assert said.removeprefix("# ") in ended.stderr
    (station,) = read_stations(text, str(file))
    assert station.service_factor is not None
    assert station.service_factor.low <= 1 <= station.service_factor.high
