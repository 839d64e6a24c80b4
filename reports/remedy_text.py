"""How a single change of a system is said to people."""

from __future__ import annotations

from reports import words
from simulator.quantities import NS_PER_S
from simulator.remedy import Remedy
from simulator.system import System
from simulator.tweak import Turn, Tweak


def change_text(tweak: Tweak, value: float, system: System) -> str:
    """What would be otherwise.

    >>> from simulator.duration import Duration
    >>> from simulator.system_people import People
    >>> from simulator.system_stations import Station
    >>> signup = Station(name="signup", servers=8, service=Duration.fixed(1))
    >>> system = System(people=(People(name="all"),), stations=(signup,))
    >>> change_text(Tweak(turn=Turn.SERVERS, now=8), 11, system)
    '11 instead of 8 servers at signup'
    """
    name = system.stations[tweak.station].name
    if tweak.turn in (Turn.QUOTA, Turn.RELEASE, Turn.LINE):
        return _rate(tweak, value, name)
    if tweak.turn in (Turn.DEADLINE, Turn.BACKOFF, Turn.CLIENT_TIMEOUT):
        return _pause(tweak, value, name)
    both = f"{words.count(value)} instead of {words.count(tweak.now)}"
    return {
        Turn.SERVERS: f"{both} servers at {name}",
        Turn.CORES: f"{both} cores at {name}",
        Turn.INSTANCES: f"{both} instances of {name}",
        Turn.PER_DAY: f"{both} a day at {name}",
        Turn.WAITING_ROOM: f"{both} places to wait at {name}",
        Turn.BATCH: f"{both} let in at a time",
        Turn.SLOTS: f"{both} sessions at a time",
    }[tweak.turn]


def _rate(tweak: Tweak, value: float, name: str) -> str:
    now, then = (words.figure(rate, "1/s") for rate in (tweak.now, value))
    if tweak.turn is Turn.QUOTA:
        return f"{then} instead of {now} at {name}"
    if tweak.turn is Turn.LINE:
        return f"a line that lets in {then}"
    return f"{then} instead of {now} let in"


def _pause(tweak: Tweak, value: float, name: str) -> str:
    now, then = (words.figure(ns / NS_PER_S, "s") for ns in (tweak.now, value))
    if tweak.turn is Turn.DEADLINE:
        return f"turning away at {name} whoever has waited {then} there, as long as clients wait"
    if tweak.turn is Turn.CLIENT_TIMEOUT:
        return f"clients that wait {then} instead of {now} for an answer"
    start = f"{then} instead of {now}" if tweak.now else then
    return f"pauses that start at {start} before trying again"


def remedy_text(remedy: Remedy, system: System) -> str:
    """The change, and how sure it is."""
    said = change_text(remedy.tweak, remedy.value, system)
    return f"{said}: {remedy.holds:,} of {words.times(remedy.launches, 'launch')} hold"
