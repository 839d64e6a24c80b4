"""``surgeproof replay``: rehearse a launch against a real server, instant by instant, and judge it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from reports.run.facts import RunFacts
from reports.run.folder import RunFolder, observed_part
from scenarios.http import allow
from scenarios.http.allow import Target, check_target
from scenarios.http.manners import Manners, manners_of, trust_of
from scenarios.library import shelf as library
from scenarios.machine.apart import Apart
from scenarios.machine.scraper import scraper_of
from scenarios.mail.commands import command_of
from scenarios.mail.office import Office
from scenarios.process.alone import alone
from scenarios.process.operator import Operator
from scenarios.rehearsal.brought import code_in_words
from scenarios.rehearsal.few import too_few_in_words
from scenarios.rehearsal.line import line_in_words
from scenarios.rehearsal.sendable import (
    keys_of,
    known_requests,
    replay_of,
    sendable,
    step_requests,
)
from scenarios.replay.keeping.part import anything_sent
from scenarios.replay.orders import new_run
from scenarios.replay.preparation import prepare
from scenarios.replay.replay import check_port
from scenarios.replay.workers import ALONE
from simulator.errors import NotKept, TargetRefused
from simulator.plan import peaks
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, Resolved, resolve
from simulator.scenario.scenario import Scenario, read_stations
from simulator.scenario.words.stations import Station
from simulator.text.wording import format_count
from simulator.units import NS_PER_S
from surgeproof import effort
from surgeproof.endings import tell
from surgeproof.engines import engine_named
from surgeproof.options import share_of
from surgeproof.verbs.compare.against import Against, baseline_of, require_same_people
from surgeproof.verbs.sending import dry_run, probe
from surgeproof.verbs.sending.facts import run_facts
from surgeproof.verbs.sending.meanwhile import operated
from surgeproof.verbs.sending.meanwhile.halt import halting
from surgeproof.verbs.sending.meanwhile.live import audience, by_all
from surgeproof.verbs.sending.meanwhile.team import aside, team_of
from surgeproof.verbs.sending.rehearsal import (
    AS_WRITTEN,
    Rehearsal,
    conclude,
    in_a_line,
    require_agreement,
    with_prediction,
)
from surgeproof.verbs.sending.sharing import NO_PINS, Pins, Sharing

CLEANUP_S = 60.0


def run(
    name: str,
    *,
    target: str,
    seed: int,
    variant: str | None,
    settings: list[str],
    system: Path | None,
    servers: int | None,
    waiting_room: int | None,
    launches: int,
    web: int | None,
    metrics: str | None,
    otlp: str | None,
    scrape: str | None,
    runs: Path,
    allow_files: bool,
    allow_commands: bool,
    every: bool,
    require_prediction: bool,
    dry: bool = False,
    pins: Pins = NO_PINS,
    workers: int = 1,
    elsewhere: int = 0,
    listen: str = ALONE.listen,
    as_json: bool = False,
    against: Sequence[Path] = (),
    tolerance: str = "0",
    at: Sequence[str] = (),
    acts: Sequence[str] = (),
) -> int:
    """Predict, send, report; the exit code is the run's verdict, or why there is none.

    ``require_prediction``: who holds, and was predicted wrong, does not pass. ``against``: nor does
    who got worse than these runs by more than the tolerance. ``dry``: only say what would be sent. ``at`` has the instants of the commands ``acts``.
    """
    actions = operated.actions_of(at, acts)
    team = team_of(workers, elsewhere, listen)
    nothing, baseline = share_of("--tolerance", tolerance), baseline_of(against)
    require_same_people(baseline, seed)
    scenario = library.load(name, variant=variant, settings=settings, allow_files=allow_files)
    sent = sendable(scenario).scenario
    library.require_locustfiles(scenario, allow_files=allow_files)
    for line in code_in_words(scenario.words):
        tell(line)
    launch = resolve(scenario)
    effort.tell_of_fit(launch)
    if web is not None:
        check_port(web)
    if dry:
        label, also = variant or AS_WRITTEN, aside(team, metrics, otlp, scrape, actions)
        also = [*also, *pins.planned(allow.resolve(target), team.here)]
        with audience(metrics=metrics, otlp=otlp):  # who cannot be served would not be then either
            return dry_run.run(label, launch, sent, target, system, servers, seed, also, actions)
    trust = trust_of(scenario)
    checked, allowed, people = permission(target, launch)
    checked = replace(checked, trust=trust)
    manners = manners_of(scenario, step_requests(sent), allowed)
    with (
        audience(metrics=metrics, otlp=otlp) as watchers,
        probe.caught(scenario, manners, allowed=allow_commands) as office,
        halting(scenario) as halt,
        alone(checked.addresses, checked.port, checked.url),
        pins.keep(checked, team.here) as apart,
    ):
        with sending(apart):
            stations, measured = measured_stations(
                scenario, sent, checked, system, manners, servers, waiting_room, office, halt.heed
            )
        rehearsal = Rehearsal.of(
            variant or AS_WRITTEN,
            launch,
            stations,
            seed,
            people,
            launch_meets_them=system is not None,
        )
        operated.require_within(actions, rehearsal.plan)
        for plan in (rehearsal.launch, rehearsal.plan):
            effort.tell_of(plan, rehearsal.engine, launches)
        less = "a lower replay.demand_factor"
        effort.tell_of(rehearsal.plan, engine_named("simpy"), 1, less=less)
        for line in too_few_in_words(sent.words, rehearsal.plan.demand.total):
            tell(line)
        tells = prepare(checked, rehearsal.plan.system.waitlist, manners)
        tell_of_line(scenario, rehearsal.plan, tells=tells)
        sharing = Sharing.of(
            checked,
            keep_alive=manners.keep_alive,
            is_ours=tells,
            apart=apart,
            here=team.here / team.many,
        )
        rehearsal, shared = rehearsal.beside(
            sharing.beside(rehearsal.plan.system, rehearsal.probed)
        )
        end_s = rehearsal.plan.end_ns / NS_PER_S
        scraper = scraper_of(scrape, checked, allowed, end_s) if scrape else None
        started_at = datetime.now(UTC)
        folder = RunFolder.create(runs, scenario.name, started_at)
        facts = run_facts(
            scenario,
            started_at=started_at,
            seed=seed,
            target=target,
            probe=measured,
            left_out=rehearsal.sent.left_out,
        )
        facts = replace(facts, run_id=new_run(), sharing=sharing.in_words(shared))

        def rehearse() -> int:
            folder.save_scenario(scenario.dump())
            folder.save_facts(facts)
            prediction = rehearsal.predict(folder, launches, team.many)
            agreement = rehearsal.agreement()
            known = replace(facts, agreement=str(agreement))
            folder.save_facts(known)
            operator = Operator(actions, folder.path)
            with (
                watchers.watching(rehearsal, prediction, facts) as watch,
                tidied(scenario, folder, known, rehearsal.label, office, operator),
                sending(apart),
                operator,
            ):
                rehearsal.replay(
                    folder,
                    checked,
                    allowed=allowed,
                    web=web,
                    office=office,
                    run=facts.run_id,
                    halt=halt,
                    team=team,
                    hear=by_all([operated.clock_of(operator), watch.hear]),
                    shown=watch.shown,
                    scraper=scraper,
                    acted_ns=tuple(action.at_ns for action in actions),
                )
            require_agreement(agreement)
            operated.require_done(operator)
            rehearsal.predict_again(folder, launches)
            return 0

        own = with_prediction if require_prediction else None
        if not baseline:
            return conclude(folder, rehearse, judged=own, every=every, as_json=as_json)
        held = Against(tuple(baseline), nothing, folder)
        return conclude(
            folder,
            rehearse,
            judged=lambda report: (own(report) if own else report.exit_code) or held.exit_code,
            said=lambda report: (
                in_a_line(report) if report.ending else held.after(in_a_line(report))
            ),
            beside=held,
            every=every,
            as_json=as_json,
        )


def sending(apart: Apart | None) -> AbstractContextManager[None]:
    """What the block starts runs on the generator's cores, where the target has others."""
    return nullcontext() if apart is None else apart.sending()


