"""What a line of text tells beside its request: which host asked, and how long it took.

::

    192.0.2.7 - ann [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 2326 "-" "curl" rt=0.123     nginx
    [2018-08-14T23:08:23.803Z] "GET /server_info HTTP/1.1" 200 - 0 92 6 5 "192.0.2.7" ...         Envoy
    192.0.2.4:238 [06/Feb/2009:12:14:14.655] in web/one 10/0/30/69/109 200 2750 ... "GET /"     HAProxy

nginx writes its line when it has answered, so its instant is that of the answer; that of the others is
when the request came.

Source: nginx, ngx_http_log_module ($request_time: seconds, with a resolution of milliseconds); Envoy,
"Access logging" (%DURATION%: milliseconds); HAProxy, "HTTP log format" (Ta: milliseconds); Elastic Load
Balancing, "Access log entries" (seconds, -1 where there was none).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypedDict

from scenarios.recording.logs.hit import bytes_of, client_of, took_of

MS, S = 1e6, 1e9
ASKED_BY = re.compile(r"(?:^|\s)(\S+) \S+ \S* ?$")
"""Host, ident and user, before the instant."""
PORT = re.compile(r"(?:^|\s)(\S+):[0-9]+ $", re.ASCII)
TIMERS = re.compile(r" \S+ [^\s/]+/\S+ [0-9+/-]*?\+?([0-9]+) (?:-1|[0-9]{3}) ", re.ASCII)
FLAGGED = re.compile(r' "[^"]*" [0-9]{1,3} \S+ [0-9]+ [0-9]+ ([0-9]+)(?: |$)', re.ASCII)
SIZE = re.compile(r' "[^"]*" [0-9]{3} ([0-9]+)(?: "|\s*$)', re.ASCII)
"""Of the common and the combined format: behind the status, and before the referrer or nothing."""
KEYED = re.compile(r'(?:^|[\s",;])(?:rt|request_time|req_time)[=:]"?([0-9.]+)', re.ASCII)
AT_THE_END = re.compile(r'["0-9-] "?([0-9]+\.[0-9]{3})"?\s*$', re.ASCII)


class Beside(TypedDict, total=False):
    """What is known of a :class:`scenarios.recording.logs.hit.Hit`."""

    took_ns: int | None
    client: int
    answered: bool
    n_bytes: int | None


def beside(line: str, begin: int, end: int) -> Beside:
    """What stands before the instant, which is ``line[begin:end]``, and behind the status."""
    before, after = line[:begin], line[end:]
    host = PORT.search(before) or ASKED_BY.search(before)
    size = SIZE.match(after)
    told = Beside(
        client=client_of(host[1] if host else None), n_bytes=bytes_of(size[1]) if size else None
    )
    for pattern in (TIMERS, FLAGGED):
        if found := pattern.match(after):
            return Beside(**told, took_ns=took_of(found[1], MS))
    if found := KEYED.search(after) or AT_THE_END.search(after):
        return Beside(**told, took_ns=took_of(found[1], S), answered=True)
    return told


def balanced_beside(client: str, took: Sequence[str], *, answered: bool) -> Beside:
    """Of an AWS load balancer: until it had the request, the target's answer, and until it was sent."""
    parts = [took_of(part, S) for part in took]
    whole = None if None in parts else sum(part or 0 for part in parts)
    return Beside(took_ns=whole, client=client_of(client), answered=answered)
