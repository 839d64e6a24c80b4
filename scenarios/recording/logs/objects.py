"""One JSON object a line: the instant, the method, the path and the status under their many names.

Where an object holds a whole line (as Docker's json-file, Fluentd and journald keep them), that is
read. Of several instants the one at which the request came is taken.

Source: Caddy, "log"; Traefik, "Access logs"; Envoy, "Access logging"; Google Cloud, LogEntry;
Cloudflare, "HTTP requests"; Elastic Common Schema; Docker, "JSON File logging driver".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

from scenarios.recording.logs.hit import (
    METHOD,
    UNKNOWN,
    Asked,
    Hit,
    Skip,
    asked,
    bytes_of,
    client_of,
    path_of,
    query_of,
    status_of,
    took_of,
)
from scenarios.recording.logs.instants import instant_ns

BEGINNINGS = (
    "StartUTC",
    "start_time",
    "EdgeStartTimestamp",
    "ClientRequestTimestamp",
    "requestTimeEpoch",
)
"""Instants at which a request came; the others are written when it has been answered."""
TIMES = (
    *BEGINNINGS,
    *("ts", "time_iso8601", "msec", "@timestamp", "timestamp", "time", "time_local", "requestTime"),
    *("datetime", "date", "eventTime", "StartLocal", "t"),
)
METHODS = (
    *("request.method", "RequestMethod", "ClientRequestMethod", "httpRequest.requestMethod"),
    *("http.request.method", "req.method", "request_method", "httpMethod", "http_method"),
    *("method", "verb"),
)
PATHS = (
    *(
        "request.uri",
        "request.path",
        "request.url",
        "RequestPath",
        "ClientRequestURI",
        "httpRequest.requestUrl",
        "url.path",
    ),
    *(
        "url.original",
        "http.request.path",
        "req.url",
        "req.path",
        "request_uri",
        "request_path",
        "requestUri",
    ),
    *("uri", "path", "url", "target"),
)
REQUESTS = ("request", "requestLine", "request_line", "http_request", "message")
"""Method and path in one text."""
STATUSES = (
    *("DownstreamStatus", "OriginStatus", "EdgeResponseStatus", "httpRequest.status"),
    *("http.response.status_code", "response.status", "res.statusCode", "response_code"),
    *("status", "status_code", "statusCode", "code"),
)
QUERIES = ("url.query", "query_string", "queryString", "args")
BYTES = (
    *("size", "body_bytes_sent", "bytes_sent", "DownstreamContentSize", "httpRequest.responseSize"),
    *("EdgeResponseBytes", "http.response.body.bytes", "responseLength", "bytes"),
)
"""How long the answer was."""
LINES = ("log", "message", "MESSAGE", "msg", "line", "textPayload")
"""Where an object keeps a whole line of another log."""

CLIENTS = (
    *(
        "request.client_ip",
        "request.remote_ip",
        "ClientHost",
        "ClientAddr",
        "ClientIP",
        "client.ip",
    ),
    *(
        "httpRequest.remoteIp",
        "source.ip",
        "remote_addr",
        "remoteAddress",
        "remote_ip",
        "client_ip",
    ),
    *("ip", "req.remoteAddress", "downstream_remote_address"),
)
TOOK = (
    ("Duration", 1.0), ("event.duration", 1.0), ("request_time", 1e9), ("duration_ms", 1e6),
    ("responseTime", 1e6), ("response_time_ms", 1e6), ("OriginResponseDurationMs", 1e6),
    ("httpRequest.latency", 1e9), ("requestTime_ms", 1e6), ("latency_ms", 1e6), ("elapsed_ms", 1e6),
)  # fmt: skip
"""Under which name a duration stands, in how many nanoseconds: Traefik, Elastic, nginx, pino, Cloudflare,
Google."""
DURATION = "duration"
"""Caddy counts seconds under it, with a point or without; Envoy milliseconds, beside its response_code."""

ReadLine = Callable[[str], Hit | Skip]


def read_object(document: dict[str, Any], zone: ZoneInfo | None, read_line: ReadLine) -> Hit | Skip:
    """What an object tells; ``read_line`` reads the line that it may hold."""
    told = told_by(document)
    at = first(document, TIMES)
    if told is None or at is None:
        inner = first(document, LINES)
        return read_line(inner) if inner is not None else Skip.FORMAT
    at_ns = instant_ns(at, zone)
    if isinstance(at_ns, Skip):
        return at_ns
    if not told.path:
        return Skip.REQUEST
    status = first(document, STATUSES)
    return Hit(
        at_ns,
        told.method,
        told.path,
        (status_of(status) if status else None) or UNKNOWN,
        took_ns=duration_of(document),
        client=client_of(host_of(first(document, CLIENTS))),
        answered=not any(first(document, [name]) for name in BEGINNINGS),
        query=told.query or query_of(f"?{first(document, QUERIES) or ''}"),
        n_bytes=bytes_of(first(document, BYTES)),
    )


def duration_of(document: dict[str, Any]) -> int | None:
    """How long it took, in ns; None where nothing says it."""
    for name, unit_ns in TOOK:
        told = first(document, [name])
        if told is not None:
            return took_of(told.removesuffix("s"), unit_ns)
    told = first(document, [DURATION])
    return took_of(told, 1e6 if "response_code" in document else 1e9)


def host_of(address: str | None) -> str | None:
    """The host of HOST:PORT."""
    host, colon, port = (address or "").rpartition(":")
    return host if colon and port.isdigit() and "." in host else address


def told_by(document: dict[str, Any]) -> Asked | None:
    """Method, path and query of a request; an empty path where it is a request for none."""
    for name in REQUESTS:
        line = value_at(document, name)
        if isinstance(line, str) and (found := asked(line)):
            return found
    target, method = first(document, PATHS), first(document, METHODS)
    if target is None or not (method or first(document, STATUSES)):
        return None  # a path alone may be that of a file in a complaint
    known = method is not None and METHOD.fullmatch(method)
    return Asked(method.upper() if method and known else "", path_of(target), query_of(target))


def object_of(text: str) -> dict[str, Any] | None:
    """The object in a text; its numbers as they are written. None where it is none."""
    text = text.strip().rstrip(",")
    found = _loaded(text)
    if (
        found is None and "\\x" in text
    ):  # nginx, whose escapes are those of JSON only if it is told so
        found = _loaded(re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text))
    return found if isinstance(found, dict) else None


def _loaded(text: str) -> object:
    try:
        return cast("object", json.loads(text, parse_float=str, parse_int=str, parse_constant=str))
    except (ValueError, RecursionError):
        return None


def first(document: dict[str, Any], names: Sequence[str]) -> str | None:
    """The first text there is under one of the names."""
    for name in names:
        found = value_at(document, name)
        if isinstance(found, str) and found:
            return found
    return None


def value_at(document: dict[str, Any], name: str) -> Any:
    """What an object has under a name, or under its parts between dots, one within another."""
    if name in document:
        return document[name]
    begin, dot, rest = name.partition(".")
    inner = document.get(begin) if dot else None
    return value_at(inner, rest) if isinstance(inner, dict) else None
