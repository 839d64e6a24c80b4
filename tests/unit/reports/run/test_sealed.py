"""A prediction as it was before anybody came: sealed, checked, and what came of it."""

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from reports.files.junit import junit_text
from reports.files.markdown import markdown_text
from reports.files.record import record, record_text
from reports.page.page import page_text
from reports.run.folder import RunFolder
from reports.run.past.again import NOT_YET, Again, Measured
from reports.run.past.came import say_came, waterfall_text
from reports.run.past.sealed import canonical, checked, sealed_document
from reports.run.report.judged import with_waits
from reports.run.report.reading import read_report
from reports.run.report.report import Report
from reports.run.store import connection, read_again
from reports.terminal.table import report_text
from simulator.outcomes.machine import Machine, Strain
from simulator.plan.plan import Subject
from simulator.system.line import Policy
from simulator.verdict.truth.judged import Came, Missed, PredictionVerdict
from simulator.verdict.truth.machine.changed import Changed
from simulator.verdict.truth.parts import Contribution, Level, Part, Step, Waterfall
from simulator.verdict.truth.reasons import Lacking, Reason, RightWith, StillWrongWith
from simulator.verdict.truth.suspects.crowding import Crowding
from simulator.verdict.truth.suspects.fading import Fading
from simulator.verdict.truth.suspects.limited import Limited
from simulator.verdict.truth.suspects.others import Others
from simulator.verdict.truth.took import Took
from tests.examples import examples
from tests.launches.run import LAUNCHES, LINE, NO_LINE, made_run, plan, predicted


def sealed_run(root: Path) -> RunFolder:
    """A made-up run whose two variants were sealed, each with a file of its own."""
    folder = made_run(root)
    for label, policy in ((LINE, Policy.FIFO), (NO_LINE, Policy.OPEN)):
        document = sealed_document(
            label,
            plan(Subject.REHEARSAL, policy),
            "0" * 64,
            {"surgeproof": "0.1.0"},
            of_launch=predicted(Subject.LAUNCH, policy),
            of_rehearsal=predicted(Subject.REHEARSAL, policy),
        )
        folder.seal(label, document)
    return folder


def test_anybody_can_hash_the_file_again(tmp_path: Path) -> None:
    folder = sealed_run(tmp_path)

    for variant, file in zip(
        read_report(folder).variants, ("prediction.json", "prediction-2.json"), strict=True
    ):
        text = (folder.path / file).read_bytes()
        assert variant.seal is not None
        assert variant.seal.intact
        assert variant.seal.seal.file == file
        assert hashlib.sha256(text).hexdigest() == variant.seal.seal.sha256
        assert canonical(json.loads(text)).encode() == text


def test_what_is_sealed_is_what_the_reports_hold_the_run_against(tmp_path: Path) -> None:
    folder = sealed_run(tmp_path)
    document = json.loads((folder.path / "prediction.json").read_text())

    lines = {line.figure.key: line for line in read_report(folder).variant(LINE).comparison.lines}

    sealed = {each["key"]: each["rehearsal"] for each in document["figures"]}
    assert sealed.keys() == lines.keys()
    for key, line in lines.items():
        cell = line.rehearsal
        assert cell is not None
        for name, value in (("median", cell.value), ("from", cell.from_), ("to", cell.to)):
            assert sealed[key][name] == (value if math.isfinite(value) else None)


@examples("change",
    ("one figure", lambda path: path.write_text(path.read_text().replace('"seed":7', '"seed":8'))),
    ("a line end", lambda path: path.write_text(path.read_text() + "\n")),
    ("no file", lambda path: path.unlink()),
)  # fmt: skip
def test_a_changed_prediction_counts_as_not_sealed_in_every_form(
    change: object, tmp_path: Path
) -> None:
    folder = sealed_run(tmp_path)
    assert callable(change)
    change(folder.path / "prediction.json")

    report = read_report(folder)

    first, second = report.variants
    assert first.seal is not None
    assert second.seal is not None
    assert (first.seal.intact, second.seal.intact) == (False, True)
    said = "the file was changed or removed since, so it counts as not sealed"
    for text in forms(report):
        assert said in text
    assert record(report)["variants"][0]["sealed"]["intact"] is False


