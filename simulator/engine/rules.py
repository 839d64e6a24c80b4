"""The rules of a launch, and the protocol of an engine that obeys them.

Time is integer nanoseconds since the opening. What happens next is the pending event with the
smallest key ``(instant, class, a, b, c, d)``; the classes come in the order of the constants below.
Where nothing else is said, ``(a, b, c, d)`` is (visitor, step, attempt, call), with 0 for what an
event does not have. A *job* is one piece of work at a station: an attempt's own (call 0), or the
work at another station that it calls (call ``k`` = 1, 2, ...). Division of integers rounds down.

CHANGE ``(index, 0, 0, 0)``
    A lever is set, in the order of ``System.changes``. More servers start waiting jobs at once;
    fewer let running work end. A smaller waiting room throws nobody out. Other CORES change the
    speed at once. A policy that opens calls everybody in the line at that instant, in order and
    without tokens, slots or limits; one that closes makes later arrivals stand in line. A new
    spacing, of the line or a quota, keeps the tokens in the bucket; the one in the making comes
    when it was due or a new spacing from now, whichever is earlier:
    ``missing, rest = divmod(max(0, full_at - now), old)``, then
    ``full_at = now + missing * new + min(rest, new)`` (unless the bucket is full). Under feedback
    the rate becomes ``10**15 // spacing`` as well. Fewer SLOTS end no session. A lever that the
    launch does not have (a spacing where the release is no bucket) does nothing.
CONTROL ``(kind, station, instance, 0)``
    What machines do by themselves, in the order of the kinds:

    BOOT      An instance comes up, and is cold from then on.
    REPAIRED  A failed one comes up again, and is cold; it next fails after another run.
    FAILS     Everything that runs or waits at the instance is lost. Attempts are lost in the order
              of (visitor, step, attempt): for each, its jobs anywhere are dropped and what it holds
              is freed, and its client sees FAILED one ``round_trip`` (of the step's station) later,
              if that is in time; what becomes free is used after all are lost. The instance is down
              until it is repaired.
    SCALING   A decision of the autoscaler, each ``every`` from ``every`` on.
    FEEDBACK  A decision on the rate of release, each ``every`` from ``every`` on.
    PUBLISH   The counts that a line by minute goes by are published, each ``blind`` from 0 on.
COMPLETION
    A job is done. Of a POOL it is due when the service time is over. On a CPU, and where services
    inflate, see below. A QUOTA's is due its service time after the token.
TOKEN ``(station, 0, 0, 0)``
    A quota gives its next token: at the earliest instant at which a job waits, the bucket holds a
    token, as of the line, fewer than its number were taken in the previous 24 hours, and the day
    from the opening on has not had its own.
FREED
    A held server is given back.
SESSION ``(visitor, 0, 0, 0)``
    A session may have ended.
EXPIRY ``(visitor, call number, 0, 0)``
    A call has come to nothing.
RELEASE ``(0, 0, 0, 0)``
    The line is let in, as its release says.
ARRIVAL ``(visitor, 0, 0, 0)``
    Under an OPEN policy the visitor is let in at once. Otherwise: if ``places`` stand in line, he
    is TURNED_AWAY; if the announced wait is longer than he would wait, he has BALKED; else he joins.
ENTRY ``(visitor, call number, 0, 0)``
    Who was called enters. By minute: somebody looks (the call number is 0).
SEND
    An attempt is sent: the first one of a step after thinking, or a later one after a pause.
TIMEOUT
    The client gives an attempt up.
REFERRAL ``(visitor, 0, 0, 0)``
    Somebody in line has brought somebody, and moves ahead.
REFRESH ``(visitor, number, 0, 0)``
    Somebody in line reloads the page.
PATIENCE ``(visitor, 0, 0, 0)``
    Who has not entered by now leaves the line (RENEGED), called or not.

The line
--------
It has an order. FIFO: by number, where each who joins or goes to the end takes the next whole
number. With ``shuffles``, who joins before ``opens`` takes no number and stands before all who
have one, by ``int(u * 2**52)`` of his LOTTERY draw; who goes to the end does take one. PRIORITY: by
the group's ``rank``, then as FIFO. Visitors decide what is left equal. RANDOM: the line is a list,
and joining appends; who is taken out of it, or goes to the end, is replaced by the last one (who
goes to the end is then appended); the next to be called is at index ``int(u * length)``, where
``u`` is the RELEASED draw of visitor 0, step 0, and as attempt the number of calls before (made in
all ways).

Under ROOM who loses patience and is not ``silent`` is out of the line at once. Under LIST, and if
he is silent (SILENCE draw < ``silent``), his place stays until it is called: the call is wasted.
The announced wait is, with ``n`` places taken: for a bucket or feedback ``n * spacing``; batches
``n // size * every``; slots and by minute the longer one of what limits them: of the slots
``needed * held // max(1, total)``, where ``needed = max(0, n + 1 + taken - total)`` have to become
free before his own (who is in counts: with one slot, taken, and nobody in line one is needed), and
of the limit a minute ``n * 60 s // per_minute``. ``held`` is how long slots are held before they
become free: ``session`` until the first has; then that one's time; then, with the ``k``-th that
becomes free after ``t``, ``held += (t - held) // min(k, remembers)`` (rounded down). A slot is held
from being taken until SESSION. He balks if the wait is longer than his BALKING draw.

On joining a visitor's PATIENCE is drawn, once; the first refresh is REFRESH draw (attempt 0) later,
and after the ``i``-th (from 0) the next one is drawn as attempt ``i + 1``. A refresh of somebody
who was not called sends him to the end; after a call or a departure nothing more is reloaded (who
goes to the end because his call expired does not begin again). If ``u`` of his REFERRAL draw of
step 0 is below ``share``, he moves ahead once, the REFERRAL draw of step 1 after joining: if he is
in the line with a number and uncalled, it becomes smaller by ``places`` (under RANDOM, nothing).

Release. The bucket is full at the opening (``full_at = 0``). RELEASE happens at the earliest
instant, ``opens`` or later, at which the line is not empty and the bucket holds a token:
``ready = full_at - (burst - 1) * spacing``, after which ``full_at = max(full_at, now) + spacing``;
one call each. BATCHES: at ``opens + k * every``, ``k`` from 0, the first ``size`` are called, or as
many as there are. SLOTS: as soon as, ``opens`` or later, the line is not empty, fewer than
``total`` slots are taken, and fewer than ``per_minute`` calls were made by releases in this minute
``[k * 60 s, (k + 1) * 60 s)``; one call each.

A call takes the first out of the line. Call number ``i`` of a visitor (from 0): he comes if his
SHOWING_UP draw (attempt ``i``) is below ``shows_up``; he notices the call his ANSWER draw (attempt
``i``) later, and enters at his first look at or after that: he looks on joining (for the first
time) and every ``poll_every`` after it; with ``poll_every = 0`` at the very instant. If he does not
come, or not until ``call_expires`` after the call (at that instant is in time): EXPIRY at that
instant, unless he has lost patience before; where calls do not expire, a no-show is NO_SHOW at the
call's instant. On EXPIRY he is NO_SHOW, or goes to the end. A call on somebody whose patience has
ended is wasted: nothing else happens.

With SLOTS a call takes a slot. Calls made by a policy that opens, and everybody let in under an
open policy, take one too (so that more than ``total`` may be taken). A call that comes to nothing
(wasted, expired, no-show, or patience ended between call and entry) gives its slot back at
``call + min(call_expires, session)`` (SESSION). On entry the session begins. It ends at
``entry + session``; with ``renews``, ``session`` after the latest attempt sent (an attempt sent at
the instant of the end comes too late); with ``early``, at the visit's end if that is earlier. At
the end the slot is free. An entry under an open policy begins it likewise.

BY MINUTE there are no calls and no RELEASE. A visitor's minute is ``joined // 60 s``. He looks on
joining (at once, in ARRIVAL) and every ``poll_every`` after it. At a look before ``opens`` nothing
happens; later he enters, and takes a slot, if his minute is the earliest that anybody has a place
in, the seen number of slots taken is below ``total``, and the seen number of entries is below
``per_minute``. A place is had from joining until entry, or until ``ghost`` after the last look of
who lost patience (the end not included; patience that ends at the instant of a look comes after
it). With ``blind = 0`` both numbers are live: slots taken, and entries so far in this minute.
Otherwise they are those of the last PUBLISH: slots taken then, and the entries of the 60 s minute
before the one it falls in. ``n`` of the announced wait counts ghosts. Policy FIFO, kind ROOM,
without refreshes, referrals, expiry, silence and no-shows. A policy that opens lets everybody
present in at that instant, in the order of visitors.

FEEDBACK is a bucket of burst 1 with ``spacing = max(1, 10**15 // rate)``. The decision at
``k * every`` uses the measurement of ``(k - delay_periods) * every`` (none before ``every``: no
decision). IN_FLIGHT: over the limit if more attempts than that are awaited. P95: over if, in the
period just ended, ``20 * late > answers``, where answers are attempts whose success or timeout was
decided in it (at a completion, at a TIMEOUT), and late are timeouts and those whose ``seen - sent``
is above the limit. Over: ``rate = max(lowest, rate * cut // 1000)``; else
``rate = min(highest, rate + step)``; then the spacing is set as by a CHANGE.

The station
-----------
An attempt sent at ``t`` is a job for the step's station. The instance is: SHARED, the only one
(its servers and waiting room are ``instances`` times those of each, its cores likewise);
ROUND_ROBIN, the first at or after the pointer that is up, cyclically by index, and the pointer
moves behind it; RANDOM, number ``int(u * ups)`` of those up, with the BALANCE draw of (visitor,
step, ``attempt << 8 | call``); LEAST_BUSY, the one of those up with the fewest jobs running and
waiting, the lowest index first. Running counts each occupied server. None up: FAILED, as if turned
away. A free server takes the job; else it waits, if the waiting room has a place; else it is turned
away. Servers take waiting jobs first come, first served (of one instant, in the order of events),
wanted or not: stale work is served all the same. A job that has waited longer than ``sheds_after``
when its turn comes is turned away instead, and the server takes the next. A QUOTA has one instance
and no servers: a job takes a token if nobody waits and one is there, else it waits or is turned
away; at a TOKEN the first is taken, and shed if it waited too long (no token is taken then).

Turned away (or FAILED): an attempt's own job: the client sees it one ``round_trip`` after, if that
is not after its timeout. A called one: the attempt ends with it, its server is freed, and the
client sees it one ``round_trip`` of the step's station after; a refusal's ``retry_after`` is that
of the station that refused.

The own job's service time is the SERVICE draw of (visitor, step, attempt); a called one's of
(visitor, step, ``attempt << 8 | call``) (so call 0 and attempt ``a`` are named ``a``, and
``a << 8 | k`` the calls of it). Where the station has a pace, a service that begins at ``t`` takes
``int(min(service * f + 0.5, FOREVER))`` (a product of floats), with ``f`` the factor of the last
start that is not after ``t``; what the pace does later makes no difference to it. While an instance is cold, for ``for`` from its start, a service
that begins then takes ``service * slowdown // 1000``. When the own service is over and there are
calls, the first called job is sent, at that instant, while the server stays held; when it is
complete the second, and so on; then the attempt is complete, and the server is free. On a CPU a job
that calls is not running, but keeps its server. ``started`` of an attempt is when its own service
began.

Complete: a step that ``holds`` takes a server of that station (instance 0), if one is free there
and no job waits, for its HOLD draw, and FREED follows; if none is free the attempt is turned away
by that station. The server of the step is freed first. If the client still waits for this attempt
and its answer, one ``round_trip`` later, is not after its timeout, the attempt has succeeded at
that later instant; otherwise the work was wasted (what it holds is kept). Then those free servers
take waiting jobs.

A CPU runs ``n`` jobs at the speed ``p = min(1.0, cores / n) / f``, a POOL whose services inflate at
``p = 1.0 / f``, with ``f = inflation[min(n, length) - 1]``; a job that calls does not run, a seat is
no job, and a cold service is longer by itself. The instance keeps ``attained`` service as a float,
0.0 when no job runs: at each event there that changes ``n`` or a CPU's ``cores``, first
``attained += (now - since) * p`` and ``since = now``. A job that starts runs until
``attained >= target`` with ``target = attained + service`` (float); the next COMPLETION is that of
the smallest (target, visitor, step, attempt, call), at
``now + max(0, ceil((target - attained) / p))``, planned anew after each such change.

The autoscaler measures over the last ``window_periods`` periods (fewer at first) the busy time and
the server time: the integrals of occupied servers and of servers in instances that are up (with
SHARED of servers, by CHANGE and scaling), draining ones not counted. It wants
``want = -(-n * use // target)``, ``use = 1000 * busy // server time`` (0 if that is 0), where ``n``
is the instances up or booting; then within ``floor`` and ``ceiling``. If the last action is
``cooldown`` ago or longer (or there was none) and ``want`` differs from ``n``: more boot, and come
up ``boot`` later (the lowest free indices; SHARED: their servers are added then); fewer: the
highest indices up take no more jobs, and are gone (SHARED: their servers go, running work ends); a
booting one is never recalled, so at most those that are up go, and one stays. Failed instances are
neither up nor booting, and are not recalled. Changes of SERVERS set those of each instance.

Failures: instance ``i`` fails its RUN draw of (visitor ``station << 20 | i``, step 0, attempt
``k``) after its start number ``k``, and is repaired its REPAIR draw of the same name later. SHARED
is one instance. One that has left by scaling does not fail; if it boots again that is start
``k + 1``.

Tracks. What goes on at a station is added up in :class:`simulator.outcomes.tracks.Tracks`. Of instances that
are up: of a POOL the occupied servers and the servers, of a CPU ``min(n, cores)`` and the cores, of
a QUOTA the time before ``full_at`` (up or not) and one bucket; and the instances themselves (SHARED:
as many as it consists of). Of all instances the jobs that wait. What reaches a station is counted as
it comes, whatever becomes of it.

The visitor
-----------
Entry: the first attempt of his journey's first step is sent THINK draw (visitor, step) later; if
that is 0, at once, within the event. A step that succeeded is followed by the next one's first
attempt, THINK later than the answer was seen, by SEND; after the last step he is SERVED at the
instant of the answer. An attempt that failed, at the instant the client sees it, is followed by the
next one after the pause of :class:`simulator.system.people.Retries` (a jittered pause, by the BACKOFF draw
of (visitor, step, attempt), is rounded down; who honours it, HONOUR draw below the group's share,
pauses at least ``retry_after`` after a refusal), unless the attempts are used up, or it would be
sent later than ``gives_up_after`` after his entry, or the group's retry budget, asked in this order
and at the event that decides the failure, has no million left: then he GAVE_UP at the instant of
seeing. A budget holds at most ``budget_burst`` millions, as at the opening; each first attempt of
a step adds ``budget_millionths`` when it is sent.

TIMEOUT at ``sent + client_timeout``: TIMED_OUT then. If the group ``cancels``, all jobs of the
attempt are dropped, waiting or running, and their servers freed, the called one's first; otherwise
the server does not know, and a CPU or pool works on.

Ends
----
At the ``horizon`` the line closes: of arrivals, releases, expiry, entries, looks, referrals,
refreshes, patience and changes of policy nothing happens at or after it, and who still stands in
the line, called or not, is WAITING. Those let in go on until ``end``; no event happens and no
answer is seen at or after it, and who is still under way is UNFINISHED.

Every draw is named by :meth:`simulator.timetable.timetable.Timetable.uniform` with its role in
:mod:`simulator.timetable.draws`; step and attempt are 0 where nothing else is said. Steps are numbered as in
:attr:`simulator.system.system.System.steps`. Agreement between the three implementations (SimPy, the event
loop, the kernel without events) means: equal rows. They share draws and these keys, and no rule.
"""

from __future__ import annotations

from typing import Protocol

from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Outcomes
from simulator.system.system import System
from simulator.timetable.timetable import Timetable

(
    CHANGE,
    CONTROL,
    COMPLETION,
    TOKEN,
    FREED,
    SESSION,
    EXPIRY,
    RELEASE,
    ARRIVAL,
    ENTRY,
    SEND,
    TIMEOUT,
    REFERRAL,
    REFRESH,
    PATIENCE,
) = range(15)
"""Classes of events: of two at one instant the lower class comes first."""

BOOT, REPAIRED, FAILS, SCALING, FEEDBACK, PUBLISH = range(6)
"""Kinds of CONTROL, in their order."""

Key = tuple[int, int, int, int, int]
"""Places an event among those of one instant: its class, then what is said above."""


class Engine(Protocol):
    """Anything that plays a timetable against a system."""

    name: str

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks.

        With ``bin_ns`` also what the stations do over time, in bins of that width.
        """
        ...

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        """What :func:`simulator.outcomes.counts.fold.summarise` makes of all that; no row needs to be kept."""
        ...
