"""A past launch: from an access log to a launch file, its prediction, and the same requests at a server."""

import csv
import re
import sqlite3
from collections import Counter
from pathlib import Path
from threading import Lock

import pytest

from tests.end_to_end.command import surgeproof
from tests.loopback import Answering, answering
from tests.readme import README

LOG = Path(__file__).parents[1] / "launches" / "access.log"
DOCS = README.parent / "docs" / "logs.md"
SHOWN = re.compile(
    r"```\n(?P<command>surgeproof record tests/launches/access\.log .*)\n```\n\n```\n(?P<output>.*?)```",
    re.DOTALL,
)
SYSTEM = '[[station]]\nname = "app"\nservers = 4\nwaiting_room = 100\nservice = "2 ms"\n'
MAX_LAG_S = 1.0
"""Who would be sent later than this is not sent."""


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    file = tmp_path / "launch.toml"
    done = surgeproof("record", LOG, "--write", file, "--skip")
    assert (done.returncode, done.stderr) == (0, "")
    return file


def recorded(launch: Path) -> list[dict[str, str]]:
    rows = launch.with_suffix(".requests.csv").read_text().split("\n", 1)[1]
    return list(csv.DictReader(rows.splitlines()))


def test_the_page_shows_what_the_command_prints(tmp_path: Path) -> None:
    shown = SHOWN.search(DOCS.read_text(encoding="utf-8"))
    assert shown is not None
    words = shown["command"].split()[1:]
    file = tmp_path / "launch.toml"
    done = surgeproof(
        *[
            str(LOG) if w.endswith("access.log") else str(file) if w.endswith(".toml") else w
            for w in words
        ]
    )
    said = done.stdout.replace(f"{tmp_path}/", "")
    assert [line.rstrip() for line in said.splitlines()] == [
        line.rstrip() for line in shown["output"].splitlines()
    ]


def test_nothing_of_who_asked_reaches_a_file_and_a_query_only_by_its_names(launch: Path) -> None:
    text = launch.read_text() + launch.with_suffix(".requests.csv").read_text()
    modes = {file.stat().st_mode & 0o777 for file in (launch, launch.with_suffix(".requests.csv"))}
    assert modes == {0o600}, "with --keep-queries both hold what was asked"
    assert not re.search(r"192\.0\.2|\bann\b|s3cr3t|Mozilla|x\.test", text)
    assert "/search?q=&token=" in text
    assert "/a%0d%0aX-Evil:%201" in text


def test_the_launch_that_was_written_is_valid_and_is_predicted_as_it_was(launch: Path) -> None:
    checked = surgeproof("check", launch)
    assert checked.returncode == 0, checked.stderr
    assert "1 of 12 requests is not sent" in checked.stdout
    predicted = surgeproof("predict", launch, "--launches", "60")
    assert predicted.returncode == 0, predicted.stderr
    assert "the launch is predicted to hold" in predicted.stdout


def test_options_about_requests_want_a_launch_and_counts_none(tmp_path: Path) -> None:
    tried: tuple[tuple[list[str | Path], str], ...] = (
        (["-o", tmp_path / "a.csv", "--keep-queries"], "give --write launch.toml"),
        (["--write", tmp_path / "l.toml", "--counts", "1s"], "leave one out"),
        ([], "give -o arrivals.csv for the arrivals alone, or --write"),
        (["--write", tmp_path / "l.txt"], "a launch is a .toml file"),
    )
    for words, sentence in tried:
        done = surgeproof("record", LOG, *words)
        assert done.returncode == 2
        assert sentence in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_receives_what_the_log_has_when_it_was_recorded(
    launch: Path, tmp_path: Path, workers: int
) -> None:
    """A wrong model (all of them at once) fails: the log lasts 3.5 s, and starts may be 1 s late at most."""
    got: list[tuple[float, str, str, str, str]] = []
    lock = Lock()

    class Noting(Answering):
        def note(self) -> None:
            cookie = self.headers.get("Cookie", "")
            target = self.requestline.split()[1]  # http.server takes slashes from the path
            started = float(self.headers["X-Request-Start"].removeprefix("t=")) / 1e6
            with lock:
                got.append((started, self.command, target, cookie, self.headers["Host"]))
                number = len(got)
            self.answer(204, b"", *([] if cookie else [("Set-Cookie", f"seat={number}; Path=/")]))

        do_GET = do_HEAD = do_OPTIONS = do_POST = note  # noqa: N815

    (tmp_path / "system.toml").write_text(SYSTEM)
    with answering(Noting) as url:
        words: list[str | Path] = [
            "replay",
            launch,
            "--target",
            url,
            "--system",
            tmp_path / "system.toml",
        ]
        done = surgeproof(*words, "--workers", str(workers), "--runs", tmp_path / "runs")
        assert "Traceback" not in done.stderr, done.stderr
    wanted = [row for row in recorded(launch) if row["method"] != "POST"]
    assert Counter((method, path) for _, method, path, *_ in got) == Counter(
        (row["method"], row["target"]) for row in wanted
    )
    assert {host for *_, host in got} == {url.removeprefix("http://")}

    (database,) = (tmp_path / "runs").glob("*/run.sqlite")
    with sqlite3.connect(database) as store:
        planned = [at for (at,) in store.execute("SELECT arrived FROM planned ORDER BY arrived")]
    assert planned == sorted(round(float(row["second"]) * 1e9) for row in wanted)

    sent: dict[tuple[str, str], list[float]] = {}
    for started, method, path, *_ in sorted(got):
        sent.setdefault((method, path), []).append(started)
    first_s = min(min(times) for times in sent.values())
    for row in wanted:
        started = sent[row["method"], row["target"]].pop(0)
        assert (
            -MAX_LAG_S
            <= started - first_s - (float(row["second"]) - float(wanted[0]["second"]))
            <= MAX_LAG_S
        )