OTHERS = """
    UPDATE predictions SET summary = (
        SELECT summary FROM predictions AS other
        WHERE (other.subject, other.launch) = (predictions.subject, predictions.launch) AND other.variant = 'no-line'
    ) WHERE variant = 'line' AND subject = '{}'"""


@examples("change,otherwise",
    ("of the rehearsal", OTHERS.format("rehearsal"), True),
    ("of the launch", OTHERS.format("launch"), True),
    ("gone", "DELETE FROM predictions WHERE variant = 'line' AND subject = 'rehearsal'", True),
    ("of another variant", "DELETE FROM predictions WHERE variant = 'no-line'", False),
)  # fmt: skip
def test_figures_that_were_changed_since_count_as_not_sealed_in_every_form(
    change: str, otherwise: bool, tmp_path: Path
) -> None:
    """They are read from the store, whose hash of the file is as it was."""
    folder = sealed_run(tmp_path)
    with connection(folder.database) as db, db:
        assert db.execute(change).rowcount >= LAUNCHES

    report = read_report(folder)

    seal = report.variant(LINE).seal
    assert seal is not None
    assert bool(seal.otherwise) is otherwise
    assert seal.intact is not otherwise
    assert record(report)["variants"][0]["sealed"]["intact"] is not otherwise
    if otherwise:
        for text in forms(report):
            assert "not as sealed, so the figures count as not sealed" in text


def test_an_older_seal_is_held_against_what_it_says(tmp_path: Path) -> None:
    """It knew fewer figures, and called their middle by another name."""
    folder = sealed_run(tmp_path)
    document = json.loads((folder.path / "prediction.json").read_text())
    del document["figures"][3:]
    for cell in (
        each[column] for each in document["figures"] for column in ("launch", "rehearsal")
    ):
        cell["mean"] = cell.pop("median")
    for file in folder.path.glob("prediction*.json"):
        file.unlink()
    folder.seal(LINE, document)
    seal = read_report(folder).variant(LINE).seal
    assert seal is not None
    assert seal.intact

    document["figures"][0]["rehearsal"]["to"] += 1
    (folder.path / "prediction.json").unlink()
    folder.seal(LINE, document)
    seal = read_report(folder).variant(LINE).seal
    assert seal is not None
    assert seal.otherwise == ("arrivals",)


def test_the_hash_stands_in_every_report(tmp_path: Path) -> None:
    report = read_report(sealed_run(tmp_path))

    for variant in report.variants:
        assert variant.seal is not None
        for text in (*forms(report), record_text(report)):
            assert variant.seal.seal.sha256 in text


def forms(report: Report) -> tuple[str, ...]:
    """Every report for people and pipelines, without the ends of its lines."""
    texts = (report_text(report), markdown_text(report), page_text(report), junit_text(report))
    return tuple(" ".join(text.split()) for text in texts)


def test_a_run_from_before_seals_says_nothing_of_them(tmp_path: Path) -> None:
    report = read_report(made_run(tmp_path))

    assert [variant.seal for variant in report.variants] == [None, None]
    assert "sealed" not in markdown_text(report)
    assert checked(None, tmp_path, report.variants[0].comparison) is None


def test_what_was_learned_is_kept_without_end_or_not(tmp_path: Path) -> None:
    folder = made_run(tmp_path)
    took = Took(
        station="signup", ratio=1.3, low=-math.inf, high=math.inf, services=9, share_unknown=0.1
    )
    again = Again(
        measured=Measured(
            took=(took,),
            changed=Changed(ratio=1.2, low=1.1, high=1.3, least=1.0, most=1.4),
            suspects=(LOCK, COLD),
        ),
        predictions={Step.SERVICE: predicted(Subject.REHEARSAL, Policy.FIFO)},
    )

    folder.save_again(LINE, again)
    folder.save_again(LINE, again)  # said again, it replaces itself

    report = read_report(folder)
    line, other = report.variants
    assert [level.step for level in line.waterfalls[0].levels] == [
        Step.PROBED,
        Step.SERVICE,
        Step.OBSERVED,
    ]
    assert [level.step for level in other.waterfalls[0].levels] == [Step.PROBED, Step.OBSERVED]
    assert line.came is not None
    assert any(isinstance(each, Changed) for each in line.came.verdict.reasons)
    with connection(folder.database) as db:
        assert read_again(db, LINE).measured.suspects == (LOCK, COLD)
    assert NOT_YET.predictions == {}


