"""Which headers of a recorded request belong to the application, and which are the browser's own."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.brought.har.exchange import BodyKind, Exchange

OF_BROWSERS = frozenset(
    {
        "accept-charset", "accept-encoding", "accept-language", "access-control-request-headers",
        "access-control-request-method", "alt-used", "cache-control", "connection", "content-length",
        "cookie", "date", "dnt", "downlink", "dpr", "early-data", "ect", "expect", "forwarded", "host",
        "http2-settings", "if-modified-since", "if-none-match", "keep-alive", "origin", "pragma",
        "priority", "proxy-authorization", "proxy-connection", "purpose", "range", "referer", "rtt",
        "save-data", "te", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests",
        "user-agent", "via", "viewport-width", "width", "x-client-data", "x-forwarded-for",
        "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
    }
)  # fmt: skip
"""What a browser or a proxy writes by itself, whatever the application."""
BEGINNINGS = (
    "sec-",
    "cf-",
    "x-amzn-trace",
    "traceparent",
    "tracestate",
    "baggage",
    "sentry-",
    "newrelic",
    "x-datadog",
    "x-b3-",
)
OF_A_BODY = {
    BodyKind.JSON: "application/json",
    BodyKind.FORM: "application/x-www-form-urlencoded",
}
"""The type that is written without being told."""


def kept_headers(asked: Exchange) -> Iterator[tuple[str, str]]:
    """The headers that are sent."""
    for name, value in asked.headers:
        lower = name.lower()
        if lower in OF_BROWSERS or lower.startswith(BEGINNINGS):
            continue
        if lower == "content-type":
            if kind := type_told(asked):
                yield "Content-Type", kind
        elif lower != "accept" or decides(value):
            yield name if name != lower else titled(name), value


def type_told(asked: Exchange) -> str:
    """The type of a body, where it is not the one that is written anyway."""
    body = asked.body
    media = body.type.partition(";")[0].strip().lower()
    if body.kind in (BodyKind.NONE, BodyKind.MULTIPART) or media == OF_A_BODY.get(body.kind):
        return ""
    return body.type


def decides(accept: str) -> bool:
    """Whether an Accept asks for one thing, and not for whatever a browser can show."""
    return "*/*" not in accept and "text/html" not in accept and bool(accept)


def titled(name: str) -> str:
    """A header of HTTP/2, which are all written small, as it is written in files.

    >>> titled("x-csrf-token")
    'X-Csrf-Token'
    """
    return "-".join(part.capitalize() for part in name.split("-"))
