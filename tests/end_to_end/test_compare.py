"""``compare`` as a person meets it: files, variants, settings and runs; what cannot be compared."""

import re
import shutil
from pathlib import Path

import pytest

from reports.run.folder import RunFolder
from tests.documents import held
from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.launches.files import LAUNCH
from tests.launches.run import facts, made_run
from tests.readme import compared

FEW = ("--launches", "20")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(LAUNCH)
    return path


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of two variants each."""
    root = tmp_path_factory.mktemp("runs")
    for number in (30, 40):
        started = facts().started_at.replace(second=number)
        folder = made_run(root, facts(started_at=started))
        folder.save_scenario(LAUNCH)
    return root


def latest(runs: Path) -> list[str]:
    return [str(folder.path) for folder in RunFolder.by_instant(runs)]


# Launches -----------------------------------------------------------------------------------------


def test_a_setting_is_held_against_the_file_as_it_is(file: Path) -> None:
    done = surgeproof("compare", file, "--set", "station.signup.service.mean=10 ms", *FEW)

    said = done.stdout
    assert done.returncode == 1, done.stderr
    assert '  station.signup.service.mean  "5 ms" -> "10 ms"\n' in said
    assert re.search(
        r"^ mean service time +5 ms +10 ms +\+5(\.\d+)? ms ± .* worse$", said, re.MULTILINE
    )
    assert said.splitlines()[-1].startswith(
        f"{file} with station.signup.service.mean=10 ms is worse than {file}: "
    )


def test_what_gets_better_or_stays_exits_0(file: Path, tmp_path: Path) -> None:
    faster = tmp_path / "faster.toml"
    faster.write_text(LAUNCH.replace("servers = 1", "servers = 2"))
    better = surgeproof("compare", file, faster, *FEW)
    same = surgeproof("compare", file, "--set", "launch.story=Another.", *FEW)

    assert (better.returncode, same.returncode) == (0, 0), better.stdout
    assert "is better than" in better.stdout.splitlines()[-1]
    assert "are the same in all figures" in same.stdout.splitlines()[-1]


def test_variants_follow_an_at_and_each_is_held_against_the_first(file: Path) -> None:
    done = surgeproof("compare", file, f"{file}@no-line", f"{file}@no-line", "--json", *FEW)
    assert done.returncode == 2
    assert "is named twice" in done.stderr

    other = surgeproof("compare", f"{file}@no-line", file, "--json", *FEW)
    record = held(other.stdout, "Comparison")
    (comparison,) = record["comparisons"]
    assert comparison["scenario"] == [{"key": "waitlist.policy", "old": "open", "new": "fifo"}]
    assert (comparison["old"], comparison["new"]) == (f"{file}@no-line", str(file))
    assert record["exit_code"] == other.returncode
    assert {part["same_luck"] for part in comparison["parts"]} == {True}


def test_a_program_reads_the_same_bytes_twice(file: Path) -> None:
    words = ("compare", file, f"{file}@no-line", "--json", *FEW)
    assert surgeproof(*words).stdout == surgeproof(*words).stdout


def test_a_tolerance_lets_a_small_change_pass(file: Path) -> None:
    words = ("compare", file, "--set", "station.signup.service.mean=5.1 ms", *FEW)
    assert surgeproof(*words).returncode == 1
    strict, mild = (
        held(surgeproof(*words, "--json", *more).stdout, "Comparison")
        for more in ((), ("--tolerance", "5%"))
    )
    mean = [
        next(f for f in each["comparisons"][0]["parts"][0]["figures"] if f["key"] == "service_mean")
        for each in (strict, mild)
    ]
    assert [each["change"] for each in mean] == ["worse", "noise"]


# Runs ---------------------------------------------------------------------------------------------


def test_without_a_word_the_latest_two_runs_are_compared_variant_by_variant(runs: Path) -> None:
    done = surgeproof("compare", "--runs", runs)

    first, second = (Path(each).name for each in latest(runs))
    assert done.returncode == 0, done.stderr
    assert f"{second}@line against {first}@line\n" in done.stdout
    assert f"{second}@no-line against {first}@no-line\n" in done.stdout
    assert done.stdout.count("changed in the launch file: nothing\n") == 2
    assert done.stdout.count("rehearsal observed: ") == 2
    assert done.stdout.splitlines()[-1].endswith("are the same in all figures")


def test_one_run_is_compared_with_itself_variant_by_variant(runs: Path) -> None:
    first = latest(runs)[0]
    one = surgeproof("compare", first)
    named = surgeproof("compare", f"{first}@line", f"{first}@no-line")

    assert (one.returncode, named.returncode) == (1, 1)
    assert one.stdout == named.stdout
    assert '  waitlist.policy  "fifo" -> "open"\n' in one.stdout, "the file has this variant"


def test_variants_that_one_run_has_alone_are_said_to_be_left_out(runs: Path) -> None:
    first, second = latest(runs)
    done = surgeproof("compare", f"{first}@line", second)
    assert f'"no-line" of {second} is not in {first}@line: left out' in done.stderr
    assert done.returncode == 0


def test_runs_that_are_called_alike_go_by_where_they_lie(runs: Path, tmp_path: Path) -> None:
    first = Path(latest(runs)[0])
    copy = shutil.copytree(first, tmp_path / first.name)
    done = surgeproof("compare", first, copy)
    assert f"{copy}@line against {first}@line" in done.stdout


def test_a_run_whose_launch_file_is_gone_or_damaged_is_compared_all_the_same(
    runs: Path, tmp_path: Path
) -> None:
    first, second = latest(runs)
    damaged = shutil.copytree(second, tmp_path / "damaged")
    (damaged / "scenario.toml").write_bytes(b"\xff[[")
    done = surgeproof("compare", first, damaged)
    assert done.returncode == 0, done.stderr
    assert "changed in the launch file: not known, it was not kept" in done.stdout


# Runs against a baseline --------------------------------------------------------------------------


def test_a_run_is_held_against_all_runs_of_its_baseline(runs: Path, tmp_path: Path) -> None:
    first, second = latest(runs)
    baseline = tmp_path / "baseline"
    for number in (1, 2, 3):
        shutil.copytree(first, baseline / f"made-up-2026030{number}T201530Z")
    done = surgeproof("compare", second, "--against", baseline)

    assert done.returncode == 0, done.stderr
    assert f"{Path(second).name}@line against 3 replays\n" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("and 3 replays are the same in all figures")


def test_without_a_word_the_latest_run_that_is_no_baseline_is_held_against_it(runs: Path) -> None:
    first, second = (Path(each) for each in latest(runs))
    done = surgeproof("compare", "--against", second, "--runs", runs)
    assert f"{first.name}@line against {second.name}@line\n" in done.stdout
    none = surgeproof("compare", "--against", runs, "--runs", runs)
    assert (none.returncode, none.stdout) == (2, "")
    assert "has no run beside those of --against" in none.stderr


def test_what_is_worse_than_its_baseline_exits_1(runs: Path) -> None:
    first, second = latest(runs)
    words = ("compare", f"{second}@no-line", "--against", f"{first}@line")
    done, record = surgeproof(*words), held(surgeproof(*words, "--json").stdout, "Comparison")

    assert (done.returncode, record["exit_code"]) == (1, 1), done.stderr
    assert " is worse than " in done.stdout.splitlines()[-1]
    observed = record["comparisons"][0]["parts"][0]
    assert (observed["provenance"], observed["replays"]) == ("observed", {"old": 1, "new": 1})


# What cannot be compared --------------------------------------------------------------------------


@examples("words,code,said",
    ("nothing of that name", ["compare", "unheard-of", "b"], 2, "there is no such run folder, launch file"),
    ("a launch alone", ["compare", "FILE"], 2, "name a second launch, or say with --variant or --set"),
    ("a run alone", ["compare", "RUN@line"], 2, "name a second run to compare it with"),
    ("a run and a launch", ["compare", "RUN", "FILE"], 2, "its own report (surgeproof report"),
    ("the same run twice", ["compare", "RUN", "RUN/."], 2, "is named twice"),
    ("the same launch twice", ["compare", "FILE", "FILE"], 2, "is named twice"),
    ("no such variant of a run", ["compare", "RUN@x", "RUN"], 2, 'has no variant "x"; it has "line", "no-line"'),
    ("no such variant of a file", ["compare", "FILE", "FILE@x"], 2, 'there is no variant "x"'),
    ("a setting of runs", ["compare", "RUN@line", "RUN@no-line", "--set", "a=1"], 2, "and no run"),
    ("a setting of two launches", ["compare", "FILE", "FILE@no-line", "--set", "a=1"], 2, "named alone"),
    ("a launch against runs", ["compare", "FILE", "--against", "RUN"], 2, "--against is about runs"),
    ("against a launch", ["compare", "RUN", "--against", "FILE"], 2, "name the folder of a run"),
    ("against itself", ["compare", "RUN", "--against", "RUN"], 2, "is named twice"),
    ("a setting against runs", ["compare", "RUN", "--against", "RUN", "--set", "a=1"], 2, "and no run"),
    ("no share", ["compare", "FILE", "--set", "a=1", "--tolerance", "much"], 2, "--tolerance much: write a share"),
    ("more than all", ["compare", "FILE", "--set", "a=1", "--tolerance", "100%"], 2, "less than 1"),
    ("no runs yet", ["compare", "--runs", "EMPTY"], 2, "has fewer than two runs"),
    ("a folder that is no run", ["compare", "RUN", "EMPTY"], 2, "is not a run folder"),
    ("a damaged store", ["compare", "RUN", "DAMAGED"], 3, "is not the store of a run, or is damaged"),
    ("a run that never began", ["compare", "RUN", "BEGUN"], 3, "the run ended before anything"),
)  # fmt: skip
def test_what_cannot_be_compared_is_a_sentence(
    words: list[str], code: int, said: str, file: Path, runs: Path, tmp_path: Path
) -> None:
    damaged, empty = tmp_path / "damaged", tmp_path / "empty"
    for folder in (damaged, empty):
        folder.mkdir()
    (damaged / "run.sqlite").write_bytes(b"nothing of the kind" * 100)
    begun = RunFolder.create(tmp_path, "begun", facts().started_at)
    begun.save_facts(facts())
    places = {"FILE": file, "RUN": latest(runs)[0], "EMPTY": empty, "DAMAGED": damaged,
              "BEGUN": begun.path}  # fmt: skip
    typed = [re.sub("|".join(places), lambda found: str(places[found[0]]), word) for word in words]

    done = surgeproof(*typed)

    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr
    assert done.stdout == ""


def test_a_name_that_would_rule_the_terminal_does_not(tmp_path: Path) -> None:
    file = tmp_path / "\x1b[31m<b>naïve launch with thirty bytes.toml"
    file.write_text(LAUNCH)
    done = surgeproof("compare", file, "--set", "launch.story=x", *FEW)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "<b>naïve launch" in done.stdout


# The page on it -----------------------------------------------------------------------------------


def test_what_the_page_shows_is_what_is_printed() -> None:
    anew, page = compared()
    assert "\n$ surgeproof compare my-launch.toml " in page
    assert anew == page
