"""The words of [replay] and [data]: how the launch is rehearsed against a real server."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from simulator.scenario.words.rehearsal.captures import Captures, Kind, capture_of
from simulator.scenario.words.rehearsal.lines import Line, usually
from simulator.scenario.words.rehearsal.requests import Headers, Request
from simulator.scenario.words.rehearsal.stop import Stop
from simulator.scenario.words.terms import (
    AtLeastOne,
    Contradiction,
    Count,
    DurationNs,
    Keys,
    Positive,
    PositiveNs,
    Share,
    Table,
    UrlPath,
    Words,
)
from simulator.text.quantities import WrongQuantity

NONE = "none"
AGENT = re.compile(r"[ -~]+")
COLUMN = re.compile(r"[^.{}]+")
SMTP_PORT = 1025


class Endpoints(Words):
    """Paths on the target that belong to no journey, from its root."""

    line: UrlPath = "/line"
    """Where people join the line, look, and leave it, in the reference protocol."""
    health: UrlPath = "/healthz"
    """Where the target reports its health; [replay] health says the same, of any request."""


def health_of(value: object) -> object:
    """A path stands for a GET of it. Raises WrongQuantity."""
    if not isinstance(value, str):
        return usually("GET")(value)
    if value == NONE or value.startswith("/"):
        return value if value == NONE else {"method": "GET", "path": value}
    raise WrongQuantity(f'"{value}" is not a path', 'write health = "/count", or "none"')


Health = Annotated[
    Literal["none"] | Request,
    BeforeValidator(health_of, json_schema_input_type=str | Request),
]


def agent(value: str) -> str:
    if not AGENT.fullmatch(value):
        raise WrongQuantity(f'"{value}" is not a user agent', "use printable ASCII, on one line")
    return value


def loopback_port(value: object) -> object:
    """Where mails are caught. Raises WrongQuantity for what is not this machine's."""
    host, _, port = str(value).rpartition(":")
    try:
        found = ipaddress.ip_address(host.strip("[]")).is_loopback and 0 < int(port) < 65_536
    except ValueError:
        found = False
    if not found:
        problem = f'"{value}" is not an address and a port of this machine'
        raise WrongQuantity(problem, f'write listen = "127.0.0.1:{SMTP_PORT}"')
    return value


class Mail(Words):
    """How visitors get the mails that the target sends them."""

    listen: Annotated[str, BeforeValidator(loopback_port)] | None = None
    """Where the replay catches mails itself (SMTP): "127.0.0.1:1025". The target sends them there."""
    command: str | None = None
    """Or a command that prints the mail to an address: "./mail-of ${email}". It is run only with
    --allow-commands."""
    capture: Captures = Field(default_factory=lambda: {"code": r"regex:\b(\d{4,8})\b"})
    """What ${mail.NAME} is, found in the mail: { code = "regex:code is (\\d+)", link =
    "regex:(https?://\\S+)" }."""
    within_ns: PositiveNs = 30_000_000_000
    """How long a visitor waits for his mail before he gives up."""

    def contradictions(self) -> Iterator[Contradiction]:
        if (self.listen is None) == (self.command is None):
            remedy = f'write listen = "127.0.0.1:{SMTP_PORT}"'
            yield Contradiction("", "needs one of listen and command", remedy)
        for name, text in self.capture.items():
            if capture_of(text).kind in (Kind.HEADER, Kind.COOKIE):
                problem = f'"{text}" is of an answer, and a mail is text'
                yield Contradiction(f"capture.{name}", problem, "write regex:, or css: of its HTML")


class Data(Words):
    """What each visitor has of his own: a row of a table."""

    file: str
    """A CSV file with a line of names: email,password. Each visitor gets a row that nobody else has."""
    columns: Keys = ()
    """Written by the tool into a run's folder."""
    rows: Count | None = None
    """Written by the tool into a run's folder."""


class Replay(Table):
    """How the launch is rehearsed against a real server. Time is never scaled."""

    from_ns: DurationNs = 0
    """Where in the launch the rehearsal starts."""
    for_ns: PositiveNs
    """How long people come."""
    drain_ns: DurationNs
    """How long those under way are waited for after that: at least as long as the longest client
    timeout. Who has no answer then may be an error or not; without a client timeout he may for ever."""
    demand_factor: Positive = 1.0
    """The rehearsal's people over the launch's: 0.025 is one in forty."""
    reason: str | None = None
    """Why this factor."""
    in_flight: AtLeastOne = 2_000
    """How many people may have a request under way at once; who comes meanwhile is unsent. Who waits in
    the line, thinks or pauses has none."""
    endpoints: Endpoints = Endpoints()
    """Paths on the target that belong to no journey."""
    health: Health | None = None
    """How to see that the target is well: a path, a request, or "none". Without it, /healthz."""
    line: Line | None = None
    """How visitors wait in the target's line: { preset = "plain" }. Without it, as the reference
    protocol says: POST /line."""
    headers: Headers = Field(default_factory=dict)
    """What every request carries: { Accept-Language = "fr", X-Rehearsal = "${run}" }."""
    user_agent: Annotated[str, AfterValidator(agent)] = "surgeproof"
    """What visitors call themselves."""
    traced: Share = 0.01
    """The share of visitors whose requests ask the target to record their traces. Every request carries
    a traceparent; to record all of them may load the target more than the launch does."""
    connections: Literal["visitor", "keep-alive"] = "visitor"
    """visitor: a new connection for each visitor, as new phones have; keep-alive: connections are
    kept and shared, as behind a proxy of yours."""
    ca_file: str | None = None
    """A file with the certificates that the target's is verified by, in PEM."""
    client_certificate: str | None = None
    """A file with the certificate and the key that visitors show, in PEM."""
    mail: Mail | None = None
    """How visitors get the mails that the target sends them: ${mail.code}."""
    stop: Stop | None = None
    """When the rehearsal ends by itself: { errors = 0.5, p95 = "10 s" }."""
    cleanup: str | None = None
    """A command that is run when the rehearsal has ended, with the run's id as ${run}: "./tidy
    ${run}". It is run only with --allow-commands."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.demand_factor != 1.0 and not self.reason:
            problem = f"a demand_factor of {self.demand_factor:g} needs its reason"
            yield Contradiction("", problem, 'add reason = "..." in a sentence')
        if self.line_spoken.preset != "surgeproof" and self.endpoints.mentions("line"):
            problem = "has no effect: [replay.line] says how people wait"
            yield Contradiction("endpoints.line", problem, "leave one of them out")

    @property
    def line_spoken(self) -> Line:
        """The words of the target's line, its preset's included."""
        return Line(preset="surgeproof") if self.line is None else self.line.spoken

    @property
    def asks_for_health(self) -> Request | None:
        """What is asked to see that the target is well; None: nothing may be asked."""
        if self.health == NONE:
            return None
        if isinstance(self.health, Request):
            return self.health
        return Request(method="GET", path=self.endpoints.health)
