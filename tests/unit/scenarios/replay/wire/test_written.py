"""A request as bytes: nothing that a server could take for something else."""

import pytest

from scenarios.http.requests.sent import Sent
from scenarios.replay.child.wire.connection import Origin
from scenarios.replay.child.wire.faults import Broken
from scenarios.replay.child.wire.written import Usual, uri_of, written
from tests.examples import examples

HOME: Origin = ("http", "host", 80)
USUAL = Usual(HOME, {"User-Agent": "us", "Accept-Encoding": "gzip"})


def lines(sent: Sent, cookie: str = "") -> list[str]:
    head, _, _ = (
        written(sent, uri_of(sent.path), USUAL, cookie).decode("latin-1").partition("\r\n\r\n")
    )
    return head.split("\r\n")


def test_a_request_line_its_headers_and_its_body() -> None:
    sent = Sent(method="POST", path="/in", headers={"X-A": "\xe9"}, body=b"{}")
    assert written(sent, "/in", USUAL, "a=1; b=2") == (
        b"POST /in HTTP/1.1\r\nHost: host\r\nUser-Agent: us\r\nAccept-Encoding: gzip\r\n"
        b"X-A: \xe9\r\nCookie: a=1; b=2\r\nContent-Length: 2\r\n\r\n{}"
    )


def test_own_headers_win_however_they_are_written() -> None:
    own = {"user-AGENT": "mine", "HOST": "other", "content-length": "0"}
    told = lines(Sent(method="POST", path="/", headers=own))
    assert told == [
        "POST / HTTP/1.1",
        "Accept-Encoding: gzip",
        *(f"{k}: {v}" for k, v in own.items()),
    ]


def test_a_value_that_names_a_header_is_none() -> None:
    """Without a length the body would be taken for the next request on the connection."""
    sent = Sent(method="POST", path="/", headers={"X": "content-length: 9"}, body=b"abc")
    assert "Content-Length: 3" in lines(sent, cookie="seen=content-length")


def test_what_a_request_is_known_by_goes_to_the_server() -> None:
    sent = Sent(method="GET", path="/", headers={"X": "1"}, marks={"X-Request-Start": "t=7"})
    assert lines(sent)[-2:] == ["X: 1", "X-Request-Start: t=7"]


def test_cookies_are_shown_in_one_field() -> None:
    told = lines(Sent(method="GET", path="/", headers={"cookie": "gate=open"}), cookie="seat=7")
    assert [line for line in told if line.lower().startswith("cookie")] == [
        "cookie: gate=open; seat=7"
    ]


@examples("method,body,told",
    ("a form without fields", "POST", None, True), ("nothing to send", "GET", None, False),
    ("a search with a body", "GET", b"{}", True), ("deleted", "DELETE", None, False),
)  # fmt: skip
def test_a_length_is_told_where_one_is_expected(
    method: str, body: bytes | None, told: bool
) -> None:
    found = lines(Sent(method=method, path="/", body=body))
    assert (f"Content-Length: {len(body or b'')}" in found) is told


@examples("headers",
    ("a second header", {"X": "1\r\nY: 2"}), ("a line's end", {"X": "a\n"}), ("nothing", {"X": "\0"}),
    ("delete", {"X": "\x7f"}), ("no name", {"": "1"}), ("a name of two words", {"X A": "1"}),
)  # fmt: skip
def test_what_no_header_can_hold_is_not_sent(headers: dict[str, str]) -> None:
    with pytest.raises(Broken, match="a header cannot hold"):
        written(Sent(method="GET", path="/", headers=headers), "/", USUAL)


@examples("address,uri",
    ("a path", "/in/7?a=b&c=%20", "/in/7?a=b&c=%20"), ("an anchor", "/in#top", "/in"),
    ("not quoted", "/\xe9 x", "/%C3%A9%20x"), ("half quoted", "/100%/%7e", "/100%/~"),
    ("two slashes", "//in", "//in"), ("an address", "https://h:1/in?q=1#x", "/in?q=1"),
    ("no path", "http://h?q=1", "/?q=1"), ("no path at all", "http://h", "/"),
    ("an address within", "/to?url=http://x/y", "/to?url=http://x/y"), ("a parameter", "/a;b=c", "/a;b=c"),
)  # fmt: skip
def test_what_the_request_line_says(address: str, uri: str) -> None:
    assert uri_of(address) == uri


@examples("origin,host",
    ("the usual port", ("http", "host", 80), "host"), ("another", ("http", "host", 8080), "host:8080"),
    ("of the other scheme", ("http", "host", 443), "host:443"), ("secure", ("https", "host", 443), "host"),
    ("six", ("https", "::1", 8443), "[::1]:8443"),
)  # fmt: skip
def test_the_name_that_is_asked_for(origin: Origin, host: str) -> None:
    assert Usual(origin, {}).host == host
