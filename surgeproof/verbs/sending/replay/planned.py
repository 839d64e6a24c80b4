"""A rehearsal that is known in numbers: the target is measured, and what sending takes of it is predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.library import shelf as library
from scenarios.rehearsal.few import too_few_in_words
from scenarios.rehearsal.line import line_in_words
from scenarios.rehearsal.sendable import keys_of, known_requests, replay_of
from scenarios.replay.preparation import prepare
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving
from simulator.scenario.scenario import Scenario, read_stations
from simulator.scenario.words.stations import Station
from surgeproof import effort
from surgeproof.endings import tell
from surgeproof.engines import engine_named
from surgeproof.verbs.sending.meanwhile.unkept import Unkept
from surgeproof.verbs.sending.probe.in_words import in_words
from surgeproof.verbs.sending.probe.measuring import Heed, measure
from surgeproof.verbs.sending.rehearsal.rehearsal import Rehearsal
from surgeproof.verbs.sending.replay.asked import Wanted
from surgeproof.verbs.sending.replay.place import Place
from surgeproof.verbs.sending.sharing import Sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What will be predicted, and then sent."""

    rehearsal: Rehearsal
    measured: str
    """Who says what the target's stations are."""
    sharing: str
    """What sending takes of the target's cores, in words."""

    @classmethod
    def of(
        cls, wanted: Wanted, place: Place, people: Arriving, heed: Heed, unkept: Unkept
    ) -> Planned:
        """Measure the target where nobody says what it is, and make its line as the launch has it.

        ``people``: who comes; ``heed`` raises what ends the measuring; ``unkept`` is told what was measured. Raises what a
        probe raises, and ScenarioError where the launch cannot be rehearsed.
        """
        asked = wanted.asked
        with place.sending():
            stations, measured = measured_stations(wanted, place, heed, unkept)
        met = asked.system is not None
        rehearsal = Rehearsal.of(
            asked.label, wanted.launch, stations, asked.seed, people, launch_meets_them=met
        )
        for plan in (rehearsal.launch, rehearsal.plan):
            effort.tell_of(plan, rehearsal.engine, asked.launches)
        less = "a lower replay.demand_factor"
        effort.tell_of(rehearsal.plan, engine_named("simpy"), 1, less=less)
        for line in too_few_in_words(wanted.sent.words, rehearsal.plan.demand.total):
            tell(line)
        tells = prepare(place.target, rehearsal.plan.system.waitlist, place.manners)
        tell_of_line(wanted.scenario, rehearsal.plan, tells=tells)
        sharing = Sharing.of(
            place.target,
            keep_alive=place.manners.keep_alive,
            is_ours=tells,
            apart=place.apart,
            here=wanted.team.here / wanted.team.many,
        )
        others = sharing.beside(rehearsal.plan.system, rehearsal.probed)
        rehearsal, shared = rehearsal.beside(others)
        return cls(rehearsal=rehearsal, measured=measured, sharing=sharing.in_words(shared))


def measured_stations(
    wanted: Wanted, place: Place, heed: Heed, unkept: Unkept
) -> tuple[Sequence[Station] | None, str]:
    """The stations that the rehearsal meets, and who says so.

    They are read from a file, or were named by the scenario, or else the requests that are sent are
    measured now.
    """
    asked, words = wanted.asked, wanted.scenario.words
    if asked.system is not None:
        return library.stations_in(asked.system), f"stations from {asked.system}"
    if words.system:
        return None, f"stations from {words.system}"
    requests = known_requests(wanted.sent)
    if not requests:
        return words.station, "stations as the launch file says: a locustfile is not probed"
    found = measure(
        place.target,
        requests,
        manners=place.manners,
        servers=asked.servers,
        waiting_room=asked.waiting_room,
        keys=keys_of(wanted.sent),
        office=place.office,
        heed=heed,
        unkept=unkept,
    )
    unkept.stations = found.stations_toml()
    return read_stations(unkept.stations, "the probe's result"), in_words(found)


def tell_of_line(scenario: Scenario, plan: Plan, *, tells: bool) -> None:
    """How people will wait, where the target does not tell of a line like ours."""
    replay = replay_of(scenario)
    if said := line_in_words(scenario.words, replay):
        tell(f"line: {said}")
    elif plan.system.has_line and not tells:
        tell(
            f"the target tells nothing of a line: people join it at POST {replay.endpoints.line}; if it"
            ' has another, or none, add [replay.line] with preset = "plain", "cloudflare" or "none"'
        )
