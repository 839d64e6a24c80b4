"""How visitors speak to the target: what the launch file says of it, made ready for the replay's child.

Files that it names are found, and secrets that it names must be set, before anything is sent. A redirect
leads no visitor further than load is allowed: to the target's own host, to this machine, and to the hosts
that a person named, each at the address that it has now.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scenarios.http.allow import ALLOW_VARIABLE, HERE, resolve
from scenarios.http.answers.alarm import Alarms, alarms_of
from scenarios.http.requests.person import require_variables, texts_of
from scenarios.http.trust import Trust, trusting
from simulator.errors import Mistake, ScenarioError, Unreachable, UsageError
from simulator.plan.plan import Plan
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.rehearsal.lines import Line, Promises
from simulator.scenario.words.rehearsal.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What all visitors have in common."""

    health: Request | None = field(default_factory=lambda: Request(method="GET", path="/healthz"))
    """What is asked to see that the target is well; None: nothing may be."""
    alarms: Alarms = field(default_factory=Alarms)
    """What ends the replay, beside a target that died."""
    headers: dict[str, str] = field(default_factory=dict)
    user_agent: str = "surgeproof"
    traced: float = 0.0
    """The share of visitors whose requests say that their traces are recorded."""
    keep_alive: bool = False
    """Whether connections are kept and shared; else each visitor has his own."""
    trust: Trust = field(default_factory=Trust)
    line: Line = Line(preset="surgeproof")  # noqa: RUF009 - it is frozen
    """How visitors wait, its preset's words included."""
    line_path: str = "/line"
    """Of the reference protocol."""
    data: Path | None = None
    """Whose rows the visitors get, each his own."""
    secrets: tuple[str, ...] = ()
    """The variables of the environment that requests use: their names."""
    hosts: dict[str, str] = field(default_factory=dict)
    """Where redirects may lead, and at which address."""


def manners_of(
    scenario: Scenario, requests: Iterable[Request | None], allowed: Collection[str] = ()
) -> Manners:
    """What a launch file says, made ready.

    Raises UsageError where a secret is not set or a certificate cannot be used.
    """
    replay = scenario.words.replay
    assert replay is not None, "a plan for a rehearsal was made of it"
    line = replay.line_spoken
    alarms = alarms_of(replay.stop)
    asked = (*requests, *line.requests.values(), replay.asks_for_health, alarms.health)
    sent = [request for request in asked if request is not None]
    roams = any(journey.locust for journey in scenario.words.journey) or any(map(wanders, sent))
    texts = [text for request in sent for text in texts_of(request)]
    texts += [text for each in (line.waits, line.enters) if each for text in each.texts]
    own = {name.lower() for name in replay.headers}
    of_line = {name: text for name, text in line.headers.items() if name.lower() not in own}
    headers = of_line | replay.headers
    data = scenario.words.data
    return Manners(
        health=replay.asks_for_health,
        alarms=alarms,
        headers=headers,
        user_agent=replay.user_agent,
        traced=replay.traced,
        keep_alive=replay.connections == "keep-alive",
        trust=trust_of(scenario),
        line=as_spoken(line),
        line_path=replay.endpoints.line,
        data=None if data is None else beside(scenario, data.file),
        secrets=require_variables([*texts, headers]),
        hosts=HERE | (hosts_named(allowed) if roams else {}),
    )


def as_spoken(line: Line) -> Line:
    """A line without its promises, which visitors do not know: they are for who judges."""
    if not line.mentions("promises"):
        return line
    return line.model_copy(update={"promises": Promises()})


def trust_of(scenario: Scenario) -> Trust:
    """Whose certificates count. Raises UsageError where they cannot be used."""
    replay = scenario.words.replay
    if replay is None:
        return Trust()
    trust = Trust(
        ca_file=named(scenario, replay.ca_file),
        client_certificate=named(scenario, replay.client_certificate),
    )
    trusting(trust)
    return trust


def named(scenario: Scenario, file: str | None) -> str | None:
    return None if file is None else str(beside(scenario, file))


def beside(scenario: Scenario, file: str) -> Path:
    """Where a file lies that a launch names, seen from the launch's own folder."""
    return (Path(scenario.file).parent / file).resolve()


def wanders(request: Request) -> bool:
    """Whether a request may lead to another host."""
    return request.redirects == "follow" or request.path.startswith("${")


def hosts_named(allowed: Collection[str]) -> dict[str, str]:
    """The hosts that a person allowed, with their addresses; who is not known now is not spoken to."""
    found = {}
    for name in {*allowed, *os.environ.get(ALLOW_VARIABLE, "").split(",")}:
        host = name.strip().rstrip(".").lower()
        try:
            found[host] = resolve(f"http://{host}").addresses[0]
        except (Unreachable, UsageError):
            continue
    return found


def require_rows(scenario: Scenario, plan: Plan) -> None:
    """Raises ScenarioError where the launch's table has too few rows for those who come."""
    data = scenario.words.data
    if data is None or data.rows is None:
        return
    visitors = sum(len(rows) for rows in plan.timetable().arrivals())
    if data.rows >= visitors:
        return
    rows = "1 row" if data.rows == 1 else f"{data.rows:,} rows"
    problem = f'"{data.file}" has {rows}, and {visitors:,} visitors come'
    remedy = "add rows, or lower replay.demand_factor or replay.for"
    raise ScenarioError([Mistake(scenario.file, "data.file", problem, remedy)])
