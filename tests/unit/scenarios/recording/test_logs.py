"""Lines of access logs as servers write them, and as somebody hostile makes them write."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scenarios.recording.logs.hit import Hit, Skip
from scenarios.recording.logs.instants import instant_ns, parse_instant
from scenarios.recording.logs.lines import LONGEST_LINE_BYTES
from scenarios.recording.logs.reader import Reader
from simulator.text.quantities import WrongQuantity
from simulator.units import NS_PER_S

NOON = datetime(2023, 12, 14, 11, tzinfo=UTC)
"""Noon in Paris."""
NOON_S = round(NOON.timestamp())
AT = "[14/Dec/2023:12:00:00 +0100]"


def read_line(line: str) -> Hit | Skip:
    return Reader().read_text(line)


def signup(method: str = "POST", path: str = "/signup", status: int = 201) -> Hit:
    return Hit(NOON_S * NS_PER_S, method, path, status)


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
        pytest.param("", Skip.EMPTY, id="empty"),
        pytest.param("#Fields: c-ip cs-method", Skip.EMPTY, id="a directive"),
        pytest.param(f'192.0.2.7 - - {AT} "POST /signup HTTP/1.1', Skip.FORMAT, id="broken off"),
        pytest.param(f'192.0.2.7 - - {AT} "GET / HTTP/1.1" OK 5', Skip.FORMAT, id="no status"),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET / HTTP/1.1" 999 5', signup("GET", "/", 999), id="status 999"
        ),
        pytest.param(
            f'192.0.2.7 - - {AT} "GET / HTTP/1.1" - 5', signup("GET", "/", 0), id="hung up early"
        ),
        pytest.param(f'192.0.2.7 - - {AT} "GET / HTTP/1.1" 2001 5', Skip.FORMAT, id="status 2001"),
        pytest.param(
            '192.0.2.7 - - [31/Feb/2023:12:00:00 +0100] "GET / HTTP/1.1" 200 5',
            Skip.INSTANT,
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
        pytest.param(f'{AT} "GET /' * 2000, Skip.FORMAT, id="beginnings of paths"),
        pytest.param(f"{AT} a " + "a/" * 16000, Skip.FORMAT, id="backends"),
        pytest.param(" " * LONGEST_LINE_BYTES, Skip.EMPTY, id="spaces"),
        pytest.param("{" * LONGEST_LINE_BYTES, Skip.FORMAT, id="objects"),
        pytest.param("x{" + '"log":{' * 9000, Skip.FORMAT, id="keys of objects"),
        pytest.param(
            f'a {AT} x "GET /a HTTP/1' + ' "GET /a HTTP/1.1' * 4000, Skip.FORMAT, id="requests"
        ),
        pytest.param(
            "h2 2018-07-02T22:22:48Z a b:1 c 0 0 0 200 200 0 0 " + '"a" ' * 16000,
            Skip.REQUEST,
            id="fields of a balancer",
        ),
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
        pytest.param("14/Dez/2023:12:00:00 +0100", Skip.INSTANT, id="another language"),
        pytest.param("14/Dec/2023:24:00:00 +0100", Skip.INSTANT, id="hour 24"),
        pytest.param("14/Dec/2023:12:00:61 +0100", Skip.INSTANT, id="second 61"),
        pytest.param("14/Dec/2023:12:00:00 +9900", Skip.INSTANT, id="no such offset"),
        pytest.param("14/Dec/2023:12:00:00", Skip.ZONE, id="no offset"),
        pytest.param("2023-12-14T12:00:00+01:00", NOON, id="ISO"),
        pytest.param("2023-12-14 11:00:00 UTC", NOON, id="ISO with a blank"),
        pytest.param(str(NOON_S), NOON, id="seconds since 1970"),
        pytest.param(f"{NOON_S}000", NOON, id="milliseconds"),
        pytest.param(f"{NOON_S}000000", NOON, id="microseconds"),
        pytest.param(f"{NOON_S}000000000", NOON, id="nanoseconds"),
        pytest.param("1.7025516e9", NOON, id="an exponent"),
        pytest.param("12", Skip.FORMAT, id="a small number"),
    ],
)
def test_an_instant_has_its_offset_with_it(text: str, instant: datetime | Skip) -> None:
    wanted = instant if isinstance(instant, Skip) else round(instant.timestamp()) * NS_PER_S
    assert instant_ns(text) == wanted


@pytest.mark.parametrize(
    ("text", "after_ns"),
    [
        pytest.param("14/Dec/2023:12:00:00.25 +0100", 250_000_000, id="common"),
        pytest.param("2023-12-14T11:00:00.123456789Z", 123_456_789, id="ISO"),
        pytest.param(f"{NOON_S}.0000001", 100, id="seconds"),
        pytest.param(f"{NOON_S}001.5", 1_500_000, id="milliseconds"),
    ],
)
def test_instants_are_taken_to_the_nanosecond(text: str, after_ns: int) -> None:
    assert instant_ns(text) == NOON_S * NS_PER_S + after_ns


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("2023-12-14T12:00:00", NOON, id="winter"),
        pytest.param("2023-03-26T02:30:00", Skip.TWICE, id="never: clocks went ahead"),
        pytest.param("2023-10-29T02:30:00", Skip.TWICE, id="twice: clocks went back"),
        pytest.param(
            "2023-10-29T02:30:00+02:00", datetime(2023, 10, 29, 0, 30, tzinfo=UTC), id="offset"
        ),
    ],
)
def test_an_instant_without_an_offset_is_of_the_zone_that_is_given(
    text: str, instant: datetime | Skip
) -> None:
    wanted = instant if isinstance(instant, Skip) else round(instant.timestamp()) * NS_PER_S
    assert instant_ns(text, ZoneInfo("Europe/Paris")) == wanted


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
