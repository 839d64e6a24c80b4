"""Report: everything that can be said of a run."""

from __future__ import annotations

from dataclasses import dataclass

from reports.run.comparison.comparison import Comparison
from reports.run.decision import Decision
from reports.run.facts import Ending, PlanFacts, RunFacts
from reports.run.folder import RunFolder
from reports.run.past.came import SaidCame
from reports.run.past.sealed import Checked
from reports.sentences.verdict import Said
from simulator.outcomes.answered import NOBODY, Answered, Unheard
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.counts.told import Told
from simulator.outcomes.instrument import Instrument
from simulator.outcomes.machine import Machine
from simulator.outcomes.rows import Provenance
from simulator.plan.launches import Prediction
from simulator.plan.plan import Subject
from simulator.verdict.line.audit import Audit
from simulator.verdict.truth.parts import Waterfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is known of one subject: its plan, and the predictions (of each engine) for it."""

    plan: PlanFacts
    predictions: tuple[Prediction, ...] = ()
    said: Said | None = None
    """The verdict on the one that is reported."""

    @property
    def prediction(self) -> Prediction | None:
        """The one that is reported: of the engine that simulated the most launches."""
        return self.predictions[0] if self.predictions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantReport:
    """One variant of the launch."""

    label: str
    launch: Column | None
    rehearsal: Column | None
    observed: Summary | None
    instrument: Instrument | None
    comparison: Comparison
    verdicts: tuple[Said, ...]
    """Launch predicted, rehearsal predicted, rehearsal observed: as many as there are."""
    answers: tuple[Answered, ...] = ()
    """What the target answered; none where it was not kept."""
    unheard: Unheard = NOBODY
    """Who may have been served without hearing so."""
    came: SaidCame | None = None
    """Whether the prediction of the rehearsal came true; None where nothing was to be replayed."""
    waterfalls: tuple[Waterfall, ...] = ()
    """Where its errors came from."""
    seal: Checked | None = None
    """What was sealed before anybody was sent; None in runs of older versions."""
    machine: Machine | None = None
    """What the machine did meanwhile; None: nobody looked."""
    told: Told | None = None
    """What the target's own metrics said meanwhile; None: nobody asked for them."""
    audit: Audit | None = None
    """What was found of the target's line; None: nobody was told anything by one."""

    @property
    def verdict(self) -> Said | None:
        """The one that decides: what was observed, or else what is predicted of the launch."""
        seen = self.verdict_on(Subject.REHEARSAL, Provenance.OBSERVED)
        return seen or (self.verdicts[0] if self.verdicts else None)

    def verdict_on(self, subject: Subject, provenance: Provenance) -> Said | None:
        for verdict in self.verdicts:
            if (verdict.subject, verdict.provenance) == (subject, provenance):
                return verdict
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that can be said of a run."""

    folder: RunFolder
    facts: RunFacts
    variants: tuple[VariantReport, ...]
    ending: Ending | None = None
    """How the run ended, where it was not judged."""

    @property
    def verdict(self) -> Said | None:
        """The first variant's; None where nothing was predicted or observed."""
        return self.variants[0].verdict if self.variants else None

    @property
    def decision(self) -> Decision:
        """What the run came to, for every form of it."""
        label = self.variants[0].label if self.variants else ""
        return Decision.of(label, self.verdict, self.ending)

    @property
    def exit_code(self) -> int:
        """The run's."""
        return self.decision.exit_code

    def variant(self, label: str) -> VariantReport:
        """The variant of that label; KeyError where there is none."""
        return {variant.label: variant for variant in self.variants}[label]
