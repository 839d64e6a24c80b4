"""The rules of a launch, and the protocol of an engine that obeys them.

Time is integer nanoseconds since the opening. What happens next is the pending event with the
smallest key (instant, class, visitor, step, attempt). Rules, by class of event:

CHANGE      A lever is set. More servers start waiting work at once; fewer let running work end.
            A policy that opens calls everybody in the line at that instant, in order; one that
            closes makes later arrivals stand in line.
COMPLETION  A server is free. If the client still waits for this attempt and its answer, one
            ``round_trip`` later, is not after its timeout, the visitor is served; otherwise the
            work was wasted. The free server takes the next one waiting, wanted or not: stale work
            is served all the same.
RELEASE     The first in line is called. It happens at the earliest instant at which the line is not
            empty and the bucket holds a token: ``ready = full_at - (burst - 1) * spacing``, after
            which ``full_at = max(full_at, now) + spacing``; the bucket is full at the opening.
            In a ROOM who has left takes no token. From a LIST the call goes out, and is wasted, on
            somebody who has lost interest.
ARRIVAL     Under an OPEN policy the visitor is let in at once. Otherwise he joins the line.
ENTRY       Who was called enters at his first look at or after the call: he looks on joining and
            every ``poll_every`` after it.
RETRY       A visitor who failed tries again.
TIMEOUT     The client gives an attempt up; the server does not know.
PATIENCE    Who has not entered by now leaves the line (RENEGED), called or not.

An attempt goes to the station at the instant it is sent: a free server takes it, or it waits, or,
with the waiting room full, it is turned away and the client sees that one ``round_trip`` later. An
attempt that failed, at the instant the client sees it, is followed by the next one after the pause
of :class:`simulator.system.Retries`, until the attempts are used up (GAVE_UP).

At the ``horizon`` arrivals end and the line closes: who still stands in it is WAITING. Those let in
go on until ``end``; events at or after it do not happen, and who is still under way is UNFINISHED.

Agreement between engines means: equal rows. They share draws and these keys, and no rule.
"""

from __future__ import annotations

from typing import Protocol

from simulator.outcomes import Outcomes
from simulator.system import System
from simulator.timetable import Timetable

CHANGE, COMPLETION, RELEASE, ARRIVAL, ENTRY, RETRY, TIMEOUT, PATIENCE = range(8)
"""Classes of events: of two at one instant the lower class comes first."""


class Engine(Protocol):
    """Anything that plays a timetable against a system."""

    name: str

    def simulate(self, timetable: Timetable, system: System) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks."""
        ...
