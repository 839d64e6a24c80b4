"""What could be refused beforehand is, before the target is loaded; and nothing that was measured is lost."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from reports.run.folder import RunFolder
from simulator.errors import Misbehaved, NotKept, UsageError
from simulator.scenario.scenario import read_stations
from surgeproof.verbs.predicting import planning
from surgeproof.verbs.sending.crowds import gauntlet
from surgeproof.verbs.sending.meanwhile.unkept import Unkept
from surgeproof.verbs.sending.probe import held_out, probe
from surgeproof.verbs.sending.replay import planned
from tests.end_to_end.command import Done, surgeproof
from tests.examples import examples
from tests.launches.files import LAUNCH, changed
from tests.launches.gauntlet import CROWD, HOST, MEASURED
from tests.unit.surgeproof.sending.test_dry_run import untouched

CHANGE = '[[change]]\nat = "1 s"\nset = { "waitlist.release.rate" = "5/s" }\n[objectives'
LINED = ("share_of_capacity = 0.75", 'rate = "4/s"')
TABLE = '[data]\nfile = "people.csv"\n[objectives'


def refused(folder: Path, text: str, *words: str | Path) -> Done:
    """A replay that nobody was spoken to for."""
    (folder / "small.toml").write_text(text)
    (folder / "people.csv").write_text("email,password\na@example.com,b\n")
    (folder / "file").write_text("")
    with untouched() as url:
        return surgeproof("replay", "./small.toml", "--target", url, *words, cwd=folder)


@examples("text, words, code, sentence",
    ("a change in the window", changed(LINED, ("[objectives", CHANGE), text=LAUNCH), (), 2, "falls into the rehearsed window"),
    ("too few rows", changed(("[objectives", TABLE), text=LAUNCH), (), 2, '"people.csv" has 1 row, and'),
    ("an action after the end", LAUNCH, ("--at", "1 h", "--run", "true"), 2, "is after the rehearsal's end"),
    ("metrics of a stranger", LAUNCH, ("--scrape", "http://192.0.2.7/metrics"), 5, "192.0.2.7"),
    ("no folder for the run", LAUNCH, ("--runs", "file/runs"), 2, "file is not a folder; choose another place"),
)  # fmt: skip
def test_a_replay_is_refused_before_anything_is_sent(
    tmp_path: Path, text: str, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = refused(tmp_path, text, *words)
    assert (done.returncode, sentence in done.stderr) == (code, True), done.stderr


def measured(*_: object, **__: object) -> SimpleNamespace:
    """What a probe found, without one."""
    return SimpleNamespace(stations_toml=lambda: MEASURED, stations=())


def test_stations_are_printed_where_the_run_does_not_come_to_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens there, which is found out behind the probe."""
    monkeypatch.setattr(planned, "measure", measured)
    (tmp_path / "small.toml").write_text(LAUNCH)
    done = surgeproof("replay", "./small.toml", "--target", "http://127.0.0.1:1", cwd=tmp_path)
    assert done.returncode == 3
    assert "nothing answers at http://127.0.0.1:1" in done.stderr
    assert [each.name for each in read_stations(done.stdout, "printed")] == ["probed"]


def test_stations_that_are_in_a_file_are_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder.create(tmp_path, "small", datetime.now(UTC))
    with suppress(NotKept), Unkept(stations=MEASURED) as unkept:
        unkept.keep(folder)
        raise NotKept("the disk is full")
    assert folder.stations.read_text() == MEASURED
    assert capsys.readouterr().out == ""


def played(folder: Path, *words: str | Path) -> Done:
    for name, text in (("host", HOST), ("crowd", CROWD)):
        (folder / f"{name}.toml").write_text(text)
    return surgeproof(
        "gauntlet", "./crowd.toml", "--like", "host.toml", "--expect", "200", "--launches", "5", *words,
        cwd=folder,
    )  # fmt: skip


def test_a_gauntlet_that_cannot_be_written_is_told_with_its_stations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise NotKept(f"{path}: cannot be written (No space left on device)")

    host = HOST + '[replay]\nfor = "1 s"\ndrain = "60 s"\n'
    monkeypatch.setattr(gauntlet, "measure", measured)
    monkeypatch.setattr(gauntlet, "new_folder", full)
    with untouched() as url:
        (tmp_path / "spoken.toml").write_text(host)
        done = played(tmp_path, "--like", "spoken.toml", "--target", url, "--report", "r")
        as_json = played(
            tmp_path, "--like", "spoken.toml", "--target", url, "--report", "r", "--json"
        )
    assert done.returncode == as_json.returncode == 3
    table, _, stations = done.stdout.partition("\n[[station]]")
    assert "crowd" in table
    assert [each.name for each in read_stations(f"[[station]]{stations}", "printed")] == ["probed"]
    assert as_json.stdout.startswith("{")
    assert as_json.stdout.rstrip().endswith("}")
    assert 'name = "probed"' in as_json.stderr


