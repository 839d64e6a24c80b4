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
from tests.examples import examples

NOON = datetime(2023, 12, 14, 11, tzinfo=UTC)
"""Noon in Paris."""
NOON_S = round(NOON.timestamp())
AT = "[14/Dec/2023:12:00:00 +0100]"


def read_line(line: str) -> Hit | Skip:
    return Reader().read_text(line)


def signup(method: str = "POST", path: str = "/signup", status: int = 201) -> Hit:
    return Hit(NOON_S * NS_PER_S, method, path, status)


@examples("line, hit",
    ("common", f'192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 512', signup()),
    ("combined", f'2001:db8::7 - ann {AT} "POST /signup HTTP/2.0" 201 - "https://x.test/" "Mozilla/5.0"', signup()),
    ("virtual host first", f'x.test:443 192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 512 "-" "curl"', signup()),
    ("fields of one's own at the end", f'192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 512 "-" "curl" 0.031 "192.0.2.9"', signup()),
    ("spaces in the user", f'192.0.2.7 - ann marie smith {AT} "POST /signup HTTP/1.1" 201 5', signup()),
    ("the query is dropped", f'192.0.2.7 - - {AT} "GET /signup?email=ann@x.test#top HTTP/1.1" 200 5', signup("GET", status=200)),
    ("a whole address", f'192.0.2.7 - - {AT} "GET https://ann:pw@x.test/signup?plan=2 HTTP/1.1" 200 5', signup("GET", status=200)),
    ("HTTP/0.9", f'192.0.2.7 - - {AT} "GET /" 200 5', signup("GET", "/", 200)),
    ("a space in the path", f'192.0.2.7 - - {AT} "GET /a b HTTP/1.1" 404 5', signup("GET", "/a b", 404)),
    ("an escaped quote ends nothing", rf'192.0.2.7 - - {AT} "GET /\" 200 1 HTTP/1.1" 404 5', signup("GET", r"/\" 200 1", 404)),
    ("an escaped backslash escapes nothing", rf'192.0.2.7 - - {AT} "GET /\\ HTTP/1.1" 404 5', signup("GET", r"/\\", 404)),
    ("a user called like a request",
     (rf"192.0.2.7 - [01/Jan/2000:00:00:00 +0000] \"GET /no HTTP/1.1\" {AT} "
      r'"POST /signup HTTP/1.1" 201 5'),
     signup()),
    ("an agent called like a request", rf'192.0.2.7 - - {AT} "POST /signup HTTP/1.1" 201 5 "-" "\" {AT} \"GET /no\" 200"', signup()),
    ("empty", "", Skip.EMPTY),
    ("a directive", "#Fields: c-ip cs-method", Skip.EMPTY),
    ("broken off", f'192.0.2.7 - - {AT} "POST /signup HTTP/1.1', Skip.FORMAT),
    ("no status", f'192.0.2.7 - - {AT} "GET / HTTP/1.1" OK 5', Skip.FORMAT),
    ("status 999", f'192.0.2.7 - - {AT} "GET / HTTP/1.1" 999 5', signup("GET", "/", 999)),
    ("hung up early", f'192.0.2.7 - - {AT} "GET / HTTP/1.1" - 5', signup("GET", "/", 0)),
    ("status 2001", f'192.0.2.7 - - {AT} "GET / HTTP/1.1" 2001 5', Skip.FORMAT),
    ("no such day", '192.0.2.7 - - [31/Feb/2023:12:00:00 +0100] "GET / HTTP/1.1" 200 5', Skip.INSTANT),
    ("digits of another script", f'192.0.2.7 - - {AT} "GET /\N{ARABIC-INDIC DIGIT ONE} HTTP/1.1" ٢٠٠ 5', Skip.FORMAT),
    ("no HTTP at all", rf'192.0.2.7 - - {AT} "\x16\x03\x01" 400 5', Skip.REQUEST),
    ("nothing was sent", f'192.0.2.7 - - {AT} "-" 408 5', Skip.REQUEST),
    ("star", f'192.0.2.7 - - {AT} "OPTIONS * HTTP/1.1" 200 5', Skip.REQUEST),
    ("the address of a tunnel", f'192.0.2.7 - - {AT} "CONNECT 192.0.2.9:443 HTTP/1.1" 405 5', Skip.REQUEST),
    ("half an address", f'192.0.2.7 - - {AT} "GET http://[ HTTP/1.1" 400 5', Skip.REQUEST),
    ("raw control", f'192.0.2.7 - - {AT} "GET /\x1b[2J HTTP/1.1" 400 5', Skip.REQUEST),
    ("raw turn", f'192.0.2.7 - - {AT} "GET /\u202e HTTP/1.1" 400 5', Skip.REQUEST),
)  # fmt: skip
def test_what_a_line_tells(line: str, hit: Hit | Skip) -> None:
    assert read_line(line) == hit


