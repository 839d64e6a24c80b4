import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from reports.run.facts import PlanFacts, RunFacts, dump, load
from reports.run.folder import RunFolder, observed_part
from reports.run.report.reading import read_report
from reports.run.report.report import Report
from reports.run.store import connection
from simulator.errors import NotKept, UsageError
from simulator.plan.plan import Subject
from simulator.system.line import Policy
from tests.launches.run import LINE, NO_LINE, STARTED, facts, made_run, observe, observed, plan
from tests.launches.summaries import BAD, GOOD, prediction

AT = datetime(2026, 3, 1, 21, 15, 30, tzinfo=timezone(timedelta(hours=1)))


def test_a_folder_is_called_by_its_scenario_and_its_instant_in_utc(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "runs", "../Truth: social/2022", AT)
    assert folder.path == tmp_path / "runs" / "Truth-social-2022-20260301T201530Z"
    assert folder.database.is_file()


def test_a_root_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        RunFolder.create(tmp_path / "runs", "launch", AT)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_root_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="cannot be written"):
        RunFolder.create(tmp_path, "launch", AT)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "launch", AT)

    def write_on_a_full_disk() -> None:
        with connection(folder.database) as db:
            (pages,) = db.execute("PRAGMA page_count").fetchone()
            db.execute(f"PRAGMA max_page_count = {pages}")
            db.execute("INSERT INTO facts VALUES ('run', ?)", ("x" * 100_000,))

    with pytest.raises(NotKept, match=r"\(database or disk is full\); make room on the disk"):
        write_on_a_full_disk()


@pytest.mark.parametrize("missing", ["nowhere", "."])
def test_only_a_run_can_be_opened(tmp_path: Path, missing: str) -> None:
    with pytest.raises(UsageError, match="is not a run folder"):
        RunFolder.open(tmp_path / missing)


def test_a_strangers_file_is_not_a_store(tmp_path: Path) -> None:
    (tmp_path / "run.sqlite").write_text("something else altogether")
    with pytest.raises(UsageError, match="is not the store of a run, or is damaged"):
        read_report(RunFolder.open(tmp_path))


def test_the_latest_run_is_the_one_that_started_last(tmp_path: Path) -> None:
    later = RunFolder.create(tmp_path, "a", AT)
    RunFolder.create(tmp_path, "z", AT - timedelta(hours=1))
    (tmp_path / "zz-20990101T000000Z").mkdir()
    (tmp_path / "notes").mkdir()
    assert RunFolder.latest(tmp_path) == later


def test_without_runs_there_is_no_latest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no runs here yet"):
        RunFolder.latest(tmp_path / "runs")


def test_a_file_is_written_wholly(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "launch", AT)
    folder.save_scenario("format = 1\n")
    folder.save_scenario("format = 1 # é\n")
    assert (folder.path / "scenario.toml").read_bytes() == "format = 1 # é\n".encode()
    assert sorted(path.name for path in folder.path.iterdir()) == ["run.sqlite", "scenario.toml"]


def test_facts_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "made-up", AT)
    rehearsal = plan(Subject.REHEARSAL, Policy.FIFO)
    folder.save_facts(facts(seed=1))
    folder.save_facts(facts())
    folder.save_plan(LINE, rehearsal, "abc")

    report = read_report(folder)

    assert report.facts == facts()
    (variant,) = report.variants
    assert variant.rehearsal is not None
    assert variant.rehearsal.plan == PlanFacts.of(rehearsal, "abc")
    assert report.facts.started_at == STARTED.astimezone(UTC)


def test_predictions_are_read_back_and_the_larger_one_is_reported(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "made-up", AT)
    folder.save_facts(facts(target=None))
    folder.save_plan(LINE, plan(Subject.LAUNCH, Policy.FIFO))
    folder.save_prediction(LINE, Subject.LAUNCH, replace(prediction((1, BAD)), engine="simpy"))
    folder.save_prediction(LINE, Subject.LAUNCH, prediction((9, BAD)))
    folder.save_prediction(LINE, Subject.LAUNCH, prediction((1, BAD), (2, GOOD)))

    (variant,) = read_report(folder).variants

    assert variant.launch is not None
    assert [
        (one.engine, [launch.to_json() for launch in one.launches])
        for one in variant.launch.predictions
    ] == [("compiled", [BAD.to_json(), GOOD.to_json(), GOOD.to_json()]), ("simpy", [BAD.to_json()])]
    assert [verdict.claim for verdict in variant.verdicts] == ["launch prediction inconclusive"]


