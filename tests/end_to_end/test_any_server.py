"""A launch that is aimed at a server that knows nothing of it: what is counted is what the server keeps."""

import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from prometheus_client.parser import text_string_to_metric_families

from scenarios.http.requests.person import Person
from tests.end_to_end.command import Done, surgeproof
from tests.launches.files import shop_text, stations_in
from tests.loopback import Answering, answering, free_port

SECRET = "k3y-of-the-shop-4711"
EVERY = 3
"""Who comes third gets the form once more, with its errors, at 200."""

STEPS = """
name = "page"
request = { method = "GET", path = "/signup", capture = { csrf = "css:input[name=csrf]::attr(value)" } }

name = "send"
request.path = "/signup"
request.form = { csrf = "${csrf}", email = "${email}", name = "${data.name}" }
request.redirects = "expect"
request.capture = { next = "header:Location" }

name = "welcome"
request = { method = "GET", path = "${next}", redirects = "follow", expect = { text = "Welcome ${data.name}" } }

name = "token"
request.path = "/api/token"
request.json = { email = "${email}", key = "${env.SHOP_KEY}" }
request.expect = { status = [201], json = { "data.ok" = true } }
request.capture = { token = "json:data.token" }

name = "me"
request = { method = "GET", path = "/api/me", query = { run = "${run}" }, headers = { Authorization = "Bearer ${token}" } }
"""
MORE = """
[data]
file = "people.csv"
[replay]
for = "3 s"
drain = "5 s"
health = "none"
user_agent = "a shop's rehearsal"
"""
LAUNCH = shop_text(
    *STEPS.split("\n\n"),
    horizon='"1 min"',
    client_timeout='"5 s"',
    servers="4",
    service='"5 ms"',
    more=MORE,
)


class Shop(Answering):
    """A form with a token in a page and a cookie, a redirect, and an API behind a key."""

    lock = threading.Lock()
    accounts: dict[str, str]
    tokens: dict[str, str]
    seen: list[str]
    marks: list[tuple[str, str, int]]
    """What was asked for, in which span, and when."""
    sent = 0

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/signup":
            self.tell(200, b'<input name="csrf" value="a&amp;b">', ("Set-Cookie", "sid=7; Path=/"))
        elif path == "/in":
            self.tell(302, b"", ("Location", f"{path}/welcome?{self.path.partition('?')[2]}"))
        elif path == "/in/welcome":
            who = self.accounts[parse_qs(self.path.partition("?")[2])["who"][0]]
            self.tell(200, f"<h1>Welcome {who}</h1>".encode())
        elif path == "/api/me":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self.tell(200 if token in self.tokens else 401, b'{"me": 1}')
        else:
            self.seen.append(self.path)
            self.tell(404)

    def do_POST(self) -> None:
        body = self.body().decode()
        if self.path == "/signup":
            self.sign_up({key: values[0] for key, values in parse_qs(body).items()})
            return
        told = json.loads(body)
        if told["key"] != SECRET or told["email"] not in self.accounts:
            self.tell(403, json.dumps({"error": f"bad key {told['key']}"}).encode())
            return
        self.tokens[f"token of {told['email']}"] = told["email"]
        answer = {"data": {"ok": True, "token": f"token of {told['email']}"}}
        self.tell(201, json.dumps(answer).encode(), ("Content-Type", "application/json"))

    def sign_up(self, form: dict[str, str]) -> None:
        if form["csrf"] != "a&b" or "sid=7" not in self.headers.get("Cookie", ""):
            self.tell(403, b"<title>403 Forbidden</title><p>CSRF token missing.</p>")
            return
        with self.lock:
            type(self).sent += 1
            refused = self.sent % EVERY == 0
            if not refused:
                self.accounts[form["email"]] = form["name"]
        if refused:
            again = b'<ul class="errorlist"><li>This name is taken.</li></ul>'
            self.tell(200, b"<title>Sign up</title>" + again)
        else:
            self.tell(303, b"", ("Location", f"in?who={form['email']}"))

    def tell(self, status: int, body: bytes = b"", *more: tuple[str, str]) -> None:
        assert self.headers["User-Agent"] == "a shop's rehearsal"
        if "traceparent" in self.headers:  # the probe has none
            sent_us = int(self.headers["X-Request-Start"].removeprefix("t="))
            asked = f"{self.command} {self.path.partition('?')[0]}"
            self.marks.append((asked, self.headers["traceparent"], sent_us))
        kind = () if dict(more).get("Content-Type") else (("Content-Type", "text/html"),)
        self.answer(status, body, *more, *kind)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.toml").write_text(LAUNCH)
    (folder / "people.csv").write_text("name\n" + "".join(f"Ada-{n}\n" for n in range(99)))
    (folder / "shop-system.toml").write_text(stations_in(LAUNCH))
    return folder


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    Shop.accounts, Shop.tokens, Shop.seen, Shop.marks, Shop.sent = {}, {}, [], [], 0
    with answering(Shop) as url:
        yield url


