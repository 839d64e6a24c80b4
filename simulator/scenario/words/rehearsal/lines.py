"""The words of [replay.line]: how visitors wait in the line of a target.

Either the line stands at the very request that people want, which is then answered with "wait"
instead (``plain``, ``cloudflare``), or one joins it by a request of its own (``join``), and looks how
far it is by another (``ask``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from simulator.scenario.words.rehearsal.captures import readable
from simulator.scenario.words.rehearsal.requests import Expect, Headers, Request
from simulator.scenario.words.terms import (
    AtLeastOne,
    Contradiction,
    DurationNs,
    Positive,
    PositiveNs,
    RatePerS,
    Words,
    word,
)
from simulator.text.placeholders import faults_in

Preset = Literal["surgeproof", "plain", "cloudflare", "none"]
ALONE = ("surgeproof", "none")
"""Presets that say everything about how one waits."""


def usually(method: str) -> Callable[[object], object]:
    """A request's method, where its table says none."""

    def table(value: object) -> object:
        return {"method": method, **value} if isinstance(value, dict) else value

    return table


Look = Annotated[Request, BeforeValidator(usually("GET"), json_schema_input_type=Request)]
Leave = Annotated[Request, BeforeValidator(usually("DELETE"), json_schema_input_type=Request)]
Found = Annotated[str, AfterValidator(readable)]


class Promises(Words):
    """What the target's line promises, which a replay checks: see docs/audit.md.

    That nobody's place is lost, or given to somebody else as well, is checked of every line.
    """

    order: Literal["first-come", "by-class", "any"] | None = None
    """first-come; by-class: first come, first served, within a class of people; any: by lot. Without it, as
    waitlist.policy says."""
    alike_ns: DurationNs = 0
    """Who joins within this of one another may be let in in any order: "1 min" of a line by minutes."""
    rate_per_s: RatePerS | None = None
    """Nobody is let in faster than this: "40/s"."""
    burst: AtLeastOne = 1
    """How many may be let in at once, after a time in which nobody waited."""
    catches_up_ns: PositiveNs | None = None
    """So much of its time the line may let in at once when it was held up; without it, one second."""
    wait_factor: Positive | None = None
    """An announced wait is wrong if the real one is longer, or shorter, by more than this factor; without it, 2."""

    def contradictions(self) -> Iterator[Contradiction]:
        if self.rate_per_s is None:
            for each in ("burst", "catches_up_ns"):
                if self.mentions(each):
                    problem = "has no effect: no rate is promised"
                    yield Contradiction(word(each), problem, 'add rate = "40/s"')
        if self.wait_factor is not None and self.wait_factor <= 1:
            problem = f"is {self.wait_factor:g}, and no wait is announced as exactly as that"
            yield Contradiction("wait_factor", problem, "write a factor above 1, such as 1.5")