@examples("hostile, expected",
    ("backslashes", f'a - - {AT} "' + "\\" * LONGEST_LINE_BYTES, Skip.FORMAT),
    ("instants", "a - - " + f"{AT} " * 2000, Skip.FORMAT),
    ("beginnings of requests", "a - - " + f'{AT} "' * 2000, Skip.FORMAT),
    ("beginnings of paths", f'{AT} "GET /' * 2000, Skip.FORMAT),
    ("backends", f"{AT} a " + "a/" * 16000, Skip.FORMAT),
    ("spaces", " " * LONGEST_LINE_BYTES, Skip.EMPTY),
    ("objects", "{" * LONGEST_LINE_BYTES, Skip.FORMAT),
    ("keys of objects", "x{" + '"log":{' * 9000, Skip.FORMAT),
    ("requests", f'a {AT} x "GET /a HTTP/1' + ' "GET /a HTTP/1.1' * 4000, Skip.FORMAT),
    ("fields of a balancer", "h2 2018-07-02T22:22:48Z a b:1 c 0 0 0 200 200 0 0 " + '"a" ' * 16000, Skip.REQUEST),
    ("versions", f'a - - {AT} "GET /' + " HTTP/1" * 9000 + '" 200 0', signup("GET", "/" + " HTTP/1" * 8999, 200)),
)  # fmt: skip
def test_a_line_that_is_made_to_be_slow_is_read_in_its_own_length(
    hostile: str, expected: Hit | Skip
) -> None:
    """Looking back from each character would take minutes of a processor; this takes far less."""
    started_ns = time.thread_time_ns()
    assert read_line(hostile) == expected
    assert time.thread_time_ns() - started_ns < 1e9


@examples("text, instant",
    ("east", "14/Dec/2023:12:00:00 +0100", NOON),
    ("west", "14/Dec/2023:03:00:00 -0800", NOON),
    ("a quarter of an hour", "14/Dec/2023:16:45:00 +0545", NOON),
    ("summer", "29/Oct/2023:02:30:00 +0200", datetime(2023, 10, 29, 0, 30, tzinfo=UTC)),
    ("an hour later, in winter", "29/Oct/2023:02:30:00 +0100", datetime(2023, 10, 29, 1, 30, tzinfo=UTC)),
    ("a leap second", "31/Dec/2016:23:59:60 +0000", datetime(2017, 1, 1, tzinfo=UTC)),
    ("another language", "14/Dez/2023:12:00:00 +0100", Skip.INSTANT),
    ("hour 24", "14/Dec/2023:24:00:00 +0100", Skip.INSTANT),
    ("second 61", "14/Dec/2023:12:00:61 +0100", Skip.INSTANT),
    ("no such offset", "14/Dec/2023:12:00:00 +9900", Skip.INSTANT),
    ("no offset", "14/Dec/2023:12:00:00", Skip.ZONE),
    ("no time at all, as Go writes it", "0001-01-01T00:00:00Z", Skip.INSTANT),
    ("the first instant of all, further east", "01/Jan/0001:00:00:00 +0100", Skip.INSTANT),
    ("the last one of all, further west", "9999-12-31T23:59:59-08:00", Skip.INSTANT),
    ("a clock that was never set", "1970-01-01T00:00:07Z", Skip.INSTANT),
    ("ISO", "2023-12-14T12:00:00+01:00", NOON),
    ("ISO with a blank", "2023-12-14 11:00:00 UTC", NOON),
    ("seconds since 1970", str(NOON_S), NOON),
    ("milliseconds", f"{NOON_S}000", NOON),
    ("microseconds", f"{NOON_S}000000", NOON),
    ("nanoseconds", f"{NOON_S}000000000", NOON),
    ("an exponent", "1.7025516e9", NOON),
    ("a small number", "12", Skip.FORMAT),
)  # fmt: skip
def test_an_instant_has_its_offset_with_it(text: str, instant: datetime | Skip) -> None:
    wanted = instant if isinstance(instant, Skip) else round(instant.timestamp()) * NS_PER_S
    assert instant_ns(text) == wanted