def test_variants_keep_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "made-up", AT)
    folder.save_facts(facts(target=None))
    for label in ("z", "a"):
        folder.save_plan(label, plan(Subject.LAUNCH, Policy.FIFO))
    folder.save_plan("z", plan(Subject.LAUNCH, Policy.FIFO))

    report = read_report(folder)

    assert [variant.label for variant in report.variants] == ["z", "a"]
    assert report.verdict is None


def test_a_finished_run(report: Report) -> None:
    assert [(each.label, each.verdict and each.verdict.claim) for each in report.variants] == [
        (LINE, "the rehearsal holds"),
        (NO_LINE, "the rehearsal does not hold"),
    ]
    assert report.verdict is not None
    assert report.verdict.exit_code == 0


def test_a_run_that_was_killed_in_the_middle_is_inconclusive(tmp_path: Path) -> None:
    killed = made_run(tmp_path, ended=None)

    verdict = read_report(killed).verdict

    assert verdict is not None
    assert verdict.sentence == (
        "the rehearsal is inconclusive, its instrument was impaired: replay cut short:"
        " the replay never wrote its end: it was killed or it crashed; run it again"
        " (and 1 more reason)"
    )


def test_a_run_that_was_killed_before_its_replay_says_so(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "made-up", AT)
    folder.save_facts(facts())
    folder.save_plan(LINE, plan(Subject.REHEARSAL, Policy.FIFO))
    verdict = read_report(folder).verdict
    assert verdict is not None
    assert verdict.sentence == "the rehearsal is inconclusive: nothing was recorded"


def test_a_run_that_was_killed_at_once_has_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is empty; the run ended") as raised:
        read_report(RunFolder.create(tmp_path, "made-up", AT))
    assert raised.value.exit_code == 3


def test_a_folder_that_was_a_run_cannot_be_judged_and_another_is_a_mistake(tmp_path: Path) -> None:
    was_one = RunFolder.create(tmp_path, "made-up", AT)
    was_one.database.unlink()
    for path, code in ((was_one.path, 3), (tmp_path, 2), (tmp_path / "nothing", 2)):
        with pytest.raises(UsageError, match="is not a run folder") as raised:
            RunFolder.open(path)
        assert raised.value.exit_code == code


def test_the_child_and_the_parent_write_into_one_store(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "made-up", AT)
    folder.save_facts(facts())
    folder.save_plan(LINE, plan(Subject.REHEARSAL, Policy.FIFO))
    observe(folder, LINE, observed(Policy.FIFO))

    with closing(sqlite3.connect(folder.database)) as db:
        assert db.execute("SELECT name FROM parts").fetchall() == [(observed_part(LINE),)]
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


@pytest.mark.parametrize("damage", [
    "UPDATE plans SET subject = subject || 'x'", "UPDATE predictions SET summary = x'00'",
    "UPDATE predictions SET summary = 'text'", "UPDATE visits SET fate = 99",
    "UPDATE visits SET arrived = 'soon'", "UPDATE parts SET provenance = 'unheard-of'",
])  # fmt: skip
def test_a_damaged_store_is_said(damage: str, tmp_path: Path) -> None:
    folder = made_run(tmp_path)
    with closing(sqlite3.connect(folder.database)) as db, db:
        db.execute(damage)
    with pytest.raises(UsageError, match=r"run\.sqlite: cannot be read .* or damaged$"):
        read_report(folder)


def test_facts_of_another_version_are_refused_in_a_sentence() -> None:
    text = dump(facts()).replace('"seed":7', '"seed":"seven"')
    with pytest.raises(UsageError, match=r"^here: seed: .*written by another version, or damaged$"):
        load(RunFacts, text, "here")


def test_two_runs_of_one_second_have_a_folder_each(tmp_path: Path) -> None:
    first, second = (RunFolder.create(tmp_path, "small", AT) for _ in range(2))
    assert first.path != second.path
    assert second.path.name.startswith(first.path.name)