def test_the_two_answers_stand_side_by_side(tmp_path: Path) -> None:
    """The observed services are those of a system that is slower by a tenth: neither is hidden."""
    report = read_report(made_run(tmp_path))

    said = report_text(report)

    for variant in report.variants:
        assert variant.came is not None
        assert variant.came.claim in said
        assert variant.came.claim in page_text(report).lower()


def test_right_all_the_same_is_said_so_and_a_lower_bound_as_one() -> None:
    right = say_came(PredictionVerdict(outcome=Came.RIGHT, reasons=(TOOK,)))
    bound = replace(MISSED, observed=8.25, from_=8.0, to=math.inf)
    wrong = say_came(PredictionVerdict(outcome=Came.WRONG, missed=(bound,)))

    assert right.sentence.startswith(
        "predicted right: what was observed is no surprise, though services at web took 31 % longer"
    )
    assert wrong.sentence == "predicted wrong: signup p95 at least 8.25 s (predicted at least 8 s)"


LOCK = Crowding(station="signup", each=1.0, low=0.9, high=math.inf, most=4, idle=0.5)
COLD = Fading(station="signup", first=3.0, over_s=10.0)
TOOK = Took(station="web", ratio=1.31, low=1.2, high=1.42, services=400, share_unknown=0.0)
UNTOLD = Changed(ratio=1.09, low=1.05, high=1.12, least=1.0, most=1.2, agreed=0.0, worked=0.99)
CHANGED = Changed(ratio=1.4, low=1.3, high=1.5, least=1.1, most=1.9)
MISSED = Missed(
    key="response_p95", label="signup p95", unit="s", observed=4.5, from_=1.25, to=2.0, p=0.01
)


@examples("outcome,reasons,said",
    ("right", Came.RIGHT, (), "predicted right: what was observed is no surprise"),
    ("wrong services", Came.WRONG, (TOOK, RightWith(step=Step.SERVICE, within=0.03)),
     ("predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); services at web took 31 % longer than predicted"
     " (95 % interval +20.0 % to +42.0 %); with the measured services it is right within 3 %")),
    ("a piece that load alone slowed", Came.WRONG, (UNTOLD,),
     ("predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); the machine's part is not told: a fixed piece of"
      " work took 1.09 times as long as when the target was probed, but the target's own processor time is 0.99 times"
      " what its services need")),
    ("the same where it is right", Came.RIGHT, (UNTOLD,), "predicted right: what was observed is no surprise"),
    ("a wrong queue", Came.WRONG, (StillWrongWith(step=Step.SERVICE, labels=("signup p95",)),),
     "predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); with the measured services still wrong in signup p95"),
    ("another machine", Came.NOT_COMPARABLE, (CHANGED,),
     ("not comparable with its prediction: signup p95 4.5 s (predicted 1.25 s to 2 s); the machine was 40 % slower than when"
     " the target was probed (at its slowest 90 %)")),
    ("a machine that nobody can tell of", Came.NOT_COMPARABLE, (replace(UNTOLD, worked=math.nan),),
     ("not comparable with its prediction: signup p95 4.5 s (predicted 1.25 s to 2 s); the machine's part is not told: a"
      " fixed piece of work took 1.09 times as long as when the target was probed, and nobody knows what the target's"
      " services used of its processor time")),
    ("a lock", Came.WRONG, (Crowding(station="web", each=1.02, low=0.9, high=1.1, most=4, idle=0.6),),
     ("predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); services at web took 102 % of one alone longer for each"
      " other one under way (95 % interval 90 % to 110 %): they take turns at something that one has at a time, as at a lock")),
    ("part of it locked", Came.WRONG, (Crowding(station="web", each=0.4, low=0.3, high=0.5, most=4),),
     ("predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); services at web took 40 % of one alone longer for each"
      " other one under way (95 % interval 30 % to 50 %): part of each is done one at a time, as under a lock")),
    ("too few cores", Came.WRONG, (Crowding(station="web", each=0.4, low=0.3, high=0.5, most=4, idle=0.02),),
     ("predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); services at web took 40 % of one alone longer for each"
      " other one under way (95 % interval 30 % to 50 %): all cores were busy, which is too few of them")),
    ("a cold cache", Came.WRONG, (Fading(station="web", first=3.04, over_s=9.8),),
     ("predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); services at web took 3.0 times as long at first as later,"
      " and fell within about 9.8 s: a cold cache, or what else warms up")),
    ("a quota", Came.WRONG, (Limited(station="web", refused=1200, free=1150, served_per_s=20.0),),
     ("predicted wrong: signup p95 4.5 s (predicted 1.25 s to 2 s); 1,150 of 1,200 refusals at web came while a server was"
      " free: a limit or a quota, of about 20/s")),
    ("others", Came.NOT_COMPARABLE, (Others(cores=1.04, of=2),),
     ("not comparable with its prediction: signup p95 4.5 s (predicted 1.25 s to 2 s); other programs used 1.0 of 2 cores,"
      " and left none idle: the target waited for them")),
    ("an invalid replay", Came.UNKNOWN, (Lacking.NOT_VALID,),
     "not known whether it was predicted right: the replay did not send its plan as planned"),
)  # fmt: skip
def test_an_answer_is_one_plain_sentence(
    outcome: Came, reasons: tuple[Reason, ...], said: str
) -> None:
    missed = () if outcome in (Came.RIGHT, Came.UNKNOWN) else (MISSED,)
    verdict = PredictionVerdict(outcome=outcome, missed=missed, reasons=reasons)

    assert say_came(verdict).sentence == said


