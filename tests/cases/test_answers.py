"""Whatever a server answers is one attempt's result, for a visitor as for the probe.

The cases are public bug reports: locustio/locust 1233, 1457, 1472, 2310, 3188, 3405;
apache/httpcomponents-client 698; versity/versitygw 2398; benoitc/gunicorn 1778; encode/httpx 3400;
eth-cscs/pyfirecrest 118; palantir/dialogue 951; geventhttpclient 26, 162, 187; and their siblings.
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scenarios.http import bounded, browser
from scenarios.http.allow import check_target
from scenarios.http.answers.content import KEPT_BYTES
from scenarios.http.answers.server_timing import durations_ns
from scenarios.http.requests.person import Person
from scenarios.probe.probe import SIGNUP
from scenarios.probe.prober import require_success
from simulator.errors import Misbehaved, TargetError
from simulator.units import FOREVER
from tests.cases.odd_server import ANSWERS, ENDLESS, RESETS, odd_server
from tests.end_to_end.command import python

S, MS = 1_000_000_000, 1_000_000
HEARD = "HEAD /head-with-length"

OK, SAYS_A = {"ok": 1}, {"a": 1}
SERVED: dict[str, tuple[int, dict[str, Any]]] = {
    "ok": (200, OK),
    **dict.fromkeys(["204", "204-gzip", "204-br"], (204, {})),
    **dict.fromkeys(["200-gzip-empty", "200-deflate-empty", "200-br-empty"], (200, {})),
    **dict.fromkeys(["gzip", "gzip-upper-case", "x-gzip", "gzip-twice", "gzip-in-two-lines", "gzip-members"], (200, OK)),
    **dict.fromkeys(["gzip-and-more", "gzip-identity", "deflate", "deflate-raw", "br"], (200, OK)),
    **dict.fromkeys([name for name in ANSWERS if name.startswith("unknown-")], (200, OK)),
    "zstd": (200, {}),
    "three-mebibytes": (200, {}),
    **dict.fromkeys(["chunked", "chunked-trailer"], (200, SAYS_A)),
    **dict.fromkeys(["length-none", "http-1.0", "extra-bytes", "three-answers"], (200, OK)),
    **dict.fromkeys(["no-reason", "header-latin-1", "header-long", "headers-many"], (200, OK)),
    **dict.fromkeys(["early-hints", "continue", "processing", "thousand-continues"], (200, OK)),
    "cookies-bad": (200, OK),
    "utf-16": (200, {"code": "\xe9"}),
    "deep": (200, {}),
}  # fmt: skip
FAILED = {
    "gzip-cut": "a body that is not gzip: it is cut short",
    "gzip-that-is-none": "a body that is not gzip",
    "gzip-wrong-sum": "a body that is not gzip",
    "deflate-cut": "a body that is not deflate: it is cut short",
    "br-cut": "a body that is not br: it is cut short",
    "br-that-is-none": "a body that is not br",
    "too-many-codings": "more than 5 nested encodings",
    **dict.fromkeys(["gzip-bomb", "gzip-bomb-twice", "br-bomb", "deflate-bomb", "seventeen-mebibytes"], "more than 16 MiB"),
    **dict.fromkeys(["endless-length", "endless-chunks"], "more than 16 MiB"),
    **dict.fromkeys(["chunked-bad", "chunked-negative"], "not HTTP"),
    **dict.fromkeys(["length-negative", "length-no-number", "lengths-differ"], "not HTTP"),
    **dict.fromkeys(["ssh", "no-http", "tls-alert", "status-0", "status-99999"], "not HTTP"),
    "header-nul": "not HTTP",
    **dict.fromkeys(["chunked-cut", "length-cut", "header-cut"], "ended in the middle"),
    "nothing": "closed without an answer",
    "reset": "connection reset",
    **dict.fromkeys(["header-too-long", "endless-header"], "too long a header"),
}  # fmt: skip
STATUSES = {
    "status-999": 999, "upgrade": 101, "charset-zlib": 500, "binary-503": 503, "redirect": 301,
    "redirect-away": 302, "redirect-nowhere": 307, "redirect-latin-1": 308,
}  # fmt: skip
AGAIN_NS = {
    **dict.fromkeys(["retry-date", "retry-date-850", "retry-date-asctime", "retry-2"], 2 * S),
    **dict.fromkeys(["retry-twice", "retry-list"], 2 * S),
    "retry-fraction": 1500 * MS,
    **dict.fromkeys(["retry-huge", "retry-digits"], FOREVER),
    **dict.fromkeys(["retry-past", "retry-0", "retry-negative", "retry-infinite"], None),
    "retry-words": None,
}
SERVICE_NS = {
    "timing": 20_500_000,
    **dict.fromkeys(["timing-hyphen-first", "timing-hyphen-last", "timing-lines"], 20 * MS),
    **dict.fromkeys(["timing-quoted", "timing-case"], 20 * MS),
    **dict.fromkeys(["timing-no-duration", "timing-absurd", "timing-other-dur"], None),
    "chunked-trailer": None,
}
ALONE = ("endless-continues", "length-twice", "header-folded")
"""Of which the two libraries below us make different things, each within its bounds."""
AFTERWARDS = ("extra-bytes", "three-answers")
"""What follows an answer is dropped by a visitor; httpx takes it for the next one."""

Heard = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with odd_server() as url:
        yield url


@pytest.fixture(scope="module")
def heard(url: str) -> Heard:
    """What a visitor makes of each answer, the first time and again; all in one process of Locust."""
    paths = [f"/{name}" for name in (*ANSWERS, *ENDLESS, RESETS, "cookie")]
    paths.remove("/head-with-length")
    ran = python("-m", "tests.cases.visits", url, *paths, HEARD, cwd=Path(__file__).parents[2])
    assert ran.returncode == 0, ran.stderr
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return {path.removeprefix("/"): found for path, *found in lines}


def test_every_answer_has_its_line() -> None:
    told = {*SERVED, *FAILED, *STATUSES, *AGAIN_NS, *SERVICE_NS, *ALONE}
    apart = {"half-a-letter", "head-with-length", "retry-date-no-clock"}
    assert told | apart == {*ANSWERS, *ENDLESS, RESETS}


@pytest.mark.parametrize("name", SERVED)
def test_a_visitor_is_served(heard: Heard, name: str) -> None:
    for found in heard[name]:
        assert (found["status"], found["body"], found["error"]) == (*SERVED[name], "")


@pytest.mark.parametrize("name", FAILED)
def test_a_visitors_attempt_fails(heard: Heard, name: str) -> None:
    for found in heard[name]:
        assert (found["status"], found["error"], found["timed_out"]) == (0, FAILED[name], False)


@pytest.mark.parametrize("name", STATUSES)
def test_a_visitor_sees_the_status(heard: Heard, name: str) -> None:
    assert [found["status"] for found in heard[name]] == [STATUSES[name]] * 2


@pytest.mark.parametrize("name", AGAIN_NS)
def test_when_a_visitor_is_asked_to_come_back(heard: Heard, name: str) -> None:
    assert [found["again_ns"] for found in heard[name]] == [AGAIN_NS[name]] * 2


def test_a_date_without_the_servers_clock_is_read_by_ours(heard: Heard) -> None:
    """An hour ahead when it was written, in whole seconds; the answer took its time to be read."""
    for found in heard["retry-date-no-clock"]:
        assert 3600 - 1 - found["took_s"] - 1 < found["again_ns"] / S <= 3600


@pytest.mark.parametrize("name", SERVICE_NS)
def test_how_long_the_server_says_it_took(heard: Heard, url: str, name: str) -> None:
    assert [found["service_ns"] for found in heard[name]] == [SERVICE_NS[name]] * 2
    told = durations_ns(ask(url, name).headers.get_list("server-timing"))
    assert told.get("service") == SERVICE_NS[name]


def test_a_cookie_of_a_refusal_is_kept(heard: Heard, url: str) -> None:
    assert [found["status"] for found in heard["cookie"]] == [403, 200]
    assert ask(url, "cookie").status_code == 200


def test_an_answer_without_a_body_has_none(heard: Heard, url: str) -> None:
    assert [found["status"] for found in heard[HEARD]] == [200, 200]
    assert ask(url, "head-with-length", "HEAD").content == b""


@pytest.mark.parametrize("name", ["half-a-letter", *ALONE])
def test_nothing_else_ends_a_session(heard: Heard, name: str) -> None:
    assert len(heard[name]) == 2
    assert not any(found["timed_out"] for found in heard[name])


# The probe


def ask(url: str, name: str, method: str = "POST", times: int = 2) -> httpx.Response:
    """The last of several answers to one client of the probe."""

    async def several() -> httpx.Response:
        async with bounded.client_of(check_target(url)) as client:
            answers = [await bounded.request(client, method, f"/{name}") for _ in range(times)]
            return answers[-1]

    return asyncio.run(several())


@pytest.mark.parametrize("name", sorted({*SERVED} - {*AFTERWARDS}))
def test_the_probe_measures_it(url: str, name: str) -> None:
    assert ask(url, name).status_code == SERVED[name][0]


@pytest.mark.parametrize("name", AFTERWARDS)
def test_the_probe_measures_the_first_of_it(url: str, name: str) -> None:
    assert ask(url, name, times=1).json() == OK


@pytest.mark.parametrize("name", FAILED)
def test_the_probe_says_what_is_wrong_with_it(url: str, name: str) -> None:
    with pytest.raises(TargetError, match=f"http://127.0.0.1:.*/{name} ") as raised:
        ask(url, name)
    assert raised.value.exit_code == 3
    assert "\n" not in str(raised.value)


def test_a_large_page_is_measured_and_not_kept(url: str) -> None:
    assert len(ask(url, "three-mebibytes").content) == KEPT_BYTES


@pytest.mark.parametrize(("name", "sentence"), [
    ("redirect", "answered 301, a redirect to /elsewhere: write redirects ="),
    ("redirect-away", r"answered 302, a redirect to …: write redirects ="),
    ("redirect-nowhere", r"answered 307, a redirect to ht!tp://\[bad: write redirects ="),
    ("redirect-latin-1", "answered 308, a redirect to /\xe9: write redirects ="),
    ("charset-zlib", "answered 500: unexpected status"),
    ("status-999", "answered 999: unexpected status"),
])  # fmt: skip
def test_the_probe_says_what_was_answered(url: str, name: str, sentence: str) -> None:
    with pytest.raises(Misbehaved, match=sentence):
        require_success(browser.heard(ask(url, name)), SIGNUP, Person.of("run", 1), ours=False)
