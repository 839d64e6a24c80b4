"""The reference target as a process of its own, over real sockets."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from scenarios.http.line import LineSettings, Policy
from scenarios.service.process import TargetProcess
from scenarios.service.server import bind, url_of
from scenarios.service.settings import Settings, StationSettings
from simulator.errors import UsageError
from tests.examples import examples
from tests.hanging import HUNG_S

CHEAP = 10
"""A hash cost of some 2 ms."""
DEAR = 16
"""A hash cost of some 120 ms: long against a request on loopback."""
ONCE_A_DAY = 1e-5
"""A release rate per second at which nobody is called during a test."""

numbers = count()


@pytest.fixture(scope="module")
def target() -> Iterator[TargetProcess]:
    with TargetProcess(Settings(workers=2, hash_cost=CHEAP, outbox=True)) as running:
        yield running


@pytest.fixture
def client(target: TargetProcess) -> Iterator[httpx.Client]:
    target.set_line(LineSettings())
    with connect(target) as connected:
        yield connected


def connect(target: TargetProcess) -> httpx.Client:
    return httpx.Client(base_url=target.url, timeout=HUNG_S, trust_env=False)


def connect_async(target: TargetProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=target.url, timeout=HUNG_S, trust_env=False)


def at_once(
    target: TargetProcess, asked: Callable[[httpx.AsyncClient], Iterable[Awaitable[httpx.Response]]]
) -> list[httpx.Response]:
    """What is answered to requests that are sent together."""

    async def together() -> list[httpx.Response]:
        async with connect_async(target) as client:
            return await asyncio.gather(*asked(client))

    return asyncio.run(together())


def person(ticket: str | None = None, email: str | None = None) -> dict[str, str | None]:
    email = email or f"person-{next(numbers)}@surgeproof.invalid"
    return {"email": email, "password": "correct horse", "ticket": ticket}


def payment(key: str | None = None, **changed: object) -> dict[str, Any]:
    return {
        "json": {"payer": "ann", "payee": "shop", "amount": 250} | changed,
        "headers": {"Idempotency-Key": key or str(uuid4())},
    }


def pay(client: httpx.Client, key: str | None = None, **changed: object) -> httpx.Response:
    return client.post("/pay", **payment(key, **changed))


def fifo(rate_per_s: float = ONCE_A_DAY, burst: int = 1) -> LineSettings:
    return LineSettings(
        policy=Policy.FIFO, release_rate_per_s=rate_per_s, burst=burst, poll_every_s=1.5
    )


@pytest.fixture
def lined(target: TargetProcess, client: httpx.Client) -> httpx.Client:
    """Behind a line of which the first is called, and nobody else."""
    target.set_line(fifo())
    return client


def parted(answers: list[httpx.Response]) -> tuple[int, int]:
    """How many were served, and how many turned away and told when to come again."""
    refused = [answer for answer in answers if answer.status_code == 503]
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    served = sum(answer.status_code == 201 for answer in answers)
    assert served + len(refused) == len(answers)
    return served, len(refused)


# Signing up


def test_a_signup_and_its_verification(client: httpx.Client) -> None:
    body = person()
    made = client.post("/signup", json=body)
    assert (made.status_code, made.json()["verification"]) == (201, "sent")
    code = client.get("/outbox", params={"email": body["email"]}).json()["code"]
    assert made.json()["code"] == code
    verified_before = client.get("/audit").json()["verified"]
    wrong = client.post("/verify", json={"email": body["email"], "code": "wrong"})
    right = client.post("/verify", json={"email": body["email"], "code": code})
    again = client.post("/verify", json={"email": body["email"], "code": code})
    nobody = client.post("/verify", json={"email": "nobody@surgeproof.invalid", "code": code})
    assert [answer.status_code for answer in (wrong, right, again, nobody)] == [400, 200, 200, 404]
    assert again.json() == right.json() == {"verified": True}
    assert client.get("/audit").json()["verified"] == verified_before + 1


def test_without_an_outbox_nobody_is_told_a_code_and_work_costs_what_it_is_told_to() -> None:
    cost_ms = 20
    settings = Settings(workers=1, hash_cost=CHEAP, work_ns=cost_ms * 10**6)
    with TargetProcess(settings) as target, connect(target) as client:
        body = person()
        assert client.post("/signup", json=body).json().keys() == {"account", "verification"}
        assert client.get("/outbox", params={"email": body["email"]}).status_code == 404
        timing = client.get("/read/feed").headers["server-timing"]
    service = re.search(r"service;dur=([0-9.]+)", timing)
    assert service is not None
    # A thread's own time cannot be longer than the time that passes.
    assert float(service[1]) >= cost_ms


@examples("step",
    ("signup", lambda client: client.post("/signup", json=person())),
    ("verify", lambda client: client.post("/verify", json={"email": "x@y.z", "code": "guess"})),
    ("read", lambda client: client.get("/read/feed")),
    ("write", lambda client: client.post("/write/feed", json={"text": "x"})),
    ("pay", pay),
)  # fmt: skip
def test_server_timing_tells_no_more_than_the_client_saw(
    client: httpx.Client, step: Callable[[httpx.Client], httpx.Response]
) -> None:
    started_ns = time.perf_counter_ns()
    answer = step(client)
    seen_ms = (time.perf_counter_ns() - started_ns) / 1e6
    told = re.fullmatch(
        r"queue;dur=(\d+\.\d{3}), service;dur=(\d+\.\d{3})", answer.headers["server-timing"]
    )
    assert told is not None
    queue_ms, service_ms = float(told[1]), float(told[2])
    assert queue_ms >= 0
    assert service_ms > 0
    # Each of the two is rounded to a microsecond.
    assert queue_ms + service_ms <= seen_ms + 0.001


def test_a_retry_is_the_same_account_and_somebody_else_is_told(client: httpx.Client) -> None:
    body = person()
    mine = {"Idempotency-Key": "mine"}
    first = client.post("/signup", json=body, headers=mine)
    again = client.post("/signup", json=body, headers=mine)
    other = client.post("/signup", json=body, headers={"Idempotency-Key": "other"})
    assert [answer.status_code for answer in (first, again, other)] == [201, 201, 409]
    assert again.json() == first.json()


def test_of_eight_who_want_one_address_at_once_one_gets_it(target: TargetProcess) -> None:
    target.set_line(LineSettings())
    keys, body = [{"Idempotency-Key": f"one-{n}"} for n in range(8)], person()
    answers = at_once(
        target, lambda client: [client.post("/signup", json=body, headers=key) for key in keys]
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


@examples("body, status, sentence",
    ("no JSON", b"{", 400, "the body is not JSON"),
    ("brackets", b"[" * 10_000, 400, "the body is not JSON"),
    ("no object", b"[]", 400, "the body is not a JSON object"),
    ("no e-mail", b"{}", 400, "email must be a text of 1 to 254 characters"),
    ("no address", b'{"email": "x"}', 400, "email is not an address"),
    ("no password", b'{"email": "a@b.c", "password": 5}', 400, "password must be a text of 1 to 1024 characters"),
    ("half a character", b'{"email": "a@b.c", "password": "\\ud800"}', 400, "password must be a text of 1 to 1024 characters"),
    ("too long", b" " * 20_000, 413, "the body is longer than 16384 bytes"),
)  # fmt: skip
def test_a_body_that_makes_no_sense(
    client: httpx.Client, body: bytes, status: int, sentence: str
) -> None:
    answer = client.post("/signup", content=body)
    assert (answer.status_code, answer.json()) == (status, {"error": sentence})


def test_a_full_waiting_room_turns_people_away_at_once() -> None:
    with TargetProcess(Settings(workers=1, queue=1, hash_cost=DEAR)) as target:
        answers = at_once(
            target, lambda client: [client.post("/signup", json=person()) for _ in range(12)]
        )
    served, turned_away = parted(answers)
    # One in service and one waiting are always taken; twelve do not come in slower than one in
    # 120 ms, so somebody finds the room full.
    assert served >= 2
    assert turned_away


def test_work_is_done_though_its_client_has_gone() -> None:
    with (
        TargetProcess(Settings(workers=1, hash_cost=DEAR, outbox=True)) as target,
        connect(target) as client,
    ):
        gone = person()
        with send_without_listening(target, gone):
            while not client.get("/healthz").json()["in_service"]:
                pass
        # First come, first served, one at a time: when this one is done, so is the other.
        assert client.post("/signup", json=person()).status_code == 201
        assert client.get("/outbox", params={"email": gone["email"]}).status_code == 200


def send_without_listening(target: TargetProcess, body: dict[str, str | None]) -> socket.socket:
    url = httpx.URL(target.url)
    connection = socket.create_connection((url.host, url.port), timeout=HUNG_S)
    content = json.dumps(body).encode()
    head = f"POST /signup HTTP/1.1\r\nHost: target\r\nContent-Length: {len(content)}\r\n\r\n"
    connection.sendall(head.encode() + content)
    return connection


# What follows a signup


def test_what_is_written_is_read(client: httpx.Client) -> None:
    written = client.post("/write/notes", json={"text": "hello"})
    assert written.status_code == 201
    read = client.get("/read/notes")
    assert (read.status_code, read.json()) == (
        200,
        {"what": "notes", "entries": [{"entry": written.json()["entry"], "text": "hello"}]},
    )


def test_a_payment_that_is_tried_again_is_one_and_a_key_serves_no_other(
    client: httpx.Client,
) -> None:
    before = client.get("/audit").json()["payments"]
    first, again, other = pay(client, "k"), pay(client, "k"), pay(client, "k", amount=251)
    assert [answer.status_code for answer in (first, again, other)] == [201, 201, 409]
    assert again.json() == first.json()
    assert client.get("/audit").json()["payments"] == before + 1


@pytest.mark.parametrize("workers", [1, 8])
def test_one_payment_that_is_sent_forty_times_at_once_is_done_once(
    where: Path | str, workers: int
) -> None:
    with TargetProcess(Settings(workers=workers, database=where)) as target:
        answers = at_once(
            target, lambda client: [client.post("/pay", **payment("one")) for _ in range(40)]
        )
        audit = httpx.get(f"{target.url}/audit", trust_env=False).json()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["payment"] for answer in answers}) == 1
    assert (audit["payments"], audit["amount"]) == (1, 250)


def test_no_payment_that_was_answered_dies_with_the_process(where: Path | str) -> None:
    settings = Settings(workers=2, database=where)
    with TargetProcess(settings) as target:
        with connect(target) as client:
            answers = [pay(client, f"key-{number}") for number in range(10)]
        os.kill(target.pid, signal.SIGKILL)
    with TargetProcess(settings) as target, connect(target) as client:
        again = [pay(client, f"key-{number}") for number in range(10)]
        assert client.get("/audit").json()["payments"] == 10
    assert [answer.json() for answer in again] == [answer.json() for answer in answers]


@examples("send, sentence",
    ("no key", lambda client: client.post("/pay", json={}), "needs an Idempotency-Key"),
    ("long key", lambda client: pay(client, "k" * 201), "1 to 200 characters"),
    ("nothing", lambda client: pay(client, amount=0), "amount must be"),
    ("true", lambda client: pay(client, amount=True), "amount must be"),
    ("half a coin", lambda client: pay(client, amount=2.5), "amount must be"),
    ("nobody", lambda client: pay(client, payee=""), "payee must be"),
    ("character 0", lambda client: pay(client, payee="a\0b"), "payee must be"),
    ("a space", lambda client: client.get("/read/a%20b"), "1 to 64 letters"),
    ("no text", lambda client: client.post("/write/feed", json={}), "text must be"),
    ("code", lambda client: client.post("/verify", json={"email": "a@b.c"}), "code must"),
)  # fmt: skip
def test_a_step_that_makes_no_sense(
    client: httpx.Client, send: Callable[[httpx.Client], httpx.Response], sentence: str
) -> None:
    answer = send(client)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_a_station_of_its_own_is_full_by_itself() -> None:
    seconds = 10**9
    payments = StationSettings(
        name="payments", serves=("pay",), workers=1, queue=0, work_ns=seconds // 4
    )

    async def rush(target: TargetProcess) -> tuple[list[httpx.Response], httpx.Response]:
        async with connect_async(target) as client:
            paying = [
                asyncio.create_task(client.post("/pay", **payment(f"key-{n}", amount=n + 1)))
                for n in range(6)
            ]
            while not (await client.get("/healthz")).json()["stations"][1]["in_service"]:
                pass
            read = await client.get("/read/feed")
            return await asyncio.gather(*paying), read

    with TargetProcess(Settings(workers=1, queue=0, stations=(payments,))) as target:
        paid, read = asyncio.run(rush(target))
        audit = httpx.get(f"{target.url}/audit", trust_env=False).json()
        metrics = samples_of(httpx.get(f"{target.url}/metrics", trust_env=False).text)
    # Who reads finds the one worker of the others free, though the one for payments is busy.
    assert read.status_code == 200
    done, turned_away = parted(paid)
    # Six do not come in slower than one a quarter of a second, so somebody finds no place.
    assert done
    assert turned_away
    assert audit["payments"] == metrics["requests_total", "pay", "done"] == done
    assert metrics["requests_total", "pay", "turned_away"] == turned_away
    assert metrics["station_queue_limit", "payments", ""] == 0


# The line


def test_the_protocol_of_the_line(lined: httpx.Client) -> None:
    first, second = lined.post("/line"), lined.post("/line")
    assert (first.status_code, first.json()) == (
        200,
        {"ticket": first.json()["ticket"], "admitted": True},
    )
    ticket = second.json()["ticket"]
    waiting = {
        "ticket": ticket, "admitted": False, "position": 1, "people_ahead": 0,
        "expected_wait_s": 0.0, "retry_after_s": 1.5,
    }  # fmt: skip
    assert (second.status_code, second.json()) == (202, waiting)
    assert second.headers["retry-after"] == "2"  # whole seconds, never too early
    look = lined.get(f"/line/{ticket}")
    assert (look.status_code, look.json()) == (202, waiting)
    left, gone = lined.delete(f"/line/{ticket}"), lined.get(f"/line/{ticket}")
    unknown = [lined.get("/line/unknown"), lined.delete("/line/unknown")]
    assert [answer.status_code for answer in (left, gone, *unknown)] == [204, 410, 404, 404]


def test_positions_move_up_when_somebody_leaves(lined: httpx.Client) -> None:
    tickets = [lined.post("/line").json()["ticket"] for _ in range(6)][1:]

    def positions() -> list[int | None]:
        return [lined.get(f"/line/{ticket}").json().get("position") for ticket in tickets]

    assert positions() == [1, 2, 3, 4, 5]
    lined.delete(f"/line/{tickets[1]}")
    lined.delete(f"/line/{tickets[0]}")
    assert positions() == [None, None, 1, 2, 3]


def test_a_ticket_that_was_called_signs_up_once(lined: httpx.Client) -> None:
    called, waits = (lined.post("/line").json()["ticket"] for _ in range(2))
    body = person(called)
    answers = [
        lined.post("/signup", json=body),
        lined.post("/signup", json=body),
        lined.post("/signup", json=person(called)),
        lined.post("/signup", json=person(waits)),
        lined.post("/signup", json=person("unknown")),
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 409, 202, 404]
    assert answers[3].json()["ticket"] == waits


def test_who_comes_without_a_ticket_is_given_one(lined: httpx.Client) -> None:
    through, waits = (lined.post("/signup", json=person()) for _ in range(2))
    assert (through.status_code, waits.status_code) == (201, 202)
    assert waits.json()["position"] == 1


def test_releases_follow_the_token_bucket(target: TargetProcess, client: httpx.Client) -> None:
    rate_per_s, burst, people = 50, 3, 20
    before_s = time.monotonic()
    target.set_line(fifo(rate_per_s, burst))
    for _ in range(people):
        client.post("/line")
    all_there_s = time.monotonic()
    admitted = 0
    while admitted < people:
        asked_s = time.monotonic()
        admitted = client.get("/healthz").json()["line"]["admitted"]
        told_s = time.monotonic()
        # The bucket was full at some instant after ``before_s``: at most burst and the tokens of
        # the time since. From ``all_there_s`` on somebody always waited, so no token was lost.
        assert admitted <= burst + rate_per_s * (told_s - before_s)
        assert admitted >= min(people, int(rate_per_s * (asked_s - all_there_s)))


def test_opening_the_line_calls_everybody(target: TargetProcess, client: httpx.Client) -> None:
    target.set_line(fifo())
    tickets = [client.post("/line").json()["ticket"] for _ in range(5)]
    target.set_line(LineSettings(), clear=False)
    assert {client.get(f"/line/{ticket}").status_code for ticket in tickets} == {200}
    target.set_line(LineSettings(), clear=True)
    assert {client.get(f"/line/{ticket}").status_code for ticket in tickets} == {404}


def test_the_levers_are_the_administrators(client: httpx.Client) -> None:
    guess = {"Authorization": "Bearer guess"}
    assert client.post("/admin/line", json={"clear": True}).status_code == 404
    assert client.post("/admin/line", json={"clear": True}, headers=guess).status_code == 404


@examples("wanted, sentence",
    ("unknown", {"rate": 5}, "no such lever: rate"),
    ("policy", {"policy": "lottery"}, "must be one of open, fifo"),
    ("value", {"burst": 0}, "must be a whole number from 1"),
    ("clear", {"clear": "yes"}, "must be true or false"),
)  # fmt: skip
def test_a_lever_that_cannot_be_turned(
    target: TargetProcess, client: httpx.Client, wanted: dict[str, object], sentence: str
) -> None:
    mine = {"Authorization": f"Bearer {target.token}"}
    answer = client.post("/admin/line", json=wanted, headers=mine)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_a_line_survives_the_death_of_its_process(tmp_path: Path) -> None:
    settings = Settings(
        workers=1,
        hash_cost=CHEAP,
        release_rate_per_s=ONCE_A_DAY,
        burst=2,
        database=tmp_path / "line.sqlite",
    )

    def standings(target: TargetProcess) -> list[tuple[int, int | None]]:
        with connect(target) as client:
            looks = [client.get(f"/line/{ticket}") for ticket in tickets]
        return [(look.status_code, look.json().get("position")) for look in looks]

    with TargetProcess(settings) as target:
        with connect(target) as client:
            tickets = [client.post("/line").json()["ticket"] for _ in range(6)]
            client.delete(f"/line/{tickets[3]}")
        before = standings(target)
        os.kill(target.pid, signal.SIGKILL)
    with TargetProcess(settings) as target:
        # The bucket of two was emptied before, and one a day is not there yet.
        assert standings(target) == before
    assert before == [(200, None), (200, None), (202, 1), (410, None), (202, 2), (202, 3)]


# The process


def test_metrics_say_what_the_target_is_and_did(
    target: TargetProcess, client: httpx.Client
) -> None:
    client.post("/signup", json=person())
    samples = samples_of(client.get("/metrics").text)
    assert samples["signup_workers", "", ""] == 2
    assert samples["signup_queue_limit", "", ""] == 64
    assert samples["station_workers", "signup", ""] == 2
    assert samples["station_queue_length", "signup", ""] == 0
    assert samples["signup_line_length", "", ""] == 0
    results = [
        samples.get(("requests_total", "signup", result), 0) for result in ("created", "taken")
    ]
    assert samples["request_service_seconds_count", "signup", ""] == sum(results)
    assert samples["request_queue_seconds_count", "signup", ""] == sum(results)


def samples_of(exposition: str) -> dict[tuple[str, str, str], float]:
    """Every sample that is no bucket, by its name, its endpoint or station, and its result."""
    return {
        (
            sample.name,
            sample.labels.get("endpoint") or sample.labels.get("station", ""),
            sample.labels.get("result", ""),
        ): sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if "le" not in sample.labels
    }


def test_health_tells_the_knobs(target: TargetProcess, client: httpx.Client) -> None:
    health = client.get("/healthz").json()
    assert (health["status"], health["workers"], health["queue"]) == ("ok", 2, 64)
    assert health["hash_cost"] == CHEAP
    assert health["line"]["policy"] == "open"
    assert [station["name"] for station in health["stations"]] == ["signup"]


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(UsageError, match="something else is listening there"),
            TargetProcess(Settings(port=port)),
        ):
            pass
        assert url_of(taken).endswith(str(port))


def test_a_database_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear database, " * 100)
    with (
        pytest.raises(UsageError, match=r"letter\.txt: file is not a database"),
        TargetProcess(Settings(database=path)),
    ):
        pass


PARENT = """
import sys
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
with TargetProcess(Settings(workers=1, hash_cost=10)) as target:
    print(target.url, flush=True)
    sys.stdin.read()
