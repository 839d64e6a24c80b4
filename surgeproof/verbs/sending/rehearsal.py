"""The steps that ``demo`` and ``replay`` share: predict the launch, predict the rehearsal, send it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol

from rich.console import RenderableType

from reports.files.record import record_text
from reports.rebuild import write_reports
from reports.run.facts import Ending
from reports.run.folder import RunFolder, observed_part
from reports.run.past.again import Again, Measured
from reports.run.past.came import STEPS, parts_unknown
from reports.run.past.sealed import sealed_document
from reports.run.report import Report, read_report
from reports.sentences import words
from reports.terminal.table import print_report
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
from scenarios.replay.replay import Halt, replay
from scenarios.replay.workers import ALONE, Workers
from simulator.engine.agreement import Agreement, agreement
from simulator.engine.rules import Engine
from simulator.errors import InvalidRun, Mistake, NotKept, ScenarioError, SurgeproofError
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.machine import Baseline
from simulator.outcomes.rows import Block
from simulator.plan.launches import Prediction, predict
from simulator.plan.meaning.system import system_of
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, Resolved, arriving
from simulator.plan.sharing.shared import Beside, Shared, shared
from simulator.scenario.scenario import Scenario
from simulator.scenario.words.stations import Station
from simulator.units import NS_PER_S, frozen_ints
from simulator.verdict.line.promises import promises_of
from simulator.verdict.truth.as_served import as_served
from simulator.verdict.truth.judged import Came
from simulator.verdict.truth.machine.changed import Yardstick as Pieces
from simulator.verdict.truth.machine.changed import as_machine
from simulator.verdict.truth.machine.witness import worked
from simulator.verdict.truth.parts import Step
from simulator.verdict.truth.recovered import recovered
from simulator.verdict.truth.suspects.found import suspects_of
from simulator.verdict.truth.took import took_of
from surgeproof.endings import BAD_INPUT, FAILED, Terminated, end_of, harmless, tell
from surgeproof.engines import engine_named
from surgeproof.progress import progress
from surgeproof.verbs.sending.facts import versions

AS_WRITTEN = "as written"
"""The label of a launch without a variant."""
INTERRUPTED = "interrupted while they were looked for; the run is judged all the same"


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

    def predict_again(self, folder: RunFolder, launches: int) -> None:
        """Predict the rehearsal once more with what was learned in it, for the parts of its error.

        Where that cannot be, or nobody wants to wait for it, the run is judged all the same, and says so.
        """
        measured = Measured()
        try:
            rows = folder.observed_rows(self.label)
            if rows is None or not len(rows.attempts):
                return
            measured, plans = self._learned(folder, rows)
            predictions = {}
            for part in (Step.MACHINE, Step.SERVICE):
                if (plan := plans.get(part)) is not None:
                    with progress(f"{self.label}: predicting {STEPS[part]}") as step:
                        predictions[part] = predict(plan, self.engine, launches, counted(step))
            folder.save_again(self.label, Again(measured=measured, predictions=predictions))
            return
        except SurgeproofError as error:
            why = str(error)
        except (KeyboardInterrupt, Terminated):
            why = INTERRUPTED
        tell(f"{self.label}: {parts_unknown(why)}")
        with suppress(NotKept):  # then no report can say it
            folder.save_again(self.label, Again(measured=replace(measured, untold=why)))

    def _learned(self, folder: RunFolder, rows: Block) -> tuple[Measured, dict[Step, Plan]]:
        """How machine and services really were, and the rehearsal with either."""
        services = recovered(rows, self.plan.system)
        served = as_served(self.plan, services)
        plans = {Step.SERVICE: served} if served is not None else {}
        changed = None
        machine = folder.machine(self.label)
        computing = self.probed.computing if self.probed is not None else None
        if machine is not None and machine.probed is not None and machine.comparable:
            pieces = Pieces(
                probed_ns=machine.probed.piece_ns,
                at_ns=frozen_ints(machine.at_ns - machine.wall_ns),
                pieces_ns=machine.cpu_ns,
                computing=computing or 1.0,
                worked=worked(
                    self.plan.system,
                    services,
                    machine,
                    computing,
                    rows=rows,
                    looks=folder.looks(self.label),
                ),
            )
            changed = pieces.changed
            if changed.agreed:
                plans[Step.MACHINE] = as_machine(self.plan, pieces)
        suspects = suspects_of(rows, self.plan.system, services, machine)
        took = took_of(self.plan, services)
        return Measured(took=took, changed=changed, suspects=suspects), plans

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

        Raises as :func:`scenarios.replay.replay.replay` does, after the data is safe.
        """
        if self.plan.system.has_line:
            folder.save_promises(self.label, promises_of(self.scenario, self.plan))
        end_s = self.plan.end_ns / NS_PER_S
        requests = step_requests(self.sent.scenario)
        manners = manners_of(self.scenario, requests, allowed)
        with progress(f"{self.label}: rehearsing", above=shown) as step:
            replay(
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
            )


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


