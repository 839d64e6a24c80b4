"""What makes no sense together in a launch whose tables are right, each by itself.

What no table can see alone is told here: the line and what operators do to it, steps and the
stations that they need, people and the line that they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.errors import Mistake
from simulator.scenario.checks.costs import unweighable
from simulator.scenario.checks.found import Found
from simulator.scenario.checks.placeholders import unknown_placeholders
from simulator.scenario.checks.recorded import nonsense_of_requests
from simulator.scenario.words.changes import Change, station_lever
from simulator.scenario.words.document import Document
from simulator.scenario.words.journeys import Hold, stations_needed
from simulator.scenario.words.people import People
from simulator.scenario.words.stations import Station, cost_of
from simulator.scenario.words.waitlist import Waitlist
from simulator.text.wording import format_duration


def nonsense(words: Document, file: str) -> list[Mistake]:
    """Everything in a valid document that makes no sense together."""
    found = (
        *_window(words),
        *_drain(words),
        *_shares(words),
        *_holds(words),
        *_measured(words),
        *_opening(words),
        *_policies(words),
        *_people_by_minute(words),
        *_changes(words),
        *_locust(words),
        *nonsense_of_requests(words),
        *unweighable(words),
        *unknown_placeholders(words),
    )
    return [Mistake(file, each.key, each.problem, each.remedy) for each in found]


def _window(words: Document) -> Iterator[Found]:
    replay = words.replay
    if replay is not None and replay.from_ns + replay.for_ns > words.launch.horizon_ns:
        problem = "the rehearsal ends after the launch's horizon"
        yield Found("replay.for", problem, "make it shorter, or the horizon longer")


def _drain(words: Document) -> Iterator[Found]:
    """Who is sent at the end of the rehearsal is waited for as long as he would wait himself.

    Else nobody could tell whether he would have been answered. Who has no timeout sets no limit: he
    is waited for as long as the drain says, and if he has no answer then, nobody knows.
    """
    replay = words.replay
    if replay is None:
        return
    timeouts = {
        people.name: people.client_timeout_ns
        for people in words.people
        if people.client_timeout_ns is not None and _is_sent(people, words)
    }
    name = max(timeouts, key=lambda each: timeouts[each], default="")
    if name and replay.drain_ns < timeouts[name]:
        longest = format_duration(timeouts[name])
        yield Found(
            "replay.drain",
            f'is {format_duration(replay.drain_ns)}, and "{name}" wait up to {longest} for an answer'
            " (client_timeout): the last of them would have none when it ends",
            f'write drain = "{longest}", or more',
        )


def _is_sent(people: People, words: Document) -> bool:
    """Whether any step that they take is sent."""
    takes = people.journeys or {words.journey[0].name: 1.0}
    return any(journey.sent for journey in words.journey if takes.get(journey.name))


def _shares(words: Document) -> Iterator[Found]:
    """Where there are several journeys, each group says which of them it takes."""
    names = [journey.name for journey in words.journey]
    for people in words.people:
        if len(names) > 1 and not people.journeys:
            shares = ", ".join(f"{name} = {1 / len(names):.2g}" for name in names)
            problem = f"is missing, and there are {len(names)} journeys"
            yield Found(f"people.{people.name}.journeys", problem, f"write {{ {shares} }}")


def _holds(words: Document) -> Iterator[Found]:
    """What is held is a server of one place."""
    stations = {station.name: station for station in words.station}
    for journey in words.journey:
        for step in journey.step:
            if step.holds is not None:
                key = f"journey.{journey.name}.step.{step.name}.holds.at"
                yield from _seat(key, step.holds, stations)


def _measured(words: Document) -> Iterator[Found]:
    """A station that was measured by request knows what each of its steps costs."""
    stations = {station.name: station for station in words.station}
    for journey in words.journey:
        for step in journey.step:
            known = stations[step.at].serves
            if (
                step.request
                and known
                and step.work is None
                and cost_of(known, str(step.request), step.name) is None
            ):
                key = f"journey.{journey.name}.step.{step.name}.request"
                problem = (
                    f'is "{step.request}", and "{step.at}" was measured for {", ".join(known)}'
                )
                remedy = "measure it: surgeproof probe --target URL --like FILE --write STATIONS"
                yield Found(key, problem, remedy)


def _locust(words: Document) -> Iterator[Found]:
    """Who brings a user of his own sends what that user sends, and nothing else."""
    replay, lined = words.replay, has_line(words.waitlist, words.change)
    for journey in words.journey:
        if journey.locust and lined and replay is not None and replay.line_spoken.is_at_the_step:
            problem = f"is at the first request, and {journey.locust} makes that one by himself"
            remedy = 'give the line requests of its own (join), or write preset = "none"'
            yield Found("replay.line", problem, remedy)
        for step in journey.step if journey.locust else ():
            if step.request is not None:
                key = f"journey.{journey.name}.step.{step.name}.request"
                problem = f"is never sent: {journey.locust} takes this journey"
                yield Found(key, problem, "leave one of them out")


def _seat(key: str, holds: Hold, stations: Mapping[str, Station]) -> Iterator[Found]:
    station = stations[holds.at]
    if station.kind == "quota":
        yield Found(key, f'"{holds.at}" is a quota and has no server to hold', "name a pool")
    elif station.balance != "shared":
        problem = (
            f'the instances of "{holds.at}" have a queue each, but a seat is held at one of them'
        )
        yield Found(key, problem, 'name a station with balance = "shared"')


def _opening(words: Document) -> Iterator[Found]:
    """A line that opens lets somebody in before the launch is over."""
    opens_ns, horizon_ns = words.waitlist.opens_ns or 0, words.launch.horizon_ns
    if opens_ns >= horizon_ns and has_line(words.waitlist, words.change):
        problem = (
            f"is {format_duration(opens_ns)}, and the launch is over after"
            f" {format_duration(horizon_ns)}: nobody would ever be let in"
        )
        yield Found("waitlist.opens", problem, "open it earlier, or make launch.horizon longer")


def _policies(words: Document) -> Iterator[Found]:
    """A line has one order; operators open it, and close it again to that."""
    later = [change.policy for change in words.change]
    closed = {policy for policy in (words.waitlist.policy, *later) if policy not in (None, "open")}
    if len(closed) > 1:
        named = ", ".join(sorted(map(str, closed)))
        problem = f"the line would change its order while people wait in it: {named}"
        yield Found("change", problem, "open it, and close it again to the same policy")
    elif "shuffle-then-fifo" in later and not words.waitlist.opens_ns:
        problem = "is missing, so nobody could have come before the line opens"
        yield Found("waitlist.opens", problem, 'add opens = "10 min"')
    elif closed and closed != {"fifo"} and words.waitlist.by_minute:
        problem = "is by minute, which is always first come, first served"
        yield Found(
            "waitlist.release.slots.dialect", problem, 'set every policy to "fifo" or "open"'
        )


def has_line(waitlist: Waitlist, changes: tuple[Change, ...]) -> bool:
    """Whether anybody ever stands in line."""
    return any(policy not in (None, "open") for policy in (waitlist.policy, *_later(changes)))


def _later(changes: tuple[Change, ...]) -> Iterator[str | None]:
    return (change.policy for change in changes)


def _people_by_minute(words: Document) -> Iterator[Found]:
    if not words.waitlist.by_minute or not has_line(words.waitlist, words.change):
        return
    for people in words.people:
        for word in _of_calls(people):
            problem = "has no effect: the line is let in by minute, so nobody is called"
            yield Found(f"people.{people.name}.{word}", problem, "leave it out")


def _of_calls(people: People) -> Iterator[str]:
    """What people do that means nothing where nobody has a place of his own, or is called."""
    if people.silent:
        yield "silent"
    if people.shows_up < 1:
        yield "shows_up"
    if people.answers_after is not None:
        yield "answers_after"
    if people.refreshes.law != "never":
        yield "refreshes"
    if people.refers is not None:
        yield "refers"


def _changes(words: Document) -> Iterator[Found]:
    """What operators set must be there to be set."""
    for number, change in enumerate(words.change, start=1):
        key = f"change[{number}].set"
        if isinstance(change.set_, str):
            yield from _servers(f"change[{number}]", change.station, words)
            continue
        for lever in change.set_:
            for problem, remedy in _lever(lever, words):
                yield Found(key, problem, remedy)


def _servers(key: str, named: str | None, words: Document) -> Iterator[Found]:
    """Where "-3 servers" go."""
    quotas = [station.name for station in words.station if station.kind == "quota"]
    having = [name for name in stations_needed(words.journey) if name not in quotas]
    if named in quotas:
        yield Found(f"{key}.station", f'"{named}" is a quota and has no servers', "name another")
    if named is None and len(having) != 1:
        problem = f"is missing, and {len(having) or 'no'} stations have servers"
        yield Found(f"{key}.station", problem, f"name one of {', '.join(having)}" if having else "")


def _lever(lever: str, words: Document) -> Iterator[tuple[str, str]]:
    """Whether the line or the station is of a kind that has this lever."""
    release = words.waitlist.release
    if lever == "waitlist.release.rate" and release is not None and not release.is_rate:
        yield f'"{lever}" is set, but the line is not let in at a rate', "change something else"
    if lever == "waitlist.release.slots.total" and (release is None or release.slots is None):
        yield f'"{lever}" is set, but the line is not let in by slots', "change something else"
    if found := station_lever(lever):
        name, word = found
        kind = next(station.kind for station in words.station if station.name == name)
        if word not in LEVERS_OF[kind]:
            has = ", ".join(LEVERS_OF[kind])
            yield f'"{lever}" is set, but "{name}" is a {kind}', f"it has {has}"


LEVERS_OF: Mapping[str, tuple[str, ...]] = {
    "pool": ("servers", "waiting_room"),
    "cpu": ("servers", "waiting_room", "cores"),
    "quota": ("quota.rate", "waiting_room"),
}