def test_where_the_parts_of_an_error_are_not_known_none_is_blamed(tmp_path: Path) -> None:
    """Without the parts, all that was missed would be the queue's."""
    folder = made_run(tmp_path)
    folder.save_again(LINE, Again(measured=Measured(untold="interrupted")))

    report = read_report(folder)

    line, other = report.variants
    assert line.waterfalls == ()
    assert other.waterfalls
    said = "the parts of the prediction's error are not known: interrupted"
    assert line.came is not None
    assert line.came.sentence.endswith(said)
    for text in (report_text(report), markdown_text(report), page_text(report)):
        assert "error are not known: interrupted" in " ".join(text.split())


def test_an_error_is_told_part_by_part() -> None:
    levels = (
        Level(step=Step.PROBED, value=1.2),
        Level(step=Step.SERVICE, value=2.1),
        Level(step=Step.OBSERVED, value=2.05),
    )
    parts = tuple(
        Contribution(part=part, value=value, low=value, high=value)
        for part, value in ((Part.SERVICE, 0.9), (Part.QUEUE, -0.05))
    )
    fall = Waterfall(key="response_p95", label="signup p95", unit="s", levels=levels, parts=parts)

    assert (
        waterfall_text(fall)
        == "signup p95: predicted 1.2 s, services +900 ms, queue -50 ms, observed 2.05 s"
    )
    never = replace(fall, levels=(levels[0], Level(step=Step.OBSERVED, value=math.inf)))
    assert waterfall_text(never) == "signup p95: predicted 1.2 s, observed never"
    assert "services +0.9/s, queue -0.05/s" in waterfall_text(replace(fall, unit="1/s"))
    assert waterfall_text(replace(fall, unit="")).startswith(
        "signup p95: predicted 1.2, services +0.9"
    )


def test_waiting_for_a_core_is_told_where_the_prediction_failed(tmp_path: Path) -> None:
    """A machine as fast as before, whose cores were others': nothing else explains it."""
    strain = Strain(
        at_ns=10**9, for_ns=10**9, cores=2, busy=2.0, steal=0.0, pressure=0.9,
        target_cpu=0.5, target_wait=0.35, generator_cpu=0.1, generator_wait=0.0,
    )  # fmt: skip
    none = np.array([], np.int64)
    machine = Machine(
        at_ns=none, cpu_ns=none, wall_ns=none, strain=(strain,), probed=None, here="x"
    )
    wrong = say_came(PredictionVerdict(outcome=Came.WRONG, missed=(MISSED,)))
    right = say_came(PredictionVerdict(outcome=Came.RIGHT))

    assert with_waits(wrong, machine).sentence.endswith(
        "waited for a core 350 ms a second, which is part of its services"
    )
    assert with_waits(right, machine) == right
    assert with_waits(wrong, None) == wrong
    idle = replace(machine, strain=(replace(strain, target_wait=0.01),))
    assert with_waits(wrong, idle) == wrong
