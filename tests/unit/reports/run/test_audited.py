"""A run whose line broke a promise does not hold, and every report says so."""

import json
from pathlib import Path

import pytest

from reports.files.junit import junit_text
from reports.files.markdown import markdown_text
from reports.files.record import record_text
from reports.run.folder import RunFolder, observed_part
from reports.run.report.reading import read_report
from reports.run.report.report import Report
from reports.run.store import connection
from simulator.outcomes.looks import LookRow, Told, read_looks, write_looks
from simulator.outcomes.rows import UNKNOWN
from simulator.outcomes.workers import Worker, write_worker
from simulator.verdict.criteria import Asks, Outcome
from simulator.verdict.line.promises import Promises
from tests.launches.run import LINE, S, made_run

MS = S // 1000


def look(visitor: int, sent: float, said: Told) -> LookRow:
    """Answered within 10 ms."""
    sent_ns = round(sent * S)
    return visitor, sent_ns + 10 * MS, said, UNKNOWN, UNKNOWN, UNKNOWN, sent_ns


OVERTAKEN = (
    look(1, 0.0, Told.PLACED), look(1, 2.0, Told.WAITS), look(1, 4.0, Told.LETS_IN),
    look(2, 0.5, Told.PLACED), look(2, 1.5, Told.LETS_IN),
)  # fmt: skip
IN_ORDER = (*OVERTAKEN[:1], look(1, 1.4, Told.LETS_IN), *OVERTAKEN[3:])


def told(
    root: Path,
    looks: tuple[LookRow, ...],
    *,
    bound_ns: int = 0,
    kept: bool = True,
    spoilt: str = "",
) -> Report:
    folder: RunFolder = made_run(root)
    with connection(folder.database) as db:
        ((part,),) = db.execute("SELECT part FROM parts WHERE name = ?", (observed_part(LINE),))
        with db:
            write_looks(db, part, looks)
            write_worker(db, part, Worker(number=1, name="b", planned=1, bound_ns=bound_ns))
            db.execute(spoilt or "SELECT 1")
    if kept:
        folder.save_promises(LINE, Promises())
    return read_report(folder)


def overtaken(report: Report) -> list[Outcome]:
    assert report.verdict is not None
    return [one.outcome for one in report.verdict.criteria if one.asks is Asks.OVERTAKEN]


def test_who_is_overtaken_fails_the_run_and_is_named_in_every_report(tmp_path: Path) -> None:
    report = told(tmp_path, OVERTAKEN)
    assert overtaken(report) == [Outcome.FAILS]
    assert report.exit_code == 1
    said = (
        "1 time somebody was let in before one who had joined earlier; at worst a visitor who joined 500 ms"
        " after the opening had entered 1.51 s after it, and a visitor who joined 10 ms after the opening was"
        " still told to wait 490 ms later"
    )
    for text in (report.decision.sentence, markdown_text(report), junit_text(report)):
        assert said in text


def test_what_looks_prove_counts_though_the_generator_was_late(tmp_path: Path) -> None:
    """Late looks hide faults, and make none; one row that is missing might make one."""
    busy = told(tmp_path, OVERTAKEN, spoilt="UPDATE beats SET cpu_share = 1")
    assert busy.exit_code == 1
    assert "does not hold, although its instrument was impaired (generator CPU)" in (
        busy.decision.sentence
    )
    assert "the server itself broke a promise of its line: 1 time" in busy.decision.sentence
    for name, looks, spoilt in (
        ("in order", IN_ORDER, "UPDATE beats SET cpu_share = 1"),
        ("rows gone", OVERTAKEN, "DELETE FROM ends"),
    ):
        (tmp_path / name).mkdir()
        assert told(tmp_path / name, looks, spoilt=spoilt).exit_code == 3


def test_a_program_reads_all_of_it_announced_beside_real_waits_too(tmp_path: Path) -> None:
    looks = tuple(
        one
        for visitor in range(10)
        for one in (
            (visitor, 10 * MS, Told.PLACED, visitor, 2 * S, UNKNOWN, 0),
            look(visitor, 1.0 + visitor / 10, Told.LETS_IN),
        )
    )
    variant, *_ = json.loads(record_text(told(tmp_path, looks)))["variants"]
    line = variant["line"]
    assert (line["lost"]["lost"], line["shared"], line["promises"]["order"]) == (
        0,
        None,
        "first-come",
    )
    assert [each["people"] for each in line["announced"]["calibration"]] == [5, 5]
    assert line["announced"]["calibration"][0]["announced_s"] == 2.0
    assert line["announced"]["calibration"][0]["real_s"] == pytest.approx(1.2)


def test_a_line_that_keeps_its_order_changes_nothing(tmp_path: Path) -> None:
    assert overtaken(told(tmp_path, IN_ORDER)) == [Outcome.HOLDS]


def test_clocks_that_may_differ_by_more_prove_nothing(tmp_path: Path) -> None:
    """The other had been in for 490 ms by the clocks: each of the two may be wrong by 250."""
    assert overtaken(told(tmp_path, OVERTAKEN, bound_ns=240 * MS)) == [Outcome.FAILS]
    (tmp_path / "wider").mkdir()
    assert overtaken(told(tmp_path / "wider", OVERTAKEN, bound_ns=250 * MS)) == [Outcome.HOLDS]


def test_a_run_of_an_older_version_is_not_audited(tmp_path: Path) -> None:
    report = told(tmp_path, OVERTAKEN, kept=False)
    assert report.variants[0].audit is None
    assert overtaken(report) == []


@pytest.mark.parametrize("said", [Told.PLACED, Told.LEFT])
def test_what_was_kept_is_read_back(tmp_path: Path, said: Told) -> None:
    folder = made_run(tmp_path)
    rows = [(7, 5, said, UNKNOWN, 3, 1 << 62, 4), (7, 5, Told.NOTHING, 2, UNKNOWN, UNKNOWN, 4)]
    with connection(folder.database) as db:
        ((part,),) = db.execute("SELECT part FROM parts WHERE name = ?", (observed_part(LINE),))
        with db:
            write_looks(db, part, rows)
        found = read_looks(db, observed_part(LINE))
    assert sorted(found.tolist()) == sorted(rows)