def counted(step: Callable[[float, float, str], None]) -> Callable[[int, int], None]:
    """Progress in launches."""
    return lambda done, of: step(done, of, f"{done} of {of} launches")


def seen(beat: Beat) -> str:
    """What is going on, in a few words."""
    return f"{beat.started:,} came, {beat.waiting:,} in line, {beat.finished:,} done"


def conclude(
    folder: RunFolder,
    rehearse: Callable[[], int],
    *,
    judged: Callable[[Report], int] | None = None,
    said: Callable[[Report], str] | None = None,
    beside: Further | None = None,
    every: bool = False,
    as_json: bool = False,
) -> int:
    """Run, report whatever came of it, and say so in one last line; the exit code is the run's.

    How a run ended that was not judged is kept, so that its reports say the same later on.
    ``beside``: what else is told of a run that was judged. ``as_json``: what is printed is for a
    program, and the last line is told beside it.
    """
    end = end_of(rehearse)
    tell(end.sentence)
    ended = Ending(exit_code=end.exit_code, sentence=end.sentence) if end.exit_code else None

    def reports() -> int:
        if ended:
            with suppress(NotKept):  # it is told all the same
                folder.save_ending(ended)
        report = concluded(folder, ended, judged, said)
        more = beside if report.ending is None or report.ending.judged else None
        write_and_print(report, every=every, as_json=as_json, beside=more)
        say_last(said(report) if said else in_a_line(report), folder, as_json=as_json)
        return report.exit_code

    told = end_of(reports)
    if told.sentence:
        tell(f"the report is incomplete: {told.sentence}")
    return end.exit_code or (FAILED if told.exit_code == BAD_INPUT else told.exit_code)


def concluded(
    folder: RunFolder,
    ended: Ending | None,
    judged: Callable[[Report], int] | None,
    said: Callable[[Report], str] | None,
) -> Report:
    """What the folder holds, and how the run ended: before anything is written of it.

    A command that asks something else than whether the first variant holds judges for itself, and
    keeps what it found, so that every report says the same.
    """
    report = read_report(folder)
    report = replace(report, ending=ended or report.ending)
    if report.ending or not judged:
        return report
    code = judged(report)
    if code == report.exit_code:
        return report
    sentence = said(report) if said else in_a_line(report)
    found = Ending(exit_code=code, sentence=sentence, judged=True)
    folder.save_ending(found)
    return replace(report, ending=found)


def report_on(folder: RunFolder, *, every: bool = False, as_json: bool = False) -> Report:
    """Write the reports of whatever the folder holds, and print the table and the verdicts.

    Raises NotKept where they cannot be written, after all has been printed.
    """
    report = read_report(folder)
    write_and_print(report, every=every, as_json=as_json)
    return report


class Further(Protocol):
    """What a command tells of a run that the run's folder alone does not."""

    def text(self, *, every: bool) -> str:
        """For a terminal."""

    def record(self) -> Mapping[str, Any]:
        """For a program, by the keys that it adds."""

    def keep(self) -> None:
        """In the folder. Raises NotKept."""


def write_and_print(
    report: Report, *, every: bool = False, as_json: bool = False, beside: Further | None = None
) -> None:
    """The table is printed also where the reports cannot be written: raises NotKept then."""
    try:
        with progress("writing the reports"):
            write_reports(report)
            if beside:
                beside.keep()
    finally:
        if as_json:
            print(record_text(report, beside.record() if beside else {}), end="", flush=True)
        else:
            print_report(report, sys.stdout, every=every)
            if beside:
                print(f"{beside.text(every=every)}\n")


def with_prediction(report: Report) -> int:
    """The exit code where a prediction has to come true as well: 1 where it did not, 3 where nobody knows."""
    codes = [PREDICTED[one.came.outcome] for one in report.variants if one.came]
    return report.exit_code or next((code for code in (1, 3) if code in codes), 0)


PREDICTED = {Came.RIGHT: 0, Came.WRONG: 1, Came.NOT_COMPARABLE: 3, Came.UNKNOWN: 3}


def in_a_line(report: Report) -> str:
    """What a run came to, and what its prediction did; the reasons stand in the lines above."""
    decision = report.decision
    if decision.verdict is None:
        return decision.claim
    came = report.variants[0].came if report.variants else None
    predicted = f"; {came.claim}" if came else ""
    beside = [
        f"{each.label}: {each.verdict.claim}"
        for each in report.variants
        if each.verdict and each.verdict is not decision.verdict
    ]
    others = f"; beside it, {'; '.join(beside)}" if beside else ""
    return f"{decision.variant}: {decision.claim}{predicted}{others}"


def say_last(sentence: str, folder: RunFolder, *, as_json: bool = False) -> None:
    """Say what a run came to, last of all; where a program reads what is printed, beside it."""
    line = last_line(sentence, folder)
    if as_json:
        tell(line)
    else:
        print(line, flush=True)


def last_line(sentence: str, folder: RunFolder) -> str:
    """The last line of a run: what it came to, and where it lies."""
    return harmless(f"{sentence}; report: {folder.page}")
