"""Lines of access logs as servers write them, and as somebody hostile makes them write."""

import io
import time
from datetime import UTC, datetime

import pytest

from scenarios.access_log import (
    LONGEST_LINE_BYTES,
    Hit,
    Skip,
    instant_s,
    lines_of,
    parse_instant,
    read_line,
)
from simulator.quantities import WrongQuantity

NOON = datetime(2023, 12, 14, 11, tzinfo=UTC)
"""Noon in Paris."""
NOON_S = round(NOON.timestamp())
AT = "[14/Dec/2023:12:00:00 +0100]"


def signup(method: str = "POST", path: str = "/signup", status: int = 201) -> Hit:
    return Hit(NOON_S, method, path, status)


@pytest.mark.parametrize(
    ("line", "hit"),
    [
        pytest.param(f'192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 512', signup(), id="common"),
        pytest.param(
            f'2001:db8::7 - ann {AT} "POST /signup HTTP/2.0" 201 - "https://x.test/" "Mozilla/5.0"',
            signup(),
            id="combined",
        ),
        pytest.param(
            f'x.test:443 192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 512 "-" "curl"',
            signup(),
            id="virtual host first",
        ),
        pytest.param(
            f'192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 512 "-" "curl" 0.031 "192.0.2.9"',
            signup(),
            id="fields of one's own at the end",
        ),
        pytest.param(
            f'192.0.2.7 - ann marie smith {AT} "POST /signup HTTP/1.1" 201 5',
            signup(),
            id="spaces in the user",
        ),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET /signup?email=ann@x.test#top HTTP/1.1" 200 5',
            signup("GET", status=200),
            id="the query is dropped",
        ),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET https://ann:pw@x.test/signup?plan=2 HTTP/1.1" 200 5',
            signup("GET", status=200),
            id="a whole address",
        ),
        pytest.param(f'192.0.2.7 - - {AT} "GET /" 200 5', signup("GET", "/", 200), id="HTTP/0.9"),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET /a b HTTP/1.1" 404 5',
            signup("GET", "/a b", 404),
            id="a space in the path",
        ),
        pytest.param(
            rf'192.0.2.7 - - {AT} "GET /\" 200 1 HTTP/1.1" 404 5',
            signup("GET", r"/\" 200 1", 404),
            id="an escaped quote ends nothing",
        ),
        pytest.param(
            rf'192.0.2.7 - - {AT} "GET /\\ HTTP/1.1" 404 5',
            signup("GET", r"/\\", 404),
            id="an escaped backslash escapes nothing",
        ),
        pytest.param(
            rf"192.0.2.7 - [01/Jan/2000:00:00:00 +0000] \"GET /no HTTP/1.1\" {AT} "
            r'"POST /signup HTTP/1.1" 201 5',
            signup(),
            id="a user called like a request",
        ),
        pytest.param(
            rf'192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 5 "-" "\" {AT} \"GET /no\" 200"',
            signup(),
            id="an agent called like a request",
        ),
        pytest.param("", Skip.FORMAT, id="empty"),
        pytest.param("# Fields: c-ip cs-method", Skip.FORMAT, id="another format"),
        pytest.param(f'192.0.2.7 - - {AT} "POST /signup HTTP/1.1', Skip.FORMAT, id="broken off"),
        pytest.param(f'192.0.2.7 - - {AT} "GET / HTTP/1.1" OK 5', Skip.FORMAT, id="no status"),
        pytest.param(f'192.0.2.7 - - {AT} "GET / HTTP/1.1" 999 5', Skip.FORMAT, id="status 999"),
        pytest.param(f'192.0.2.7 - - {AT} "GET / HTTP/1.1" 2001 5', Skip.FORMAT, id="status 2001"),
        pytest.param(
            '192.0.2.7 - - [31/Feb/2023:12:00:00 +0100] "GET / HTTP/1.1" 200 5',
            Skip.FORMAT,
            id="no such day",
        ),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET /\N{ARABIC-INDIC DIGIT ONE} HTTP/1.1" ٢٠٠ 5',
            Skip.FORMAT,
            id="digits of another script",
        ),
        pytest.param(
            rf'192.0.2.7 - - {AT} "\x16\x03\x01" 400 5', Skip.REQUEST, id="no HTTP at all"
        ),
        pytest.param(f'192.0.2.7 - - {AT} "-" 408 5', Skip.REQUEST, id="nothing was sent"),
        pytest.param(f'192.0.2.7 - - {AT} "OPTIONS * HTTP/1.1" 200 5', Skip.REQUEST, id="star"),
        pytest.param(
            f'192.0.2.7 - - {AT} "CONNECT 192.0.2.9:443 HTTP/1.1" 405 5',
            Skip.REQUEST,
            id="the address of a tunnel",
        ),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET http://[ HTTP/1.1" 400 5', Skip.REQUEST, id="half an address"
        ),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET /\x1b[2J HTTP/1.1" 400 5', Skip.REQUEST, id="raw control"
        ),
    ],
)
def test_what_a_line_tells(line: str, hit: Hit | Skip) -> None:
    assert read_line(line) == hit


