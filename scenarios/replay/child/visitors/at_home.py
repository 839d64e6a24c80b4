"""What a launch gives all visitors to say is for its target: a locustfile's user says it to nobody else.

Locust's clients follow redirects by themselves, and carry along whatever headers there are. The launch's own may
hold a key, and the marks say whose a request is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import requests

from scenarios.http.requests.sent import TO_ANYBODY
from scenarios.http.requests.traced import OWN

IsHome = Callable[[str], bool]


def keep_at_home(client: Any, told: Mapping[str, str], is_home: IsHome) -> None:
    """From now on no other server is sent these headers by the client, nor marks; the user's own are his."""
    ours = {name.lower(): text for name, text in told.items() if name.lower() not in TO_ANYBODY}
    if isinstance(client, requests.Session):
        client.send = bare(client.send, ours, is_home)  # type: ignore[method-assign]
    else:
        agent = client.client
        agent._urlopen = bare(agent._urlopen, ours, is_home)  # noqa: SLF001 - each hop goes through it


def bare(send: Callable[..., Any], ours: Mapping[str, str], is_home: IsHome) -> Callable[..., Any]:
    """Sends one request, without what is not meant for its server."""

    def sent(request: Any, *more: Any, **words: Any) -> Any:
        if not is_home(request.url):
            strip(request.headers, ours)
        return send(request, *more, **words)

    return sent


def strip(headers: MutableMapping[str, str], ours: Mapping[str, str]) -> None:
    for name, text in list(headers.items()):
        if name.lower() in OWN or ours.get(name.lower()) == text:
            headers.pop(name, None)