def test_a_gauntlet_that_may_not_trust_what_was_measured_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a target that refuses: what is known of it took minutes of load."""

    def refused(_: object) -> None:
        raise Misbehaved("it refuses")

    monkeypatch.setattr(gauntlet, "measure", measured)
    monkeypatch.setattr(gauntlet, "Findings", SimpleNamespace)
    monkeypatch.setattr(gauntlet, "require_known", refused)
    with untouched() as url:
        (tmp_path / "spoken.toml").write_text(HOST + '[replay]\nfor = "1 s"\ndrain = "60 s"\n')
        done = played(tmp_path, "--like", "spoken.toml", "--target", url, "--report", "r")
    assert (done.returncode, done.stdout) == (3, MEASURED)
    assert "it refuses" in done.stderr


@examples("more, words, sentence",
    ("a folder that cannot be", "", ("--report", "host.toml/report"), "host.toml is not a folder"),
    ("a journey without a request", '[[journey]]\nname = "other"\n[[journey.step]]\nname = "x"\nat = "web"\n', (),
     "journey.other: has no step with a request"),
    ("a command that there is not", '[replay]\nfor = "1 s"\ndrain = "60 s"\ncleanup = "./tidy"\n',
     ("--replay", "worst", "--allow-commands"), 'replay.cleanup: there is no program "./tidy"'),
    ("one that nobody allowed", '[replay]\nfor = "1 s"\ndrain = "60 s"\ncleanup = "true"\n', ("--replay", "worst"),
     "--allow-commands"),
)  # fmt: skip
def test_a_gauntlet_is_refused_before_anything_is_sent(
    tmp_path: Path, more: str, words: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "other.toml").write_text(
        HOST.replace("[objectives.signup]", f"{more}[objectives.signup]", 1)
    )
    with untouched() as url:
        done = played(tmp_path, "--like", "other.toml", "--target", url, *words)
    assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
    assert not done.stdout


def test_a_prediction_whose_report_cannot_be_written_is_printed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise NotKept("report: cannot be written (No space left on device)")

    (tmp_path / "small.toml").write_text(LAUNCH)
    monkeypatch.setattr(planning, "write_report", full)
    words = ("predict", "./small.toml", "--launches", "5", "--report", "r")
    done = surgeproof(*words, cwd=tmp_path)
    assert done.returncode == 3
    assert "No space left" in done.stderr
    assert "launch prediction inconclusive: 5 of 5" in done.stdout


def test_a_report_that_could_not_be_written_is_refused_before_anything_is_simulated(
    tmp_path: Path,
) -> None:
    (tmp_path / "small.toml").write_text(LAUNCH)
    done = surgeproof("predict", "./small.toml", "--report", "small.toml/r", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "small.toml is not a folder" in done.stderr


@pytest.mark.parametrize("fault", [KeyboardInterrupt, StopIteration])
def test_what_was_probed_is_printed_where_the_step_after_it_does_not_end(
    fault: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends it: somebody, or a fault of ours."""

    def ends(*_: object) -> None:
        raise fault

    monkeypatch.setattr(probe, "measure", measured)
    monkeypatch.setattr(probe, "sharing_at", lambda *_: None)
    monkeypatch.setattr(held_out, "judged_by_a_step", ends)
    with untouched() as url:
        done = surgeproof("probe", "--target", url)
    assert done.returncode != 0
    assert [each.name for each in read_stations(done.stdout, "printed")] == ["probed"]


def test_a_probe_that_cannot_be_written_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: str) -> None:
        raise UsageError("staging.toml: cannot be written")

    found = SimpleNamespace(stations_toml=lambda: MEASURED, stations=())
    monkeypatch.setattr(probe, "measure", lambda *_, **__: found)
    monkeypatch.setattr(probe, "write_stations", full)
    with untouched() as url:
        done = surgeproof(
            "probe", "--target", url, "--write", tmp_path / "staging.toml", "--no-held-out"
        )
    assert (done.returncode, done.stdout) == (2, MEASURED)
