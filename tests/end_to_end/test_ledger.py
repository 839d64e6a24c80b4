"""``surgeproof ledger`` as a team meets it: runs are added, the file is kept, broken, and merged."""

from pathlib import Path

import pytest

from reports.files.ledger import read_ledger
from reports.run.folder import RunFolder
from simulator.plan.plan import Subject
from simulator.system.line import Policy
from tests.documents import held
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.run import LINE, STARTED, facts, made_run, plan, predicted


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two runs of two variants each."""
    root = tmp_path_factory.mktemp("runs")
    made = (facts(started_at=STARTED.replace(second=second)) for second in (30, 40))
    return [made_run(root, each).path for each in made]


def test_runs_are_added_once_and_told(runs: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"

    first = surgeproof("ledger", runs[1], "--file", file)
    again = surgeproof("ledger", *runs, "--file", file)
    told = surgeproof("ledger", "--file", file)

    assert (first.returncode, again.returncode, told.returncode) == (0, 0, 0), again.stderr
    assert "2 launches added, 2 in all" in first.stderr
    assert "2 launches added, 4 in all" in again.stderr
    assert told.stdout == again.stdout
    assert told.stdout.startswith("Predictions so far: 4 rehearsals, 2026-03-01.\n")
    assert "In the middle 95 % of their prediction lay " in told.stdout
    assert [past.at for past in read_ledger(file)] == sorted(past.at for past in read_ledger(file))


def test_errors_and_bands_are_those_of_the_runs_own_report(
    runs: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "ledger.jsonl"

    surgeproof("report", runs[0])
    done = surgeproof("ledger", runs[0], "--file", file, "--json")

    verdict = held((runs[0] / "verdict.json").read_text(), "Run")
    shown = {
        (variant["variant"], figure["key"]): figure
        for variant in verdict["variants"]
        for figure in variant["figures"]
    }
    kept = held(done.stdout, "Ledger")
    assert [one["variant"] for one in kept] == sorted(one["variant"] for one in verdict["variants"])
    for launch in kept:
        assert launch["figures"]
        for figure in launch["figures"]:
            same = shown[launch["variant"], figure["key"]]
            assert figure["within"] == same["within"]
            seen, told = same["rehearsal_observed"], same["rehearsal_predicted"]
            assert figure["came"] == (seen["at_least"] if seen["value"] is None else seen["value"])
            assert figure["low"] == told["from"]


def test_a_ledger_names_no_target(runs: list[Path], tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    where = facts().target
    assert where is not None

    surgeproof("ledger", *runs, "--file", file)

    assert where.removeprefix("http://") not in file.read_text()


def test_without_a_ledger_it_says_how_to_begin(tmp_path: Path) -> None:
    done = surgeproof("ledger", "--file", tmp_path / "ledger.jsonl")

    assert done.returncode == 2
    assert done.stderr.endswith("there is no ledger yet; add a run: surgeproof ledger RUN\n")
    assert not (tmp_path / "ledger.jsonl").exists()


def line(runs: list[Path], tmp_path: Path) -> str:
    surgeproof("ledger", runs[0], "--file", tmp_path / "made.jsonl")
    return (tmp_path / "made.jsonl").read_text().splitlines()[0]


@examples("broken, said",
    ("a merge conflict", "<<<<<<< HEAD", "keep the lines of both sides"),
    ("no JSON", "{", "is not JSON: mend the line, or remove it"),
    ("another file", '{"a": 1}', "is no line of a ledger; this version reads format 1"),
    ("a later version", '{"ledger": 2}', "has the format 2; this version reads format 1"),
    ("a list", "[1]", "is no line of a ledger"),
    ("too little", '{"ledger": 1}', "launch: "),
)  # fmt: skip
def test_a_broken_line_is_named_and_nothing_is_lost(
    broken: str, said: str, runs: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "ledger.jsonl"
    text = f"{line(runs, tmp_path)}\n{broken}\n"
    file.write_text(text)

    done = surgeproof("ledger", runs[1], "--file", file)

    assert done.returncode == 2
    assert f"{file}, line 2: " in done.stderr
    assert said in done.stderr
    assert file.read_text() == text


def test_a_run_in_which_nothing_took_place_has_no_error(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, "made-up", STARTED)
    folder.save_facts(facts(target=None))
    made = plan(Subject.LAUNCH, Policy.FIFO)
    folder.save_plan(LINE, made)
    folder.save_prediction(LINE, Subject.LAUNCH, predicted(Subject.LAUNCH, Policy.FIFO))

    done = surgeproof("ledger", folder.path, "--file", tmp_path / "ledger.jsonl")

    assert done.returncode == 2
    assert "nothing was both predicted and observed" in done.stderr


def test_what_a_broken_instrument_saw_is_no_error_of_the_prediction(tmp_path: Path) -> None:
    folder = made_run(tmp_path, ended=None)

    done = surgeproof("ledger", folder.path, "--file", tmp_path / "ledger.jsonl")

    assert done.returncode == 0
    assert "could not be judged" in done.stdout
    assert "No figure could be held against its band." in done.stdout
    assert all(not past.figures for past in read_ledger(tmp_path / "ledger.jsonl"))
