"""Lines of text: the common and the combined format, and all that writes an instant and "a request".

::

    host ident user [10/Oct/2000:13:55:36 -0700] "GET /signup?plan=2 HTTP/1.1" 200 2326 "from" "with"
    [2018-08-14T23:08:23.803Z] "GET /server_info HTTP/1.1" 200 - 0 92 6 ...                    Envoy
    https 2020-04-09T23:51:41.309191Z app/lb/1 192.0.2.4:238 ... 200 200 448 348 "POST ..."  AWS ALB
    192.0.2.4:238 [06/Feb/2009:12:14:14.655] in web/one 10/0/30/69/109 200 2750 ... "GET /"  HAProxy

What stands before the instant and after the status is not needed: lists of proxies, users that are
empty or missing, what syslog, Docker Compose, Kubernetes and journald put first, and the fields that
somebody appends. Where they are known, the host that asked and how long it took are told as well: nginx
has no format of its own with a duration, so ``rt=0.123``, ``request_time=0.123`` and one number of three
decimals at the end of the line are taken for its $request_time, which is what people append.
Servers escape quotes and control characters with a backslash, and so they stay: a path is told as
the log writes it. Some do not escape, so a request also ends at its version.

Source: Apache HTTP Server 2.4, mod_log_config, "Custom Log Formats"; nginx, ngx_http_log_module;
Envoy, "Access logging", default format string; HAProxy, "HTTP log format"; Elastic Load Balancing, "Access log entries";
RFC 3164 and RFC 5424.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from zoneinfo import ZoneInfo

from scenarios.recording.logs.beside import balanced_beside, beside
from scenarios.recording.logs.hit import UNKNOWN, Hit, Skip, asked, status_of
from scenarios.recording.logs.instants import instant_ns

ESCAPED = r'(?:[^"\\]|\\.)'
"""Any character but a quote, or a backslash and what it escapes."""
BRACKETED = re.compile(r"\[ ?([0-9][0-9A-Za-z/:.,+\- ]{9,38})\]", re.ASCII)
MOST_INSTANTS = 8
"""Of a line; one that has more is made to be slow."""
REQUEST_NEXT = re.compile(rf' "({ESCAPED}*+)"(?:\s|$)', re.DOTALL)
STATUS_NEXT = re.compile(r'\s*"?([^\s"]+)')
UNESCAPED = re.compile(
    r' ?"([A-Z][A-Z_-]* \S[^\x00-\x1f]*? HTTP/[0-9.]+)"(?: ([0-9]{1,3}|-)(?:\s|$)|$)', re.ASCII
)
"""A request within which quotes are not escaped: its version ends it."""
LATER = re.compile(r'"([A-Z][A-Z_-]* \S(?:[^"\\]|\\.)*+)"', re.DOTALL)
"""A request that other fields stand before."""
VERSION = re.compile(r"HTTP/[0-9.]+$", re.ASCII)

PROXIED = re.compile(
    rf" \S+ [^\s/]+/\S+ [0-9+/-]+ (-1|[0-9]{{3}}) .*?\"({ESCAPED}*+)\"?$", re.ASCII | re.DOTALL
)
"""What HAProxy writes behind the instant; a long request is cut off."""

BALANCED = re.compile(
    r"(?:(?:http|https|h2|grpcs|ws|wss) )?"
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z) \S+ (\S+):[0-9]+ \S+ ([0-9.-]+) ([0-9.-]+) ([0-9.-]+)"
    rf' ([0-9]{{1,3}}|-) \S+ [0-9-]+ [0-9-]+ "({ESCAPED}*+)"(.*)',
    re.ASCII | re.DOTALL,
)
CREATED = re.compile(
    rf' "{ESCAPED}*+" \S+ \S+ \S+ "{ESCAPED}*+" "{ESCAPED}*+" "{ESCAPED}*+" [0-9-]+ ([0-9-]+T\S+Z)',
    re.DOTALL,
)
"""Behind the request of an application load balancer: when it came, where the first instant is
when it was answered."""

SQUID = re.compile(
    r"[0-9]{9,10}\.[0-9]{1,3} +-?[0-9]+ \S+ [A-Z_]+/[0-9]{3} [0-9]+ [A-Z_-]+ \S+ \S+(?: \S+)*$",
    re.ASCII,
)
NETWORK = r"tls [0-9.]+ [0-9-]{10}T[0-9:.]+Z? net/\S+ \S+ \S+:[0-9]+ \S+:[0-9]+ "
TCP_LOG = (
    r"(?:.* )?\S+:[0-9]+ \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:.]+\]"
    r" \S+ [^\s/]+/\S+ [0-9+/-]+ \+?[0-9]+ [A-Za-z-]{2} [0-9]+(?:/\+?[0-9]+){4} [0-9]+/[0-9]+$"
)
RECOGNISED = {
    Skip.SQUID: SQUID,
    Skip.CONNECTION: re.compile(f"{NETWORK}|{TCP_LOG}", re.ASCII),
}
"""What is known and cannot be read, and how a line of it looks.

