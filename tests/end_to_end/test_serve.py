"""``surgeproof serve`` in a process of its own: old flags, new flags, mistakes."""

import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.end_to_end.command import start, surgeproof
from tests.hanging import HUNG_S

PAYMENTS = """
[[station]]
name = "payments"
serves = "pay"
servers = 2
waiting_room = 3
work = "1 ms"
"""


@contextmanager
def serving(*words: str) -> Iterator[httpx.Client]:
    """A client of the command while it serves."""
    command = start("serve", "--port", "0", *words)
    assert command.stderr is not None
    said = command.stderr.readline()
    try:
        assert "listens at http://" in said
        with httpx.Client(base_url=said.split()[-1], timeout=HUNG_S, trust_env=False) as client:
            yield client
    finally:
        command.send_signal(signal.SIGINT)
        ended = end(command)
    assert ended == (0, ""), "Ctrl-C is how it should end"


def end(command: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code, and what else it said."""
    try:
        _, said = command.communicate(timeout=HUNG_S)
    except subprocess.TimeoutExpired:
        command.kill()
        raise
    return command.returncode, said


def test_the_flags_of_the_signup_mean_what_they_meant(tmp_path: Path) -> None:
    database = tmp_path / "line.sqlite"
    with serving(
        *("--workers", "2", "--queue", "5", "--hash-cost", "9"),
        *("--release-rate", "20/s", "--database", str(database)),
    ) as client:
        health = client.get("/healthz").json()
    assert {name: health[name] for name in ("workers", "queue", "hash_cost")} == {
        "workers": 2,
        "queue": 5,
        "hash_cost": 9,
    }
    assert (health["line"]["policy"], health["line"]["release_rate_per_s"]) == ("fifo", 20)
    assert database.exists()


def test_stations_of_their_own_and_codes_for_a_rehearsal(tmp_path: Path) -> None:
    file = tmp_path / "stations.toml"
    file.write_text(PAYMENTS)
    with serving("--stations", str(file), "--work", "0 ms", "--outbox") as client:
        first, second = client.get("/healthz").json()["stations"]
        person = {"email": "ann@surgeproof.invalid", "password": "correct horse"}
        code = client.post("/signup", json=person).json()["code"]
        verified = client.post("/verify", json={"email": person["email"], "code": code})
    assert (first["name"], first["serves"]) == ("signup", ["signup"])
    assert (second["name"], second["workers"], second["queue"]) == ("payments", 2, 3)
    assert verified.status_code == 200


def test_mistakes_exit_2_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "stations.toml"
    file.write_text(PAYMENTS.replace('"pay"', '"paint"'))
    unknown = surgeproof("serve", "--port", "0", "--stations", str(file))
    wrong = surgeproof("serve", "--port", "0", "--work", "soon")
    assert (unknown.returncode, wrong.returncode) == (2, 2)
    assert "station payments serves what is 'paint'" in unknown.stderr
    assert '--work "soon" is not a duration' in wrong.stderr


def test_it_ends_cleanly_when_it_is_hung_up(tmp_path: Path) -> None:
    """SIGTERM: tests/faults/test_faults.py."""
    command = start("serve", "--port", "0", env={"TMPDIR": str(tmp_path)})
    assert command.stderr is not None
    url = command.stderr.readline().split()[-1]
    httpx.get(f"{url}/healthz", timeout=HUNG_S, trust_env=False)
    command.send_signal(signal.SIGHUP)

    assert end(command) == (129, "surgeproof: hung up\n")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_an_answer_and_no_end(tmp_path: Path) -> None:
    command = start("serve", "--port", "0", "--database", str(tmp_path / "target.sqlite"))
    assert command.stderr is not None
    url = command.stderr.readline().split()[-1]
    person = {"email": "ann@surgeproof.invalid", "password": "correct horse"}
    with httpx.Client(base_url=url, timeout=HUNG_S, trust_env=False) as client:
        client.get("/healthz")
        resource.prlimit(command.pid, resource.RLIMIT_FSIZE, (1, 1))
        refused, health = client.post("/signup", json=person), client.get("/healthz")
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=HUNG_S)

    assert (refused.status_code, health.status_code) == (500, 200)
    assert refused.json()["error"].startswith("the database cannot be used: ")
    assert said == ""