@examples("text, after_ns",
    ("common", "14/Dec/2023:12:00:00.25 +0100", 250_000_000),
    ("ISO", "2023-12-14T11:00:00.123456789Z", 123_456_789),
    ("seconds", f"{NOON_S}.0000001", 100),
    ("milliseconds", f"{NOON_S}001.5", 1_500_000),
)  # fmt: skip
def test_instants_are_taken_to_the_nanosecond(text: str, after_ns: int) -> None:
    assert instant_ns(text) == NOON_S * NS_PER_S + after_ns


@examples("text, instant",
    ("winter", "2023-12-14T12:00:00", NOON),
    ("never: clocks went ahead", "2023-03-26T02:30:00", Skip.TWICE),
    ("twice: clocks went back", "2023-10-29T02:30:00", Skip.TWICE),
    ("before there were zones", "01/Jan/0001:00:00:00", Skip.INSTANT),
    ("after all of them", "9999-12-31T23:59:59", Skip.INSTANT),
    ("offset", "2023-10-29T02:30:00+02:00", datetime(2023, 10, 29, 0, 30, tzinfo=UTC)),
)  # fmt: skip
def test_an_instant_without_an_offset_is_of_the_zone_that_is_given(
    text: str, instant: datetime | Skip
) -> None:
    wanted = instant if isinstance(instant, Skip) else round(instant.timestamp()) * NS_PER_S
    assert instant_ns(text, ZoneInfo("Europe/Paris")) == wanted


@pytest.mark.parametrize("text", [
    "2023-12-14T12:00:00+01:00", "2023-12-14T11:00:00Z", "2023-12-14 12:00 Europe/Paris",
    "2023-12-14T06:00:00 America/New_York",
])  # fmt: skip
def test_an_instant_as_people_write_it(text: str) -> None:
    assert parse_instant(text) == NOON_S


@examples("text, problem",
    ("a word", "noon", "is not a date and time"),
    ("no zone", "2023-12-14T12:00:00", "has no time zone"),
    ("unknown zone", "2023-12-14T12:00 Europe/Pars", "has an unknown time zone"),
    ("a file", "2023-12-14T12:00 ../../etc/passwd", "has an unknown time zone"),
    ("both", "2023-12-14T12:00+01:00 Europe/Paris", "an offset and a"),
    ("half a second", "2023-12-14T12:00:00.5Z", "finer than a second"),
    ("in spring", "2023-03-26T02:30 Europe/Paris", "the clocks skipped it"),
    ("in autumn", "2023-10-29T02:30 Europe/Paris", "occurs twice there"),
    ("no year of ours", "0001-01-01T00:00:00+05:00", "is in the year 1"),
    ("no year of ours there", "9999-12-31T23:59 America/New_York", "is in the year 9999"),
)  # fmt: skip
def test_an_instant_that_is_none_or_two(text: str, problem: str) -> None:
    with pytest.raises(WrongQuantity, match=problem):
        parse_instant(text)