@pytest.mark.parametrize(
    ("hostile", "expected"),
    [
        pytest.param(f'a - - {AT} "' + "\\" * LONGEST_LINE_BYTES, Skip.FORMAT, id="backslashes"),
        pytest.param("a - - " + f"{AT} " * 2000, Skip.FORMAT, id="instants"),
        pytest.param("a - - " + f'{AT} "' * 2000, Skip.FORMAT, id="beginnings of requests"),
        pytest.param(" " * LONGEST_LINE_BYTES, Skip.FORMAT, id="spaces"),
        pytest.param(
            f'a - - {AT} "GET /' + " HTTP/1" * 9000 + '" 200 0',
            signup("GET", "/" + " HTTP/1" * 8999, 200),
            id="versions",
        ),
    ],
)
def test_a_line_that_is_made_to_be_slow_is_read_in_its_own_length(
    hostile: str, expected: Hit | Skip
) -> None:
    """Looking back from each character would take minutes of a processor; this takes far less."""
    started_ns = time.thread_time_ns()
    assert read_line(hostile) == expected
    assert time.thread_time_ns() - started_ns < 1e9


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("14/Dec/2023:12:00:00 +0100", NOON, id="east"),
        pytest.param("14/Dec/2023:03:00:00 -0800", NOON, id="west"),
        pytest.param("14/Dec/2023:16:45:00 +0545", NOON, id="a quarter of an hour"),
        pytest.param(
            "29/Oct/2023:02:30:00 +0200", datetime(2023, 10, 29, 0, 30, tzinfo=UTC), id="summer"
        ),
        pytest.param(
            "29/Oct/2023:02:30:00 +0100",
            datetime(2023, 10, 29, 1, 30, tzinfo=UTC),
            id="an hour later, in winter",
        ),
        pytest.param(
            "31/Dec/2016:23:59:60 +0000", datetime(2017, 1, 1, tzinfo=UTC), id="a leap second"
        ),
        pytest.param("14/Dez/2023:12:00:00 +0100", None, id="another language"),
        pytest.param("14/Dec/2023:24:00:00 +0100", None, id="hour 24"),
        pytest.param("14/Dec/2023:12:00:61 +0100", None, id="second 61"),
        pytest.param("14/Dec/2023:12:00:00 +9900", None, id="no such offset"),
    ],
)
def test_an_instant_has_its_offset_with_it(text: str, instant: datetime | None) -> None:
    expected = None if instant is None else round(instant.timestamp())
    assert instant_s(text) == expected


def test_lines_have_an_end_and_a_longest_one() -> None:
    log = b"one\r\ntwo\n" + b"x" * (3 * LONGEST_LINE_BYTES) + b"\nfour \xff\nfive"
    found = list(lines_of(io.BytesIO(log)))
    assert found == [
        "one",
        "two",
        "x" * LONGEST_LINE_BYTES,
        "four \N{REPLACEMENT CHARACTER}",
        "five",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2023-12-14T12:00:00+01:00",
        "2023-12-14T11:00:00Z",
        "2023-12-14 12:00 Europe/Paris",
        "2023-12-14T06:00:00 America/New_York",
    ],
)
def test_an_instant_as_people_write_it(text: str) -> None:
    assert parse_instant(text) == NOON_S


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("noon", "is not an instant", id="a word"),
        pytest.param("2023-12-14T12:00:00", "an instant in every time zone", id="no zone"),
        pytest.param("2023-12-14T12:00 Europe/Pars", "has no time zone", id="unknown zone"),
        pytest.param("2023-12-14T12:00 ../../etc/passwd", "has no time zone", id="a file"),
        pytest.param("2023-12-14T12:00+01:00 Europe/Paris", "an offset and a", id="both"),
        pytest.param("2023-12-14T12:00:00.5Z", "finer than a second", id="half a second"),
        pytest.param("2023-03-26T02:30 Europe/Paris", "was skipped by the clocks", id="in spring"),
        pytest.param("2023-10-29T02:30 Europe/Paris", "came twice there", id="in autumn"),
    ],
)
def test_an_instant_that_is_none_or_two(text: str, problem: str) -> None:
    with pytest.raises(WrongQuantity, match=problem):
        parse_instant(text)
