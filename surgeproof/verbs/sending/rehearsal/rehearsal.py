"""One variant of a launch, predicted and then sent: the steps that ``demo`` and ``replay`` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.console import RenderableType

from reports.run.folder import RunFolder, observed_part
from reports.run.past.sealed import sealed_document
from reports.sentences import words
from scenarios.http.allow import Target
from scenarios.http.manners import manners_of, require_rows
from scenarios.machine.scraper import Scraper
from scenarios.machine.yardstick import of_stations
from scenarios.mail.office import Office
from scenarios.process.open_files import most_visitors, too_few
from scenarios.rehearsal.brought import brought_by
from scenarios.rehearsal.recorded import replayed
from scenarios.rehearsal.sendable import Sendable, launch_met_by, sendable, step_requests
from scenarios.replay.beats import Beat
from scenarios.replay.keeping.scribe import Hear
from scenarios.replay.orders import MOST_PRESENT
from scenarios.replay.replay import Replay
from scenarios.replay.watching import Halt
from scenarios.replay.workers import ALONE, Workers
from simulator.engine.agreement import Agreement, agreement
from simulator.engine.rules import Engine
from simulator.errors import InvalidRun, Mistake, ScenarioError
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.machine import Baseline
from simulator.plan.launches import Prediction, predict
from simulator.plan.meaning.system import system_of
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, Resolved, arriving
from simulator.plan.sharing.shared import Beside, Shared, shared
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.stations import Station
from simulator.units import NS_PER_S
from simulator.verdict.line.promises import promises_of
from surgeproof.endings import tell
from surgeproof.engines import engine_named
from surgeproof.progress import counted, progress
from surgeproof.verbs.sending.rehearsal.facts import versions

AS_WRITTEN = "as written"
"""The label of a launch without a variant."""


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """One variant of a launch, with everything that is done to it."""

    label: str
    scenario: Scenario
    launch: Plan
    plan: Plan
    """Of the rehearsal."""
    engine: Engine
    sent: Sendable
    """What of the launch is sent."""
    people: Arriving
    """Who comes to the launch."""
    probed: Baseline | None = None
    """How fast the machine was while the target was measured; None: nobody knows."""

    @classmethod
    def of(
        cls,
        label: str,
        launch: Resolved,
        stations: Sequence[Station] | None,
        seed: int,
        known: Arriving | None = None,
        *,
        launch_meets_them: bool = False,
    ) -> Rehearsal:
        """``known``: who comes to another variant, where that has been found already.

        ``launch_meets_them``: the stations are those of the launch as well, and not of the target alone.

        Raises ScenarioError where the launch cannot be rehearsed.
        """
        engine, scenario = engine_named("compiled"), launch.scenario
        sent = sendable(scenario, stations)
        people = arriving(launch, engine, known)
        plan = people.rehearsal(stations, seed=seed, sent=sent.scenario)
        if plan.system.changes:
            problem = "falls into the rehearsed window, but no operator is there to do it"
            remedy = "choose replay.from and replay.for without it"
            raise ScenarioError([Mistake(scenario.file, "change", problem, remedy)])
        require_rows(scenario, plan)
        return cls(
            label=label,
            scenario=scenario,
            launch=(met_by(people, stations) if launch_meets_them else people).plan(seed),
            plan=plan,
            engine=engine,
            sent=sent,
            people=people,
            probed=of_stations(stations or scenario.words.station),
        )

    def beside(self, others: Beside | None) -> tuple[Rehearsal, Shared | None]:
        """The same where the target's cores are used by others as well, and what that comes to."""
        if others is None:
            return self, None
        with progress(f"{self.label}: predicting who needs the target's cores"):
            found = shared(self.plan, self.engine, others)
        return replace(self, plan=found.plan), found

    @property
    def in_flight(self) -> int:
        """How many may have a request under way at once."""
        replay = self.scenario.words.replay
        assert replay is not None, "a plan for a rehearsal was made of it"
        return replay.in_flight

    def agreement(self) -> Agreement:
        """Both engines on the rehearsal, row by row."""
        with progress(f"{self.label}: comparing both engines"):
            return agreement(
                self.engine, engine_named("simpy"), self.plan.timetable(), self.plan.system_of()
            )

    def predict(self, folder: RunFolder, launches: int, workers: int = 1) -> Prediction:
        """Simulate the launch, and the rehearsal as it will be run; then seal what is predicted: the latter."""
        predictions = []
        for plan in (self.launch, self.plan):
            with progress(f"{self.label}: predicting the {plan.subject}") as step:
                prediction = predict(plan, self.engine, launches, counted(step))
                folder.save_plan(self.label, plan, plan.timetable().sha256)
                folder.save_prediction(self.label, plan.subject, prediction)
            predictions.append(prediction)
        self.require_room(prediction, workers)
        self.seal(folder, *predictions)
        return prediction

    def seal(self, folder: RunFolder, launch: Prediction, rehearsal: Prediction) -> None:
        """From here on nobody can say that something else had been predicted."""
        document = sealed_document(
            self.label,
            self.plan,
            self.plan.timetable().sha256,
            versions(),
            of_launch=launch,
            of_rehearsal=rehearsal,
        )
        seal = folder.seal(self.label, document)
        tell(f"{self.label}: the prediction is sealed, sha256 {seal.sha256} ({seal.file})")

    def require_room(self, prediction: Prediction, workers: int = 1) -> None:
        """Raises ScenarioError where more people will be there than may be: the rest would be unsent.

        InvalidRun where so many workers may open too few files for them, or cannot hold them; on other
        machines they are taken to be as this one.
        """
        cap = self.in_flight
        awake = max(map(most_beside_the_line, prediction.launches))
        present = max(int(summary.bins.present.max(initial=0)) for summary in prediction.launches)
        if awake > cap:
            problem = f"allows {cap:,} people at once beside the line, but {awake:,} are predicted"
            remedy = f"set it to at least {-(-awake * 5 // 4):,}, or lower replay.demand_factor"
            raise ScenarioError([Mistake(self.scenario.file, "replay.in_flight", problem, remedy)])
        if awake > most_visitors() * workers:
            what = f"{words.times(awake, 'visitor')} may be under way at once, as predicted"
            raise too_few(-(-awake * 5 // 4), what)
        if present > MOST_PRESENT * workers:
            raise InvalidRun(
                f"{present:,} people may be present at once, as predicted, and each process that sends has room"
                f" for {MOST_PRESENT:,}: use --workers {-(-present // MOST_PRESENT)}, or lower replay.demand_factor"
            )

    def replay(
        self,
        folder: RunFolder,
        target: str | Target,
        *,
        allowed: Sequence[str] = (),
        web: int | None = None,
        office: Office | None = None,
        run: str | None = None,
        halt: Halt | None = None,
        team: Workers = ALONE,
        hear: Hear | None = None,
        shown: RenderableType | None = None,
        scraper: Scraper | None = None,
        acted_ns: tuple[int, ...] = (),
    ) -> None:
        """Send it. ``hear`` is told of what comes in, ``shown`` is drawn meanwhile, and ``scraper`` asks the target.

        ``acted_ns``: when something is done to it, so that it may be away for a while.

        Raises as :func:`scenarios.replay.replay.Replay.send` does, after the data is safe.
        """
        if self.plan.system.has_line:
            folder.save_promises(self.label, promises_of(self.scenario, self.plan))
        end_s = self.plan.end_ns / NS_PER_S
        requests = step_requests(self.sent.scenario)
        manners = manners_of(self.scenario, requests, allowed)
        with progress(f"{self.label}: rehearsing", above=shown) as step:
            Replay(
                self.plan,
                target=target,
                folder=folder.path,
                db=folder.database,
                part_name=observed_part(self.label),
                allowed=allowed,
                requests=requests,
                brought=brought_by(self.sent.scenario),
                recorded=replayed(self.scenario, self.sent.scenario, self.plan),
                office=office,
                run=run,
                manners=replace(manners, alarms=replace(manners.alarms, acted_ns=acted_ns)),
                in_flight_cap=self.in_flight,
                web_port=web,
                probed=self.probed,
                halt=halt,
                workers=team,
                progress=lambda beat: step(min(beat.at_ns / NS_PER_S, end_s), end_s, seen(beat)),
                hear=hear,
                scraper=scraper,
            ).send()


def most_beside_the_line(summary: Summary) -> int:
    """How many of those present may have a request under way at once: all but those who wait in line."""
    return int((summary.bins.present - summary.bins.line).max(initial=0))


def met_by(people: Arriving, stations: Sequence[Station] | None) -> Arriving:
    """The same people at other stations; who they are was found with the launch's own."""
    if stations is None:
        return people
    scenario = launch_met_by(people.launch.scenario, stations)
    launch = replace(people.launch, scenario=scenario, system=system_of(scenario))
    return replace(people, launch=launch)


def require_agreement(*found: Agreement) -> None:
    """Raises InvalidRun where the engines differ: one of them is wrong, and so may be all it said."""
    for each in found:
        if not each.equal:
            raise InvalidRun(f"{each}: please report it, with the scenario and the seed")


def seen(beat: Beat) -> str:
    """What is going on, in a few words."""
    return f"{beat.started:,} came, {beat.waiting:,} in line, {beat.finished:,} done"
