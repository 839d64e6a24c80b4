"""Which requests of a recording a launch sends: those of one host that people's own doing caused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scenarios.brought.har.exchange import REDIRECTS, BodyKind, Exchange
from simulator.errors import UsageError

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MOST_HOSTS_NAMED = 5
STATIC = re.compile(
    r"\.(css|js|mjs|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wav|wasm|webmanifest)$",
    re.IGNORECASE,
)
STATIC_TYPES = ("image/", "font/", "audio/", "video/", "text/css", "application/font")
SCRIPTS = re.compile(
    r"(text|application)/(x-)?(java|ecma)script|application/wasm|application/manifest\+json"
)
STATIC_RESOURCES = ("stylesheet", "script", "image", "font", "media", "manifest", "texttrack")
OF_BROWSERS = re.compile(r"/(favicon\.ico|\.well-known/appspecific/.*|cdn-cgi/rum.*)")
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that the launch sends, and the answers that count as its own."""

    first: Exchange
    """What was asked."""
    last: Exchange
    """Who answered in the end: that itself, or the page that redirects led to."""
    leads: bool = False
    """Whether it is answered by a redirect that the next request follows, as forms answer."""

    @property
    def folds(self) -> bool:
        return self.first is not self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is sent, and what is not."""

    host: str
    origin: str
    asked: tuple[Asked, ...]
    left_out: tuple[str, ...]
    """In words: how many of what, and why."""


def chosen(exchanges: Sequence[Exchange], wanted: str | None) -> Chosen:
    """The requests of one host.

    Raises UsageError where nothing is left to be sent.
    """
    host = host_of(exchanges, wanted)
    ours = [each for each in exchanges if each.host == host]
    reasons: Counter[str] = Counter()
    kept = []
    for each in ours:
        reason = why_not(each)
        if reason:
            reasons[reason] += 1
        else:
            kept.append(each)
    if not kept:
        raise UsageError(
            f"{host}: nothing but {', '.join(reasons)} was asked of it; choose another --host, or record"
            " the signup from its first page on"
        )
    return Chosen(
        host=host,
        origin=kept[0].origin,
        asked=tuple(folded(kept)),
        left_out=(
            *(f"{count} × {reason}" for reason, count in sorted(reasons.items())),
            *others(exchanges, host),
        ),
    )


def host_of(exchanges: Sequence[Exchange], wanted: str | None) -> str:
    """The host that is wanted, or of most of the pages and calls of programs.

    Raises UsageError where the one that is wanted was never asked.
    """
    known = Counter(each.host for each in exchanges)
    if wanted is not None:
        name = wanted.rpartition("//")[2].partition("/")[0].rstrip(".").lower()
        if name in known:
            return name
        named = ", ".join(host for host, _ in known.most_common(MOST_HOSTS_NAMED))
        raise UsageError(f"--host {wanted}: was never asked; the recording has {named}")
    weights = Counter(each.host for each in exchanges if not why_not(each))
    first = next((each.host for each in exchanges if not why_not(each)), exchanges[0].host)
    most = max(weights.values(), default=0)
    # Among equals the one that the recording began with: it is the page that was opened.
    return first if weights[first] == most else weights.most_common(1)[0][0]


def why_not(each: Exchange) -> str:
    """Why a request is not sent; empty where it is."""
    if each.method == "OPTIONS":
        return "preflight"
    if each.method not in METHODS:
        return f"{each.method}, which a launch does not send"
    if not each.status:
        return "request without an answer"
    if OF_BROWSERS.fullmatch(each.path):
        return "request of the browser itself"
    if each.method in ("GET", "HEAD") and is_static(each):
        return "static file"
    if each.header("upgrade").lower() == "websocket" or each.resource == "websocket":
        return "WebSocket"
    return ""


def is_static(each: Exchange) -> bool:
    """Whether a file is fetched that is the same for everybody."""
    if each.resource in ("document", "xhr", "fetch") and not STATIC.search(each.path):
        return False
    return bool(
        STATIC.search(each.path)
        or each.resource in STATIC_RESOURCES
        or each.type.startswith(STATIC_TYPES)
        or SCRIPTS.fullmatch(each.type)
        or each.status == NOT_MODIFIED
    )


def others(exchanges: Sequence[Exchange], host: str) -> Iterator[str]:
    """The other hosts, with how often each was asked."""
    known = Counter(each.host for each in exchanges if each.host != host)
    named = [f"{name} ({count})" for name, count in known.most_common(MOST_HOSTS_NAMED)]
    if len(known) > MOST_HOSTS_NAMED:
        named.append(f"{len(known) - MOST_HOSTS_NAMED} more")
    if named:
        yield f"{sum(known.values())} × request to other hosts: {', '.join(named)}"


def folded(kept: Sequence[Exchange]) -> Iterator[Asked]:
    """What was asked, with the redirects of a GET folded into it.

    A form's redirect is its success, and the page behind it is a request of its own: a form that is
    shown again with its errors is answered by 200, which following would take for the success.
    """
    rest = [without_body(each) for each in kept]
    while rest:
        first = rest.pop(0)
        chain = [first]
        while first.method in ("GET", "HEAD") and (at := next_of(chain[-1], rest)) is not None:
            chain.append(rest.pop(at))
        if chain[-1].status in REDIRECTS:  # it left the host, so that each is a request of its own
            rest[:0], chain = chain[1:], chain[:1]
        leads = first.status in REDIRECTS and next_of(first, rest) is not None
        yield Asked(first=first, last=chain[-1], leads=leads)


def next_of(each: Exchange, rest: Sequence[Exchange]) -> int | None:
    """Where the request stands that a redirect caused, among the next few."""
    leads_to = each.leads_to
    for at, later in enumerate(rest[:NEAR] if leads_to else ()):
        if same(leads_to, later.url) and later.method in ("GET", "HEAD", each.method):
            return at
    return None


NEAR = 6
"""So many requests later at most: others are under way at the same time."""


def same(one: str, other: str) -> bool:
    return unescaped(one) == unescaped(other)


def unescaped(url: str) -> str:
    """Two ways to write one address: / behind the host, and escapes in either case."""
    return re.sub(r"%[0-9a-fA-F]{2}", lambda found: found[0].upper(), url).rstrip("/")


def without_body(each: Exchange) -> Exchange:
    """A GET that some browser recorded with a body; nobody sends one."""
    plain = each.method in ("GET", "HEAD", "DELETE") and each.body.kind is not BodyKind.NONE
    return replace(each, body=type(each.body)()) if plain else each
