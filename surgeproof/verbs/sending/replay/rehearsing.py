"""A rehearsal from its folder to its verdict: predicted, sent, predicted again, and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from reports.run.facts import RunFacts
from reports.run.folder import RunFolder
from scenarios.machine.scraper import Scraper
from scenarios.process.operator import Operator
from scenarios.replay.orders import new_run
from scenarios.replay.watching import Halt
from simulator.plan.launches import Prediction
from surgeproof.verbs.compare.against import Against
from surgeproof.verbs.sending.meanwhile import operated
from surgeproof.verbs.sending.meanwhile.live import Audience, by_all
from surgeproof.verbs.sending.rehearsal.again import predict_again
from surgeproof.verbs.sending.rehearsal.conclusion import conclude, in_a_line, with_prediction
from surgeproof.verbs.sending.rehearsal.facts import run_facts
from surgeproof.verbs.sending.rehearsal.rehearsal import Rehearsal, require_agreement
from surgeproof.verbs.sending.replay.asked import Wanted
from surgeproof.verbs.sending.replay.place import Place
from surgeproof.verbs.sending.replay.planned import Planned
from surgeproof.verbs.sending.replay.tidying import tidied


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsing:
    """One that is planned, and has a folder in which it is kept."""

    wanted: Wanted
    place: Place
    rehearsal: Rehearsal
    folder: RunFolder
    facts: RunFacts
    scraper: Scraper | None
    watchers: Audience
    halt: Halt
    predicted: Callable[[Prediction], None]
    """Is told what was sealed."""

    @classmethod
    def of(
        cls,
        wanted: Wanted,
        place: Place,
        planned: Planned,
        scraper: Scraper | None,
        watchers: Audience,
        halt: Halt,
        predicted: Callable[[Prediction], None],
    ) -> Rehearsing:
        """Make its folder."""
        asked, scenario, rehearsal = wanted.asked, wanted.scenario, planned.rehearsal
        started_at = datetime.now(UTC)
        folder = RunFolder.create(asked.runs, scenario.name, started_at)
        facts = run_facts(
            scenario,
            started_at=started_at,
            seed=asked.seed,
            target=asked.target,
            probe=planned.measured,
            left_out=rehearsal.sent.left_out,
        )
        return cls(
            wanted=wanted,
            place=place,
            rehearsal=rehearsal,
            folder=folder,
            facts=replace(facts, run_id=new_run(), sharing=planned.sharing),
            scraper=scraper,
            watchers=watchers,
            halt=halt,
            predicted=predicted,
        )

    def conclude(self) -> int:
        """Do it, and report whatever came of it; the exit code is the verdict, or why there is none."""
        asked, folder = self.wanted.asked, self.folder
        own = with_prediction if asked.require_prediction else None
        if not self.wanted.baseline:
            return conclude(
                folder, self.rehearse, judged=own, every=asked.every, as_json=asked.as_json
            )
        held = Against(self.wanted.baseline, self.wanted.tolerance, folder)
        return conclude(
            folder,
            self.rehearse,
            judged=lambda report: (own(report) if own else report.exit_code) or held.exit_code,
            said=lambda report: (
                in_a_line(report) if report.ending else held.after(in_a_line(report))
            ),
            beside=held,
            every=asked.every,
            as_json=asked.as_json,
        )

    def rehearse(self) -> int:
        """Raises whatever kept it from its end; all that was predicted and measured until then is kept."""
        rehearsal, folder, launches = self.rehearsal, self.folder, self.wanted.asked.launches
        folder.save_scenario(self.wanted.scenario.dump())
        folder.save_facts(self.facts)
        prediction = rehearsal.predict(folder, launches, self.wanted.team.many)
        self.predicted(prediction)
        agreement = rehearsal.agreement()
        known = replace(self.facts, agreement=str(agreement))
        folder.save_facts(known)
        operator = Operator(self.wanted.actions, folder.path)
        with (
            self.watchers.watching(rehearsal, prediction, self.facts) as watch,
            tidied(
                self.wanted.scenario, folder, known, rehearsal.label, self.place.office, operator
            ),
            self.place.sending(),
            operator,
        ):
            rehearsal.replay(
                folder,
                self.place.target,
                allowed=self.place.allowed,
                web=self.wanted.asked.web,
                office=self.place.office,
                run=self.facts.run_id,
                halt=self.halt,
                team=self.wanted.team,
                hear=by_all([operated.clock_of(operator), watch.hear]),
                shown=watch.shown,
                scraper=self.scraper,
                acted_ns=tuple(action.at_ns for action in self.wanted.actions),
            )
        require_agreement(agreement)
        operated.require_done(operator)
        predict_again(rehearsal, folder, launches)
        return 0
