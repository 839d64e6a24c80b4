"""The words of a journey: what people do once they are let in, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, Strict

from simulator.scenario.words.laws import EndingLaw, Service
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.surges.patterns import readable_patterns
from simulator.scenario.words.terms import Contradiction, Flag, Keys, Name, Table

MOST_CALLS = 255
MOST_TIMES = 1000


class Call(Table):
    """Work at another station, done while the server of the step is held."""

    at: str
    """The station that does it: a name of [[station]]."""
    work: Service | None = None
    """How long it takes there; without it, the station's own service."""


class Hold(Table):
    """A server of another station that is kept for a while once the step is done: a seat."""

    at: str
    """The station whose server is held: a name of [[station]]."""
    for_: EndingLaw
    """For how long: a law, or a mean as in "10 min" (exponential)."""


class Step(Table):
    """One step of a journey."""

    name: Name
    at: str
    """The station that serves it: a name of [[station]]."""
    work: Service | None = None
    """How long a server works on it; without it, the station's own service."""
    times: Annotated[int, Strict(), Field(ge=1, le=MOST_TIMES)] = 1
    """How often it is done, one after the other, each time after thinking."""
    think: EndingLaw | None = None
    """How long they think before it: a law, or a mean as in "5 s" (exponential)."""
    calls: Annotated[tuple[Call, ...], Field(max_length=MOST_CALLS)] = ()
    """What it waits for at other stations, one after the other, after its own work and with its
    server held: [{ at = "database", work = "4 ms" }]."""
    holds: Hold | None = None
    """What is kept once it is done: { at = "seats", for = "10 min" }."""
    idempotent: Flag = False
    """Whether repeating the request has no further effect."""
    request: Request | None = None
    """What the replay sends for it."""


class Journey(Table):
    """What people do once they are let in."""

    name: Name
    step: Annotated[tuple[Step, ...], Field(min_length=1)]
    """In their order."""
    locust: Annotated[str, Field(pattern=r"^[^:]+\.py:[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    """A user of a locustfile of yours who takes it instead: "locustfile.py:SignupUser". His tasks are run
    once for each visitor, and each of his requests is an attempt at the step of its name."""
    recorded: Annotated[Keys, AfterValidator(readable_patterns)] = ()
    """Which requests of a recording it stands for: ["GET /users/*", "/search"]. * is one part of a path, ** at
    the end all that is below; without a method, any. Of several journeys the first that fits counts."""

    def contradictions(self) -> Iterator[Contradiction]:
        if not self.recorded:
            return
        if self.locust:
            problem = "has no effect: a locustfile's user takes this journey"
            yield Contradiction("recorded", problem, "leave one of them out")
        if len(self.step) > 1 or self.step[0].times > 1:
            problem = "stands for one request, and this journey makes more than one"
            yield Contradiction("recorded", problem, "keep one step, without times")
        elif self.step[0].think is not None:
            problem = (
                f"{self.step[0].name} has a think time, and requests come as they were recorded"
            )
            yield Contradiction("step", problem, "leave it out")

    @property
    def sent(self) -> tuple[Step, ...]:
        """The steps that a rehearsal sends: those with a request, and all that a locustfile's user takes."""
        return tuple(step for step in self.step if self.locust or step.request is not None)


def stations_needed(journeys: Iterable[Journey]) -> Mapping[str, None]:
    """The names of the stations at which anything is done, each once."""
    steps = [step for journey in journeys for step in journey.step]
    named = [[step.at, *(call.at for call in step.calls)] for step in steps]
    held = [step.holds.at for step in steps if step.holds is not None]
    return dict.fromkeys([*(name for names in named for name in names), *held])