@contextmanager
def tidied(
    scenario: Scenario,
    folder: RunFolder,
    facts: RunFacts,
    label: str,
    office: Office | None,
    operator: Operator,
) -> Iterator[None]:
    """However the block ends, what it did is tidied up, and what there is to say of it is kept."""
    try:
        yield
    finally:
        told = [office.told()] if office is not None else []
        try:
            if anything_sent(folder.database, observed_part(label)):
                told += cleaned(scenario, facts.run_id)
        finally:
            operator.close()  # not before: the cleanup may need a service that he started again
            told += operated.tell_of(operator)
            with suppress(NotKept):  # it has been said
                folder.save_facts(replace(facts, told=tuple(told), acts=operated.acts_of(operator)))


def cleaned(scenario: Scenario, run: str) -> Iterator[str]:
    """How the launch's cleanup ended, if it has one; whether it did well changes no verdict."""
    replay = scenario.words.replay
    if replay is None or replay.cleanup is None:
        return
    command = command_of(replay.cleanup, scenario, "replay.cleanup")
    tell(f"cleanup: {replay.cleanup} is run for {run}, for at most {CLEANUP_S:.0f} s")
    found = command.in_words({"run": run}, CLEANUP_S)
    tell(f"cleanup {found}")
    yield f"cleanup {found}"


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


def permission(target: str, launch: Resolved) -> tuple[Target, tuple[str, ...], Arriving | None]:
    """The target, and the name that a person allows by typing it, where nobody has allowed it before.

    He is told how many come: who that is has been found then.

    Raises TargetRefused.
    """
    found = allow.resolve(target)
    try:
        return check_target(found), (), None
    except TargetRefused:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        tell(f"{found.host} ({', '.join(found.addresses)}) is not this machine")
        made = Rehearsal.of(AS_WRITTEN, launch, None, 0)
        tell(
            f"the rehearsal sends {load_in_words(made.plan)}; send it only with the owner's permission"
        )
        typed = asked("type the host's name to go on: ")
        return check_target(found, [typed]), (typed,), made.people


def asked(question: str) -> str:
    """What a person types; nothing where he closes the terminal instead."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def load_in_words(plan: Plan) -> str:
    """How much would be sent."""
    return f"{format_count(plan.demand.total)} visitors, {peaks.in_words(plan)}"


def measured_stations(
    scenario: Scenario,
    sent: Scenario,
    target: Target,
    system: Path | None,
    manners: Manners,
    servers: int | None,
    waiting_room: int | None,
    office: Office | None,
    heed: probe.Heed,
) -> tuple[Sequence[Station] | None, str]:
    """The stations that the rehearsal meets, and who says so.

    They are read from a file, or were named by the scenario, or else the requests that are sent are
    measured now.
    """
    if system is not None:
        return read_stations(library.read_named(system), str(system)), f"stations from {system}"
    if scenario.words.system:
        return None, f"stations from {scenario.words.system}"
    wanted = known_requests(sent)
    if not wanted:
        return (
            scenario.words.station,
            "stations as the launch file says: a locustfile is not probed",
        )
    found = probe.measure(
        target,
        wanted,
        manners=manners,
        servers=servers,
        waiting_room=waiting_room,
        keys=keys_of(sent),
        office=office,
        heed=heed,
    )
    return read_stations(found.stations_toml(), "the probe's result"), probe.in_words(found)