Source: Squid, "logformat" (squid); Elastic Load Balancing, "Access logs for your Network Load
Balancer"; HAProxy, "TCP log format".
"""


def read_text(line: str, zone: ZoneInfo | None = None) -> Hit | Skip:
    """What a line tells, or why it tells nothing.

    >>> read_text('::1 - ann [14/Dec/2023:12:00:00 +0100] "GET /signup?plan=2 HTTP/1.1" 200 512')
    Hit(at_ns=1702551600000000000, method='GET', path='/signup', status=200)
    """
    quotes = place = 0
    first: tuple[str, str, str] | None = None
    around = (0, 0)
    for found in islice(BRACKETED.finditer(line), MOST_INSTANTS):
        # An instant within quotes belongs to what somebody sent.
        quotes += unescaped_quotes(line, place, found.start())
        place = found.start()
        if quotes % 2 == 0 and (told := _at(line, found.end())):
            if first:
                return Skip.SEVERAL
            first, around = (found[1], *told), found.span()
    if first:
        hit = _hit(*first, zone)
        return replace(hit, **beside(line, *around)) if isinstance(hit, Hit) else hit
    if balanced := BALANCED.fullmatch(line):
        at, client, *took, status, request, rest = balanced.groups()
        created = CREATED.match(rest)
        hit = _hit(created[1] if created else at, request, status, zone)
        aside = balanced_beside(client, took, answered=created is None)
        return replace(hit, **aside) if isinstance(hit, Hit) else hit
    return next((why for why, is_so in RECOGNISED.items() if is_so.match(line)), Skip.FORMAT)


def unescaped_quotes(line: str, begin: int, end: int) -> int:
    part = line[begin:end]
    return part.count('"') - part.count('\\"')


def _at(line: str, place: int) -> tuple[str, str] | None:
    """Request and status behind an instant."""
    strict = REQUEST_NEXT.match(line, place)
    if strict and (status := _status(line, strict.end(1) + 1)) is not None:
        return strict[1], status
    if proxied := PROXIED.match(line, place):
        return proxied[2], proxied[1]
    if unescaped := UNESCAPED.match(line, place):
        return unescaped[1], unescaped[2] or "-"
    if strict and asked(strict[1]):
        return None
    for later in LATER.finditer(line, place):
        if VERSION.search(later[1]):
            status = _status(line, later.end())
            return None if status is None or not line[later.end() :].strip() else (later[1], status)
    return None


def _status(line: str, place: int) -> str | None:
    """The status that comes next; a dash where the line ends; None where something else comes."""
    if line[place:].isspace() or place >= len(line):
        return "-"
    found = STATUS_NEXT.match(line, place)
    return found[1] if found and status_of(found[1]) is not None else None


def _hit(at: str, request: str, status: str, zone: ZoneInfo | None) -> Hit | Skip:
    at_ns = instant_ns(at, zone)
    if isinstance(at_ns, Skip):
        return at_ns
    found = asked(request)
    if found is None:
        return Skip.REQUEST
    return Hit(at_ns, found.method, found.path, status_of(status) or UNKNOWN, query=found.query)
