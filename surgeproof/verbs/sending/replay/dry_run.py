"""``surgeproof replay --dry-run``: what would be sent, to whom, and whom that may reach; nothing is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from scenarios.http import allow
from scenarios.http.allow import Target
from scenarios.http.line import TOKEN_VARIABLE
from scenarios.http.manners import Manners, manners_of
from scenarios.library import shelf as library
from scenarios.mail.commands import mails_in_words, named_in
from scenarios.probe.probe import RATE_PER_S
from scenarios.rehearsal.brought import code_in_words
from scenarios.rehearsal.line import line_in_words
from scenarios.rehearsal.parties import parties
from scenarios.rehearsal.sendable import known_requests, replay_of, step_requests
from simulator.plan import peaks
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.stations import Station
from simulator.text.harmless import harmless
from simulator.text.wording import format_count, format_duration
from surgeproof.verbs.sending.meanwhile.halt import stop_file
from surgeproof.verbs.sending.meanwhile.live import audience
from surgeproof.verbs.sending.meanwhile.operated import require_within
from surgeproof.verbs.sending.meanwhile.team import aside
from surgeproof.verbs.sending.probe.wish import Wish, announced
from surgeproof.verbs.sending.rehearsal.rehearsal import Rehearsal
from surgeproof.verbs.sending.replay.asked import Wanted

Counts = Mapping[tuple[str, str], int]
"""How often a step is asked for, by its journey and name."""
PROBED = 60
"""How often each request, where the servers are known."""


def run(wanted: Wanted) -> int:
    """Say it, by the stations that are known without a probe.

    The exit code is 0, also where sending would be refused: that is said. Raises what a replay raises where it could
    not begin: a secret that is not set, a target whose name nobody knows.
    """
    asked, team = wanted.asked, wanted.team
    also = aside(team, asked.metrics, asked.otlp, asked.scrape, wanted.actions)
    also += asked.pins.planned(allow.resolve(asked.target), team.here)
    with audience(metrics=asked.metrics, otlp=asked.otlp):  # who cannot be served would not be then
        manners = manners_of(wanted.scenario, step_requests(wanted.sent))
        made, stations = foreseen(wanted)
        tell_all(made, asked.target, manners, stations, asked.servers, also)
    return 0


def foreseen(
    wanted: Wanted, known: Arriving | None = None
) -> tuple[Rehearsal, Sequence[Station] | None]:
    """The rehearsal by the stations that are known without a probe, and these: what could never be sent is refused here.

    ``known``: who comes, where that has been found already. Raises ScenarioError and UsageError.
    """
    asked, stations = wanted.asked, None
    if asked.system is not None:
        stations = library.stations_in(asked.system)
    met = asked.system is not None
    made = Rehearsal.of(
        asked.label, wanted.launch, stations, asked.seed, known, launch_meets_them=met
    )
    require_within(wanted.actions, made.plan)
    return made, stations


def tell_all(
    rehearsal: Rehearsal,
    target: str,
    manners: Manners,
    stations: Sequence[Station] | None,
    servers: int | None,
    also: Sequence[str],
) -> None:
    """Print all of it."""
    found, scenario, plan = allow.resolve(target), rehearsal.scenario, rehearsal.plan
    print(f"{scenario.name}: a dry run, nothing is sent; without --dry-run this is:")
    for label, lines in (
        ("to", [allow.in_words(found)]),
        ("visitors", [f"{format_count(len_of(plan))}, {peaks.in_words(plan)}"]),
        ("line", in_line(scenario, plan)),
        ("requests", requests(rehearsal)),
        ("health", health(manners)),
        ("before it", [*before(rehearsal, found, stations, servers), *set_up(manners)]),
        ("run here", [*code_in_words(scenario.words), *mails_in_words(scenario)]),
        ("beside it", also),
        ("ends early", ends_early(scenario, manners)),
    ):
        for number, line in enumerate(lines):
            print(f"  {'' if number else label:<12}{harmless(line)}")
    tell_parties(rehearsal, found)


def tell_parties(rehearsal: Rehearsal, target: Target) -> None:
    """Whom else it may reach."""
    _, most = counted(rehearsal)
    others = list(parties(rehearsal.scenario.words, most, target.host))
    print(
        "third parties that the launch file shows:"
        if others
        else "no third party is shown by the launch file"
    )
    for party in others:
        print(f"  {harmless(str(party))}")
    print("only the target's owners know all that it asks of others: ask them before you send")


def len_of(plan: Plan) -> int:
    """How many visitors are sent."""
    return sum(len(rows) for rows in plan.timetable().arrivals())


def counted(rehearsal: Rehearsal) -> tuple[Counts, Counts]:
    """How often each step is asked for: once by everybody, and at most, all retries included."""
    plan = rehearsal.plan
    groups: Counter[int] = Counter()
    for rows in plan.timetable().arrivals():
        groups.update(rows.people.tolist())
    once, most = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for number, people in enumerate(plan.system.people):
        journey = rehearsal.sent.scenario.words.journey[people.journey]
        for step in journey.step:
            each = groups[number] * step.times
            once[journey.name, step.name] += each
            most[journey.name, step.name] += each * people.retries.attempts
    return once, most


def requests(rehearsal: Rehearsal) -> Iterator[str]:
    """Each request of a step, and how often."""
    once, most = counted(rehearsal)
    for journey in rehearsal.sent.scenario.words.journey:
        for step in journey.step:
            key = journey.name, step.name
            asked = step.request or f"{step.name}, by {journey.locust}"
            with_retries = (
                f", with all retries {format_count(most[key])}" if most[key] > once[key] else ""
            )
            yield f"{asked} ({journey.name}): {format_count(once[key])}{with_retries}"


def in_line(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """How people wait, and what that sends."""
    if not plan.system.has_line:
        return
    replay = replay_of(scenario)
    yield line_in_words(scenario.words, replay) or f"people join it at POST {replay.endpoints.line}"
    every = plan.system.waitlist.poll_every_ns
    if every:
        yield f"who waits asks each {format_duration(every)}, or as often as the target says"


def health(manners: Manners) -> Iterator[str]:
    """What is asked to see that the target is well."""
    if manners.health is None:
        yield "nothing is asked: a connection is made"
    else:
        yield f"{manners.health}, before the opening and where connections break"


def before(
    rehearsal: Rehearsal, target: Target, stations: Sequence[Station] | None, servers: int | None
) -> Iterator[str]:
    """What is sent to measure the target, where it has not been measured."""
    wanted = known_requests(rehearsal.sent.scenario)
    if stations is None and wanted and not rehearsal.scenario.words.system:
        yield from announced(target, wanted, Wish(), PROBED, RATE_PER_S, given=servers is not None)


def set_up(manners: Manners) -> Iterator[str]:
    """How the line of a target that speaks the reference protocol is made as planned."""
    asked = manners.health
    if manners.line.preset == "surgeproof" and asked is not None and asked.method == "GET":
        yield (
            f"the line that {asked.path} tells of is set by POST /admin/line, where {TOKEN_VARIABLE} is set"
        )


def ends_early(scenario: Scenario, manners: Manners) -> Iterator[str]:
    """What ends it, and what is done then."""
    alarms = manners.alarms
    yield "where the target dies (exit code 4)"
    if alarms.errors is not None:
        yield f"where more than {alarms.errors:g} of the answers to a request fail"
    for quantile, limit_ns in alarms.slower:
        yield f"where the p{100 * quantile:g} of a request is above {format_duration(limit_ns)}"
    if alarms.health is not None:
        yield f"where {alarms.health}, asked each 400 ms, fails twice in a row"
    file = stop_file(scenario)
    if file is not None:
        yield f"where the file {file} is made"
    yield "where this command is sent SIGUSR1"
    for key, text in named_in(scenario):
        if key == "replay.cleanup":
            yield f"afterwards: {text}"
