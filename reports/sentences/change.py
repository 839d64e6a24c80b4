"""How a single change of a system is said to people."""

from __future__ import annotations

import math

from reports.sentences import words
from simulator.advice.change.remedy import Remedy
from simulator.advice.change.toll import Toll
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.system.system import System
from simulator.text.wording import format_factor
from simulator.units import NS_PER_S

PAUSES = {
    Turn.DEADLINE,
    Turn.BACKOFF,
    Turn.CLIENT_TIMEOUT,
    Turn.BATCH_EVERY,
    Turn.SESSION,
    Turn.POLL,
}
WITHOUT_SIZE = {
    Turn.EARLY: "sessions that end when their visits do (early_release = true)",
    Turn.NO_LINE: "no line at all",
}


def change_text(tweak: Tweak, value: float, system: System) -> str:
    """What would be otherwise.

    >>> from simulator.timetable.laws import Duration
    >>> from simulator.system.people import People
    >>> from simulator.system.stations import Station
    >>> signup = Station(name="signup", servers=8, service=Duration.fixed(1))
    >>> system = System(people=(People(name="all"),), stations=(signup,))
    >>> change_text(Tweak(turn=Turn.SERVERS, now=8), 11, system)
    '11 instead of 8 servers at signup'
    """
    name = system.stations[tweak.station].name
    if tweak.turn in (Turn.QUOTA, Turn.RELEASE, Turn.LINE):
        return _rate(tweak, value, name, system)
    if tweak.turn in PAUSES:
        return _pause(tweak, value, name)
    if tweak.turn in WITHOUT_SIZE:
        return WITHOUT_SIZE[tweak.turn]
    both = f"{words.count(value)} instead of {words.count(tweak.now)}"
    return {
        Turn.SERVERS: f"{both} servers at {name}",
        Turn.CORES: f"{both} cores at {name}",
        Turn.INSTANCES: f"{both} instances of {name}",
        Turn.FLOOR: f"{both} instances of {name} at the least",
        Turn.CEILING: f"{both} instances of {name} at the most",
        Turn.PER_DAY: f"{both} per day at {name}",
        Turn.WAITING_ROOM: f"{both} places to wait at {name}",
        Turn.BATCH: f"{both} let in at a time",
        Turn.SLOTS: f"{both} sessions at a time",
        Turn.PER_MINUTE: f"{both} let in per minute",
        Turn.PLACES: f"{both} places in the line",
    }[tweak.turn]


IN_BRIEF = {
    Turn.SERVERS: "{name} servers",
    Turn.CORES: "{name} cores",
    Turn.INSTANCES: "{name} instances",
    Turn.FLOOR: "{name} fewest instances",
    Turn.CEILING: "{name} most instances",
    Turn.QUOTA: "{name} quota",
    Turn.PER_DAY: "{name} quota a day",
    Turn.WAITING_ROOM: "{name} places to wait",
    Turn.RELEASE: "let in",
    Turn.BATCH: "let in at a time",
    Turn.BATCH_EVERY: "time between batches",
    Turn.SLOTS: "sessions at a time",
    Turn.SESSION: "length of sessions",
    Turn.PER_MINUTE: "let in per minute",
    Turn.POLL: "time between polls",
    Turn.PLACES: "places in the line",
    Turn.BACKOFF: "first retry pause",
    Turn.CLIENT_TIMEOUT: "client timeout",
}


def change_in_brief(tweak: Tweak, value: float, system: System) -> str:
    """The same for a narrow column.

    >>> from simulator.timetable.laws import Duration
    >>> from simulator.system.people import People
    >>> from simulator.system.stations import Station
    >>> signup = Station(name="signup", servers=8, service=Duration.fixed(1))
    >>> system = System(people=(People(name="all"),), stations=(signup,))
    >>> change_in_brief(Tweak(turn=Turn.SERVERS, now=8), 11, system)
    'signup servers 8 → 11'
    >>> change_in_brief(Tweak(turn=Turn.LINE, now=8.0, up=False), 5.5, system)
    'a line that lets in 5.5/s'
    """
    said = IN_BRIEF.get(tweak.turn)
    if said is None:
        return change_text(tweak, value, system)
    now, then = (_value_in_brief(tweak.turn, each) for each in (tweak.now, value))
    return f"{said.format(name=system.stations[tweak.station].name)} {now} → {then}"


def _value_in_brief(turn: Turn, value: float) -> str:
    if turn in (Turn.QUOTA, Turn.RELEASE):
        return words.figure(value, "1/s")
    return words.figure(value / NS_PER_S, "s") if turn in PAUSES else words.count(value)


def _rate(tweak: Tweak, value: float, name: str, system: System) -> str:
    now, then = (words.figure(rate, "1/s") for rate in (tweak.now, value))
    if tweak.turn is Turn.QUOTA:
        return f"{then} instead of {now} at {name}"
    if tweak.turn is Turn.LINE:
        return f"a line that lets in {then}"
    said = f"{then} instead of {now} let in"
    follows = system.waitlist.follows
    if follows is None:
        return said
    share = follows.share * value / tweak.now
    return f"{said} (share_of_capacity = {format_factor(share)} instead of {format_factor(follows.share)})"


def _pause(tweak: Tweak, value: float, name: str) -> str:
    now, then = (words.figure(ns / NS_PER_S, "s") for ns in (tweak.now, value))
    if tweak.turn is Turn.DEADLINE:
        return f"turning away at {name} whoever has waited {then} there, the client timeout"
    if tweak.turn is Turn.CLIENT_TIMEOUT:
        return f"clients that wait {then} instead of {now} for an answer"
    both = f"{then} instead of {now}"
    if tweak.turn is Turn.BATCH_EVERY:
        return f"a batch every {both}"
    if tweak.turn is Turn.SESSION:
        return f"sessions of {both}"
    if tweak.turn is Turn.POLL:
        return f"a poll every {both} by those who wait"
    start = f"{then} instead of {now}" if tweak.now else then
    return f"retry pauses that start at {start}"


def remedy_text(remedy: Remedy, system: System) -> str:
    """The change, how sure it is, and what it costs people in the line."""
    said = change_text(remedy.tweak, remedy.value, system)
    held = f"{remedy.holds:,} of {words.times(remedy.launches, 'launch')} hold"
    cost = toll_text(remedy.tweak, remedy.value, remedy.toll, system)
    return f"{said}: {held}{f'; {cost}' if cost else ''}"


def toll_text(tweak: Tweak, value: float, toll: Toll | None, system: System) -> str:
    """What people pay for it, in 95 of 100 launches at most; empty where it was not asked.

    >>> from simulator.timetable.laws import Duration
    >>> from simulator.system.people import People
    >>> from simulator.system.stations import Station
    >>> signup = Station(name="signup", servers=8, service=Duration.fixed(1))
    >>> system = System(people=(People(name="all"),), stations=(signup,))
    >>> tweak, toll = Tweak(turn=Turn.LINE, now=8.0), Toll(never_let_in=0.0, left=0.0)
    >>> toll_text(tweak, 4.0, toll, system)
    'with it 95 % wait at most 0 s in line, 0 % never get in and 0 % leave it'
    """
    if toll is None:
        return ""
    if not tweak.applied(system, value).has_line:
        return "nobody waits in a line"
    waits = "more than 5 % of the waits never end"
    if math.isfinite(toll.wait_p95_s):
        waits = f"95 % wait at most {words.duration(toll.wait_p95_s)} in line"
    kept, left = words.percent(toll.never_let_in), words.percent(toll.left)
    return f"with it {waits}, {kept} never get in and {left} leave it"
