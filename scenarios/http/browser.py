"""One person's browser for the probe: cookies of his own, and redirects as far as load is allowed.

The replay's visitors have another (:mod:`scenarios.replay.child.wire.browser`), on sockets of its own;
what they send and how it is judged is the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from email.message import Message
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import Request

import httpx

from scenarios.http import bounded
from scenarios.http.allow import HERE, Target
from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.answers.cookies import ASCII, sendable_cookies
from scenarios.http.answers.server_timing import durations_ns
from scenarios.http.requests.sent import MOST_REDIRECTS, Sent, origin, to_another, with_cookies
from simulator.errors import Misbehaved, TargetRefused


@dataclass(slots=True, kw_only=True)
class Browser:
    """What one person sends with. Its connections last as long as it does."""

    target: Target
    hosts: Mapping[str, str] = field(default_factory=lambda: HERE)
    """Where redirects may lead, beside the target, and at which address."""
    common: Mapping[str, str] = field(default_factory=dict)
    """Headers of every request, beside those that are usual."""
    address: str = ""
    """Where the target is known to answer; else that is tried first."""
    cookies: CookieJar = field(default_factory=lambda: sendable_cookies(ASCII))
    _clients: dict[object, httpx.AsyncClient] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def send(self, sent: Sent, *, follow: bool = False) -> Answer:
        """One request and its whole answer; of who follows, the last.

        Raises Unreachable or Misbehaved where there is none, TargetRefused where a redirect leads to
        a host that was not allowed.
        """
        url, redirects = sent.url(self.target.url), 0
        while True:
            answer = await self._ask(sent, url, redirects)
            leads = answer.leads_to if follow and redirects < MOST_REDIRECTS else ""
            if not leads:
                return answer
            sent, url, redirects = sent.redirected(answer.status), leads, redirects + 1

    async def _ask(self, sent: Sent, url: str, redirects: int) -> Answer:
        client = await self._client(url)
        if origin(url) != origin(self.target.url):
            sent = to_another(sent)
        asked = Request(url)  # noqa: S310 - it is only asked about cookies
        self.cookies.add_cookie_header(asked)
        parts = urlsplit(url)
        target = f"{client.base_url.scheme}://{client.base_url.netloc.decode()}"
        path = f"{target}{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        told_by = await bounded.request(
            client,
            sent.method,
            path,
            url=url,
            content=sent.body,
            headers={**self.common, **with_cookies(sent.headers, asked.get_header("Cookie") or "")},
        )
        self.cookies.extract_cookies(Heard(told_by), asked)  # type: ignore[arg-type]
        held = {each.name: each.value or "" for each in self.cookies}
        return heard(told_by)._replace(asked=url, redirects=redirects, cookies=held)

    async def _client(self, url: str) -> httpx.AsyncClient:
        """The connections to the server of an address. Raises TargetRefused, Misbehaved where it is none."""
        try:
            key = origin(url)
        except ValueError:
            raise Misbehaved(
                f"{self.target.url} leads to {url[:40]}, which is no address"
            ) from None
        if key not in self._clients:
            target = self.target if key == origin(self.target.url) else self._other(url)
            bare = replace(target, url=server(target.url))
            at = self.address if target is self.target else ""
            made = bounded.client_of(bare, at)
            if target is not self.target:
                made.headers.pop("Authorization", None)
            self._clients[key] = await self._stack.enter_async_context(made)
        return self._clients[key]

    def _other(self, url: str) -> Target:
        """Another server, if load may be sent there."""
        scheme, host, port = origin(url)
        if scheme not in ("http", "https") or host not in self.hosts or port is None:
            raise TargetRefused(
                f"{self.target.url} leads to {host or url[:40]}, to which sending load was not allowed"
            )
        return replace(
            self.target, url=server(url), host=host, port=port, addresses=(self.hosts[host],)
        )


def server(url: str) -> str:
    """An address without its path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Heard:
    """An answer as the standard library's cookie jar reads it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.message = Message()
        for name, text in answer.headers.multi_items():
            self.message[name] = text

    def info(self) -> Message:
        return self.message


def heard(answer: httpx.Response) -> Answer:
    """An answer of the probe's client as a visitor of the replay has it."""
    told: dict[str, Any] = {}
    for name, text in answer.headers.multi_items():
        told.setdefault(name.lower(), text)
    told_ns = durations_ns(answer.headers.get_list("server-timing"))
    return Answer(
        status=answer.status_code,
        content=answer.content,
        content_type=told.get("content-type", ""),
        body=json_object(answer.content),
        headers=told,
        asked=str(answer.url),
        retry_after=told.get("retry-after"),
        date=told.get("date"),
        service_ns=told_ns.get("service"),
        queue_ns=told_ns.get("queue"),
    )
