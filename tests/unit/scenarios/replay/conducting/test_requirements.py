"""What a worker's machine needs before it may take a shard."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from scenarios.http.allow import ALLOW_VARIABLE, AUTHORIZATION_VARIABLE
from scenarios.http.manners import Manners
from scenarios.http.trust import Trust
from scenarios.replay.child.conducting.link.messages import Arming
from scenarios.replay.child.conducting.requirements import (
    files_of,
    require_allowed,
    require_here,
    require_same_version,
)
from scenarios.replay.orders import Orders
from simulator.errors import InvalidRun, TargetRefused

LOOPBACK, ELSEWHERE = "127.0.0.1", "192.0.2.7"
ARMING = Arming(orders="", shard=0, of=2, plan_bytes=0)
ORDERS = Orders(
    url=f"http://{ELSEWHERE}", host=ELSEWHERE, address=ELSEWHERE, db=Path("run"), part=1, run="run-1", people=(),
    steps=(), journeys=(), lined=False, leaves_aloud=False, poll_every_ns=1, seed=0, launch=0, horizon_ns=1,
    end_ns=1, in_flight_cap=1, max_lag_ns=1, clock_bound_ns=1, timetable_sha256="",
)  # fmt: skip


def test_the_same_version_is_asked_for() -> None:
    require_same_version(version("surgeproof"))
    with pytest.raises(InvalidRun, match=r"the master is surgeproof 0\.0\.1 and this worker"):
        require_same_version("0.0.1")


def test_files_are_here_as_the_master_has_them(tmp_path: Path) -> None:
    table, trusted = tmp_path / "people.csv", tmp_path / "ca.pem"
    table.write_text("email\n")
    trusted.write_text("one")
    orders = replace(ORDERS, manners=Manners(data=table, trust=Trust(ca_file=str(trusted))))
    arming = replace(ARMING, files=files_of(orders))
    assert set(arming.files) == {str(table), str(trusted)}

    require_here(orders, arming)
    trusted.write_text("another")
    with pytest.raises(InvalidRun, match=r"ca\.pem is not here, or not the same"):
        require_here(orders, arming)
    trusted.write_text("one")
    table.unlink()
    with pytest.raises(InvalidRun, match=r"people\.csv is not here, or not the same"):
        require_here(orders, arming)


def test_secrets_are_set_here_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = replace(ORDERS, manners=Manners(secrets=("API_KEY",)))
    arming = replace(ARMING, authorized=True)
    monkeypatch.setenv("API_KEY", "one")
    monkeypatch.delenv(AUTHORIZATION_VARIABLE, raising=False)
    with pytest.raises(InvalidRun, match=f"^{AUTHORIZATION_VARIABLE} must be set here as well"):
        require_here(orders, arming)
    require_here(orders, ARMING)


def test_whoever_allowed_it_at_the_master_cannot_speak_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(ALLOW_VARIABLE, raising=False)
    with pytest.raises(TargetRefused):
        require_allowed(ORDERS, ELSEWHERE)
    monkeypatch.setenv(ALLOW_VARIABLE, ELSEWHERE)
    require_allowed(ORDERS, ELSEWHERE)

    led = replace(ORDERS, manners=Manners(hosts={"media.test": "192.0.2.9"}))
    with pytest.raises(TargetRefused, match=r"media\.test, to which the target leads"):
        require_allowed(led, ELSEWHERE)


def test_a_target_that_is_each_machine_itself_is_sent_nobody_from_elsewhere() -> None:
    here = replace(ORDERS, url=f"http://{LOOPBACK}", host=LOOPBACK, address=LOOPBACK)
    require_allowed(here, LOOPBACK)
    with pytest.raises(TargetRefused, match="is the machine itself on each machine"):
        require_allowed(here, ELSEWHERE)