def replayed(folder: Path, url: str, *more: str, **env: str) -> Done:
    words = [
        "replay",
        "shop.toml",
        "--system",
        "shop-system.toml",
        "--launches",
        "2",
        "--runs",
        "runs",
        "--target",
    ]
    return surgeproof(*words, url, *more, cwd=folder, env=env)


class Scraping(threading.Thread):
    """Scrapes a page of metrics until it is told to stop."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.url, self.over = f"http://127.0.0.1:{port}/metrics", threading.Event()
        self.pages: list[str] = []

    def run(self) -> None:
        while not self.over.wait(0.1):
            with suppress(OSError), urllib.request.urlopen(self.url) as answer:
                self.pages.append(answer.read().decode())


@pytest.fixture(scope="module")
def scraped() -> list[str]:
    """What Prometheus would have been told meanwhile."""
    return []


@pytest.fixture(scope="module")
def ran(folder: Path, shop: str, scraped: list[str]) -> Done:
    port = free_port()
    scraping = Scraping(port)
    scraping.start()
    done = replayed(folder, shop, "--metrics", str(port), SHOP_KEY=SECRET)
    scraping.over.set()
    scraping.join()
    scraped += [page for page in scraping.pages if "surgeproof_clock_seconds" in page]
    return done


def test_whoever_watches_sees_the_same_beside_the_prediction(ran: Done, scraped: list[str]) -> None:
    """The page is there until the command ends, and by then the rehearsal is over."""
    assert "surgeproof: metrics: http://127.0.0.1:" in ran.stderr
    last = {
        (sample.name, sample.labels.get("result"), sample.labels.get("source")): sample.value
        for family in text_string_to_metric_families(scraped[-1])
        for sample in family.samples
    }
    served = last["surgeproof_visitors_served_total", None, "observed"]
    assert served == len(Shop.accounts)
    assert last["surgeproof_attempts_total", "failed", "observed"] == Shop.sent - served
    arrived = last["surgeproof_visitors_arrived_total", None, "observed"]
    assert 0 < arrived <= last["surgeproof_visitors_arrived_total", None, "predicted"]


def test_successes_are_the_accounts_that_the_server_has(ran: Done) -> None:
    """A third of the forms is shown again at 200, the others lead on by a 303: neither is mistaken."""
    told = " ".join(ran.stdout.split())
    assert ran.returncode in (0, 3), ran.stdout + ran.stderr  # 3: too busy a machine
    served = len(Shop.accounts)
    assert served == len(Shop.tokens) > 10
    assert re.search(
        rf"as the launch file expects, 200 × {served}, 201 × {served}, 303 × {served}", told
    ), told
    refused = Shop.sent - served
    assert f"200 × {refused}: a redirect was expected: “This name is taken.”" in told
    assert "connections: a new one for each visitor" in told


def test_each_attempt_is_a_span_of_its_visitors_trace(ran: Done) -> None:
    """An attempt begins with one request; those that it leads to are sent later, in the same span."""
    asked = {parent: at_us for what, parent, at_us in Shop.marks if what == "GET /in"}
    led = [(parent, at_us) for what, parent, at_us in Shop.marks if what == "GET /in/welcome"]
    assert len(asked) == len(led) == len(Shop.accounts)
    assert all(asked[parent] < at_us for parent, at_us in led)
    posts = [parent for what, parent, _ in Shop.marks if what == "POST /signup"]
    assert len(set(posts)) == len(posts) == Shop.sent
    assert asked.keys().isdisjoint(posts)
    assert {trace_of(parent) for parent in asked} <= {trace_of(parent) for parent in posts}


def trace_of(parent: str) -> str:
    return parent.split("-")[1]


def test_each_visitor_is_somebody_else_and_nobody_real(ran: Done) -> None:
    assert len(set(Shop.accounts.values())) == len(Shop.accounts)
    assert all(email.endswith(".invalid") for email in Shop.accounts)
    assert Person.of("run", 1).email.endswith(".invalid")
    assert not Shop.seen, "its health was not to be asked for"


def test_a_secret_and_the_rows_reach_nothing_that_is_kept_or_said(ran: Done, folder: Path) -> None:
    kept = [path for path in (folder / "runs").rglob("*") if path.is_file()]
    assert len(kept) > 5
    texts = [ran.stdout.encode(), ran.stderr.encode(), *(path.read_bytes() for path in kept)]
    assert not any(SECRET.encode() in text or b"Ada-1" in text for text in texts)


def test_a_secret_that_is_not_set_is_asked_for(folder: Path, shop: str) -> None:
    done = replayed(folder, shop, SHOP_KEY="")
    assert done.returncode == 2
    assert "the environment has no SHOP_KEY: set it (export SHOP_KEY=...)" in done.stderr


def test_too_few_rows_are_told_before_anything_is_sent(folder: Path, shop: str) -> None:
    (folder / "people.csv").write_text("name\nAda\n")
    before = Shop.sent
    done = replayed(folder, shop, SHOP_KEY=SECRET)
    assert done.returncode == 2
    assert re.search(r'data.file: "people.csv" has 1 row, and \d+ visitors come', done.stderr)
    assert Shop.sent == before
