"""How long those who are let in may still need after the horizon."""

from __future__ import annotations

from simulator.system.journeys import Journey, Step
from simulator.system.people import People, Retries
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.laws import almost_longest_ns
from simulator.units import FOREVER


def grace_ns(system: System, horizon_ns: int) -> int:
    """How long the last of those let in may take, but not longer than the launch.

    Attempts end with the client's timeout, whatever they wait for, so that all of them, their
    pauses and the thinking before them bound a visit. Who has no timeout has as long as the launch
    took.
    """
    return min(horizon_ns, max(longest_ns(people, system) for people in system.people))


def longest_ns(people: People, system: System) -> int:
    """How long a visit can take; its thinking with one chance in a thousand a step."""
    if people.client_timeout_ns == FOREVER:
        return FOREVER
    journey = system.journeys[people.journey]
    all_ns = sum(step_ns(people, step, system.stations) for step in journey.steps)
    return min(FOREVER, all_ns, given_up_ns(people, journey, system.stations))


def step_ns(people: People, step: Step, stations: tuple[Station, ...]) -> int:
    """How long all attempts at a step can take, with the pauses between them."""
    retries = people.retries
    asked_ns = retry_after_ns(step, stations) if people.honours_retry_after else 0
    return (
        almost_longest_ns(step.think)
        + retries.attempts * people.client_timeout_ns
        + pauses_ns(retries, asked_ns)
        + stations[step.station].round_trip_ns
    )


def given_up_ns(people: People, journey: Journey, stations: tuple[Station, ...]) -> int:
    """How long a visit can take that gives up: from then on each step has one attempt."""
    once_ns = sum(
        almost_longest_ns(step.think)
        + people.client_timeout_ns
        + stations[step.station].round_trip_ns
        for step in journey.steps
    )
    return people.gives_up_after_ns + people.client_timeout_ns + once_ns


def pauses_ns(retries: Retries, asked_ns: int) -> int:
    """All pauses of a step together, the longest that jitter and refusals allow."""
    pauses = retries.attempts - 1
    single_ns = [
        max(asked_ns, min(retries.cap_ns, retries.backoff_ns << doubled)) for doubled in range(61)
    ]
    # From then on they are as long as the last one.
    later_ns = max(0, pauses - len(single_ns)) * single_ns[-1]
    return sum(single_ns[:pauses]) + later_ns


def retry_after_ns(step: Step, stations: tuple[Station, ...]) -> int:
    """The longest wait that a refusal at a step can ask for."""
    refusing = [step.station, *(call.station for call in step.calls)]
    if step.holds is not None:
        refusing.append(step.holds.station)
    return max(stations[number].retry_after_ns for number in refusing)