class Line(Words):
    """How visitors wait in the line of the target.

    Without ``join`` it stands at the first request of each journey: who is told to wait asks the same
    again, and who is answered otherwise has entered.
    """

    preset: Preset | None = None
    """surgeproof: POST /line, GET and DELETE /line/{ticket}; plain: 202, 429 or 503 with Retry-After,
    at the request that people want; cloudflare: a waiting room that answers JSON; none: the target has
    no line, and everybody is sent at once."""
    join: Request | None = None
    """What one asks for a place with: { method = "POST", path = "/queue", capture = { place =
    "json:id" } }. What it captures, ask, leave and all steps know."""
    ask: Look | None = None
    """What one looks with how far it is: { path = "/queue/${place}" }; without it, join again."""
    leave: Leave | None = None
    """What who loses patience says: { path = "/queue/${place}" }; without it, nothing."""
    waits: Expect | None = None
    """The answer that says "wait": { json = { state = "waiting" } }, of any status that is not named.
    Without it, any 2xx that does not let in."""
    enters: Expect | None = None
    """The answer that lets in: { json = { state = "in" } }. Without it, any success that does not say
    "wait". What is neither is a failed look, and is asked again."""
    position: Found | None = None
    """Where the place in the line stands: "json:position". Who has one, from 1 on, waits."""
    again: Found | None = None
    """In how many seconds to ask again: "json:refresh"; without it, or where it is not there, as
    Retry-After says, and else as waitlist.poll_every does."""
    announced: Found | None = None
    """In how many seconds one will be let in: "json:wait_s"; it is held against the real wait."""
    promises: Promises = Promises()
    """What the replay checks of it: { rate = "40/s", burst = 20 }."""
    ticket: str | None = None
    """Which capture is ${ticket}; nobody enters before he has it."""
    headers: Headers = Field(default_factory=dict)
    """What every request of the launch carries, so that the line can be told apart from a page."""

    @property
    def spoken(self) -> Line:
        """The words of its preset, and over them those of the file."""
        if self.preset is None or self.preset in ALONE:
            return self
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return PRESETS[self.preset].model_copy(update=said)

    @property
    def requests(self) -> Mapping[str, Request]:
        """Those of its own, by their words."""
        own = {"join": self.join, "ask": self.ask, "leave": self.leave}
        return {name: request for name, request in own.items() if request is not None}

    @property
    def captures(self) -> tuple[str, ...]:
        """What is known of who is in."""
        asked = (self.join, self.ask)
        return tuple(dict.fromkeys(name for each in asked if each for name in each.capture))

    @property
    def is_at_the_step(self) -> bool:
        """Whether one waits at the very request that one wants."""
        return self.preset not in ALONE and self.spoken.join is None

    def contradictions(self) -> Iterator[Contradiction]:
        if self.preset in ALONE:
            others = {"preset", "promises"} if self.preset == "surgeproof" else {"preset"}
            for each in sorted(word(name) for name in self.model_fields_set - others):
                problem = f'has no effect: preset = "{self.preset}" says it all'
                yield Contradiction(each, problem, "leave one of them out")
            return
        if not (self.preset or self.waits or self.enters or self.position):
            problem = "does not say how to see that one waits"
            remedy = 'add preset = "plain", or waits = { status = [202] }'
            yield Contradiction("", problem, remedy)
        yield from self._of_requests()

    def _of_requests(self) -> Iterator[Contradiction]:
        for name, request in self.requests.items():
            if name != "join" and self.join is None:
                problem = "has no effect: without join the line is at the step's own request"
                yield Contradiction(
                    name, problem, 'add join = { method = "POST", path = "/queue" }'
                )
            if request.mentions("expect"):
                problem = "has no effect: waits and enters say what an answer means"
                yield Contradiction(f"{name}.expect", problem, "leave it out")
        if self.ticket is not None and self.ticket not in self.captures:
            known = ", ".join(self.captures)
            problem = f'is "{self.ticket}", which neither join nor ask captures'
            remedy = (
                f"it can be {known}" if known else 'add capture = { place = "json:id" } to join'
            )
            yield Contradiction("ticket", problem, remedy)
        for name in ("waits", "enters"):
            asked: Expect | None = getattr(self, name)
            if asked is not None:
                for problem, remedy in faults_in([asked.json_, asked.text, asked.header]):
                    yield Contradiction(name, problem, remedy)


def _preset(words: dict[str, Any]) -> Line:
    return Line.model_validate(words)


PRESETS: Mapping[str, Line] = {
    # RFC 9110, 10.2.3: Retry-After goes with any answer that asks a client to come again.
    "plain": _preset(
        {"waits": {"status": [202, 429, 503], "header": {"Retry-After": "*"}}},
    ),
    # developers.cloudflare.com/waiting-room/how-to/json-response/: with "Accept: application/json",
    # exactly, who is queued is answered with this object, by status 200 or another that is set; who is
    # not, with the origin's own answer. His place is in a cookie that each answer renews.
    "cloudflare": _preset(
        {
            "waits": {"json": {"cfWaitingRoom.inWaitingRoom": True}},
            "again": "json:cfWaitingRoom.refreshIntervalSeconds",
            "headers": {"Accept": "application/json"},
        }
    ),
}
