"""Everything that the visitors of a replay may ask for, each request read once."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.http.answers.looks import can_send_back
from scenarios.http.answers.success import Judge
from scenarios.http.manners import Manners
from scenarios.http.requests.sent import Template
from simulator.scenario.words.rehearsal.requests import Request


class Templates:
    """Those of a launch."""

    def __init__(self, steps: Iterable[Request | None], manners: Manners, run: str) -> None:
        self.steps = tuple(
            None if request is None else Template(request, key_of(number, run) | manners.headers)
            for number, request in enumerate(steps)
        )
        """By the steps' numbers; None: the user of a locustfile knows."""
        self.line = {
            word: Template(request, manners.headers)
            for word, request in manners.line.requests.items()
        }
        """What a line of the launch's own is asked, by the words of the file."""
        self.place = Template(Request(method="GET", path=manners.line_path), manners.headers)
        """A line of the reference protocol: its headers."""
        self.can_send_back = can_send_back(manners.line)
        """Whether any answer may be the line's."""
        self._judges: dict[int, Judge] = {}

    def judge_of(self, request: Request, *, ours: bool) -> Judge:
        """Who judges its answers: the same for the same request, of which a launch has few."""
        known = self._judges.get(id(request))
        if known is None or known.request is not request or known.ours is not ours:
            known = self._judges[id(request)] = Judge(request, ours=ours)
        return known


def key_of(step: int, run: str) -> dict[str, str]:
    """By which a server knows an attempt at a step that it has served already."""
    return {"Idempotency-Key": f"${{visitor}}-{step}@{run}"}
