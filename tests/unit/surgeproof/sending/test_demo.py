"""What the demo's exit code means: every verdict, predicted and observed, is the expected one."""

from pathlib import Path

from reports.run.comparison.comparison import compare
from reports.run.folder import RunFolder
from reports.run.report.report import Report, VariantReport
from reports.sentences.verdict import Said
from simulator.outcomes.rows import Provenance
from simulator.plan.plan import Subject
from simulator.verdict.criteria import Outcome
from simulator.verdict.verdict import Verdict
from surgeproof.verbs.sending.demo import judged
from tests.examples import examples
from tests.launches.run import facts

HOLDS, FAILS, UNCLEAR = Outcome.HOLDS, Outcome.FAILS, Outcome.INCONCLUSIVE


def verdict(outcome: Outcome, provenance: Provenance) -> Said:
    found = Verdict(subject=Subject.REHEARSAL, provenance=provenance, outcome=outcome)
    return Said(verdict=found, claim="the rehearsal", why=outcome)


def variant(label: str, predicted: Outcome, observed: Outcome) -> VariantReport:
    return VariantReport(
        label=label, launch=None, rehearsal=None, observed=None, instrument=None,
        comparison=compare(label),
        verdicts=(verdict(predicted, Provenance.PREDICTED), verdict(observed, Provenance.OBSERVED)),
    )  # fmt: skip


@examples("with_line, without, code",
    ("as it was", (HOLDS, HOLDS), (FAILS, FAILS), 0),
    ("breaks with the line", (HOLDS, FAILS), (FAILS, FAILS), 1),
    ("holds without it", (HOLDS, HOLDS), (FAILS, HOLDS), 1),
    ("predicted wrongly", (FAILS, HOLDS), (FAILS, FAILS), 1),
    ("instrument impaired", (HOLDS, UNCLEAR), (FAILS, FAILS), 3),
    ("impaired before different", (HOLDS, UNCLEAR), (FAILS, HOLDS), 3),
)  # fmt: skip
def test_exit_codes(
    tmp_path: Path, with_line: tuple[Outcome, Outcome], without: tuple[Outcome, Outcome], code: int
) -> None:
    variants = (variant("with the line", *with_line), variant("no line", *without))
    assert judged(Report(folder=RunFolder(tmp_path), facts=facts(), variants=variants)) == code


def test_a_demo_that_judged_nothing_is_inconclusive(tmp_path: Path) -> None:
    assert judged(Report(folder=RunFolder(tmp_path), facts=facts(), variants=())) == 3
