"""Requests of the probe and the preparation: to the address that was checked, and read up to a bound.

A target may go on for ever, in size or in time, and its name may mean another machine by the next
request: so the client is given the address, and keeps the name for the ``Host`` header and for TLS.
It follows no redirect and uses no proxy.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from scenarios.http.allow import DEFAULT_PORTS, Target, connect, headers
from scenarios.http.answers.content import ACCEPTED, BadContent, Content
from scenarios.http.answers.cookies import ASCII, sendable_cookies
from scenarios.http.complaints import complaint, other_scheme, too_slow
from scenarios.http.trust import trusting
from simulator.errors import Misbehaved

WITHIN_S = 10.0
"""For a whole answer, its last byte included."""
MOST_HEAD_BYTES = 256 << 10
"""Of a status line and headers, as in browsers."""
SPOKEN = (b"content-encoding", b"content-length", b"transfer-encoding")
"""Headers that speak of the bytes on the wire, and not of what was read from them."""
LONGEST_TOLD = 200

httpcore.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE = MOST_HEAD_BYTES


def client_of(target: Target, address: str = "") -> httpx.AsyncClient:
    """A client that reaches one target, at one of its addresses: at ``address``, if it is known to answer.

    Raises Unreachable where nobody answers there, UsageError where no certificates can be read.
    """
    parts, address = urlsplit(target.url), address or connect(target)
    host = f"[{address}]" if ":" in address else address
    return httpx.AsyncClient(
        base_url=f"{parts.scheme}://{host}:{target.port}{parts.path}",
        headers={**headers(), "Host": parts.netloc, "Accept-Encoding": ACCEPTED},
        cookies=sendable_cookies(ASCII),  # httpx sends no others
        timeout=WITHIN_S,
        trust_env=False,
        verify=trusting(target.trust) if target.scheme == "https" else untrusting(),
        event_hooks={"request": [named(target.host)], "response": [stay]},
    )


@functools.cache
def untrusting() -> ssl.SSLContext:
    """For plain HTTP, where httpx wants one all the same: making it takes a millisecond."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def named(host: str) -> Callable[[httpx.Request], Awaitable[None]]:
    """Ask for the certificate of that name, whatever the address."""

    async def name(request: httpx.Request) -> None:
        request.extensions["sni_hostname"] = host

    return name


async def stay(answer: httpx.Response) -> None:
    """A redirect is an answer like others: httpx would look where it leads, and fail if nowhere."""
    if "location" in answer.headers:
        answer.extensions["location"] = answer.headers.pop("location")


async def request(
    client: httpx.AsyncClient, method: str, path: str, *, url: str = "", **words: Any
) -> httpx.Response:
    """One request and its whole answer, of which ``content`` has what is looked at.

    ``url`` is what it is called in sentences.

    Raises Unreachable or Misbehaved where there is none.
    """
    url = url or url_of(client, path)
    try:
        async with asyncio.timeout(WITHIN_S), client.stream(method, path, **words) as answer:
            content = Content(answer.headers.get_list("content-encoding"))
            async for part in answer.aiter_raw():
                content.add(part)
            content.end()
            found = whole(answer, bytes(content.kept), url)
    except BadContent as error:
        raise Misbehaved(f"{url} answers with {error}: is it the right address?") from None
    except (httpx.HTTPError, OSError) as error:  # a timeout is an OSError as well
        slow = isinstance(error, TimeoutError | httpx.ReadTimeout | httpx.WriteTimeout)
        why = too_slow(url, WITHIN_S) if slow else complaint(error, url)
        raise other_scheme_of(client, url) or why from None
    if found.status_code == 400 and (mistaken := other_scheme_of(client, url)):
        raise mistaken  # servers that see plain HTTP where they speak TLS say it so
    return found


def request_now(
    target: Target, method: str, path: str, *, headers: dict[str, str], body: object
) -> httpx.Response:
    """The same by itself, on a connection of its own."""

    async def once() -> httpx.Response:
        async with client_of(target) as client:
            return await request(client, method, path, headers=headers, json=body)

    return asyncio.run(once())


def location(answer: httpx.Response) -> str:
    """Where an answer sends people; "" where it sends them nowhere that a URL can name."""
    told = str(answer.extensions.get("location") or "")
    try:
        urlsplit(told)
    except ValueError:
        return ""
    return told if 300 <= answer.status_code < 400 else ""


def redirect_in_words(answer: httpx.Response) -> str:
    """What is wrong with it."""
    leads = location(answer)[:LONGEST_TOLD]
    return (
        f"answered {answer.status_code}, a redirect{f' to {leads}' if leads else ''}, which is not"
        " followed: use the address that it leads to"
    )


def url_of(client: httpx.AsyncClient, path: str) -> str:
    """What is asked for, by the name that the target goes by."""
    base = client.base_url
    host = client.headers.get("host", base.netloc.decode())
    return f"{base.scheme}://{host}{base.path.rstrip('/')}{path}"


def other_scheme_of(client: httpx.AsyncClient, url: str) -> Misbehaved | None:
    base = client.base_url
    return other_scheme(url, base.host, base.port or DEFAULT_PORTS[base.scheme])


def whole(answer: httpx.Response, body: bytes, url: str) -> httpx.Response:
    """The answer with what was read of it, header by header as it was sent."""
    led = str(answer.extensions.get("location") or "")
    location = [(b"location", led.encode("latin-1", errors="replace"))] if led else []
    return httpx.Response(
        answer.status_code,
        headers=[p for p in answer.headers.raw if p[0].lower() not in SPOKEN] + location,
        content=body,
        extensions={"location": answer.extensions.get("location")},
        request=httpx.Request(answer.request.method, url),
    )
