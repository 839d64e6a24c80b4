"""The rules of a launch, and the protocol of an engine that obeys them.

Time is integer nanoseconds since the opening. What happens next is the pending event with the
smallest key (instant, class, visitor, step, attempt). Rules, by class of event:

CHANGE      A lever is set, in the order of :attr:`simulator.system.System.changes`. More servers
            start waiting work at once; fewer let running work end. A smaller waiting room throws
            nobody out. A policy that opens calls everybody in the line at that instant, in order
            and without tokens; one that closes makes later arrivals stand in line. A new spacing
            keeps the tokens in the bucket; the one in the making comes when it was due or a new
            spacing from now, whichever is earlier:
            ``missing, rest = divmod(max(0, full_at - now), old)``, then
            ``full_at = now + missing * new + min(rest, new)`` (unless the bucket is full).
COMPLETION  A server is free. If the client still waits for this attempt and its answer, one
            ``round_trip`` later, is not after its timeout, the visitor is served at that later
            instant; otherwise the work was wasted. The free server takes the next one waiting,
            wanted or not: stale work is served all the same.
RELEASE     The first in line is called. It happens at the earliest instant at which the line is not
            empty and the bucket holds a token: ``ready = full_at - (burst - 1) * spacing``, after
            which ``full_at = max(full_at, now) + spacing``; the bucket is full at the opening
            (``full_at = 0``). In a ROOM who has left takes no token. From a LIST the call goes
            out, and is wasted, on somebody who has lost interest.
ARRIVAL     Under an OPEN policy the visitor is let in at once. Otherwise he joins the line.
ENTRY       Who was called enters at his first look at or after the call: he looks on joining and
            every ``poll_every`` after it; with ``poll_every = 0`` he enters at the call's instant.
RETRY       A visitor who failed tries again.
TIMEOUT     The client gives an attempt up; the server does not know.
PATIENCE    Who has not entered by now leaves the line (RENEGED), called or not. A token that called
            him is lost.

An attempt goes to the station at the instant it is sent: a free server takes it, or it waits, or,
with the waiting room full, it is turned away and the client sees that one ``round_trip`` later, if
that is not after its timeout. An attempt that failed, at the instant the client sees it, is
followed by the next one after the pause of :class:`simulator.system.Retries` (a jittered pause is
rounded down), until the attempts are used up (GAVE_UP).

At the ``horizon`` the line closes: of arrivals, releases, entries, patience and changes of policy
nothing happens at or after it, and who still stands in the line, called or not, is WAITING. Those
let in go on until ``end``; no event happens and no answer is seen at or after it, and who is still
under way is UNFINISHED.

The luck of a visit is :meth:`simulator.timetable.Timetable.patience_ns`, ``service_ns`` and
``jitter``. Agreement between engines means: equal rows. They share draws and these keys, and no
rule.
"""

from __future__ import annotations

from typing import Protocol

from simulator.outcomes import Outcomes
from simulator.system import System
from simulator.timetable import Timetable

STEP = 0
"""Signup alone is a journey of one step."""

CHANGE, COMPLETION, RELEASE, ARRIVAL, ENTRY, RETRY, TIMEOUT, PATIENCE = range(8)
"""Classes of events: of two at one instant the lower class comes first."""


class Engine(Protocol):
    """Anything that plays a timetable against a system."""

    name: str

    def simulate(self, timetable: Timetable, system: System) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks."""
        ...