"""


def test_the_target_ends_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        url = httpx.URL(parent.stdout.readline().strip())
        with socket.create_connection((url.host, url.port), timeout=HUNG_S) as connection:
            parent.kill()
            assert connection.recv(1) == b""  # the target has closed its side


def test_a_target_with_work_in_its_room_ends_in_good_order(tmp_path: Path) -> None:
    """Killed, it would leave its temporary database behind."""
    log = tmp_path / "target.log"
    with (
        TargetProcess(Settings(workers=1, hash_cost=DEAR), log=log) as target,
        connect(target) as client,
    ):
        signups = [send_without_listening(target, person()) for _ in range(30)]
        while client.get("/healthz").json()["waiting"] < 29:
            pass
        assert target.stop() == 0
    for signup in signups:
        signup.close()
    assert "Traceback" not in log.read_text()


FOREGROUND = """
from scenarios.service.server import serve
from scenarios.service.settings import Settings
from tests.hanging import HUNG_S
serve(Settings(workers=1, hash_cost=16), listening=lambda url: print(url, flush=True))
"""


def test_an_interrupted_server_finishes_what_it_took_on_and_says_nothing() -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", FOREGROUND],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        answers = asyncio.run(interrupted(server, url))
        _, said = server.communicate(timeout=HUNG_S)
    assert (server.returncode, said) == (0, "")
    assert answers == [201, 201, 201]


async def interrupted(server: subprocess.Popen[str], url: str) -> list[int]:
    async with httpx.AsyncClient(base_url=url, timeout=HUNG_S, trust_env=False) as client:
        signups = [asyncio.create_task(client.post("/signup", json=person())) for _ in range(3)]
        while (await client.get("/healthz")).json()["waiting"] < 2:
            pass
        server.send_signal(signal.SIGINT)
        return [(await signup).status_code for signup in signups]


def test_answers_leave_at_once() -> None:
    """A connection that gathers small packets would keep each answer for 40 ms."""
    with bind("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        accepted, _ = door.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
