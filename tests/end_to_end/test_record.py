"""``surgeproof record`` from files, from packed files, and from a pipe."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.command import surgeproof
from tests.examples import examples
from tests.hanging import HUNG_S

AT = "14/Dec/2023:12:00"
LOG = f"""\
192.0.2.7 - - [{AT}:01 +0100] "GET /?mail=ann@x.test HTTP/1.1" 200 5 "-" "Mozilla/5.0"
192.0.2.7 - - [{AT}:03 +0100] "POST /signup HTTP/1.1" 201 5 "-" "Mozilla/5.0"
192.0.2.8 - - [{AT}:02 +0100] "POST /signup HTTP/1.1" 503 5 "-" "Mozilla/5.0"
the disk was full\x1b[2J here
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text(LOG)
    return path


def test_a_log_becomes_a_csv_and_every_line_is_accounted_for(log: Path) -> None:
    out = log.with_name("launch.csv")
    done = surgeproof("record", str(log), "-o", str(out), "--skip")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{out}: 3 arrivals of 4 lines, the last one after 2 s",
        "opening = 2023-12-14T11:00:01+00:00 (second 0)",
        "skipped: 1 in no known format",
        "could not be read: line 4 looks like a a a a?[a a",
    ]
    assert out.read_text() == "second,path\n0,/\n2,/signup\n1,/signup\n"


def test_a_packed_log_through_a_pipe_counted_from_a_given_opening(log: Path) -> None:
    out = log.with_name("launch.csv")
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "surgeproof", "record", "-", "-o", str(out)),
            *("--path", "/sign*", "--method", "post", "--status", "2xx,503"),
            *("--opening", "2023-12-14T12:00 Europe/Paris", "--counts", "2s", "--skip"),
        ],
        input=gzip.compress(LOG.encode()),
        capture_output=True,
        timeout=HUNG_S,
        check=True,
    )
    assert b"1 with another path" in done.stdout
    assert out.read_text() == "from_second,to_second,count\n2,4,2\n"


def test_a_file_that_is_there_is_not_overwritten(log: Path) -> None:
    done = surgeproof("record", str(log), "-o", str(log))
    assert done.returncode == 2
    assert "exists and is not overwritten" in done.stderr
    assert log.read_text() == LOG


@examples("words, sentence",
    ("nobody", ["--path", "/login"], "3 with another path, 1 in no known format"),
    ("path", ["--path", "signup"], "paths begin with /"),
    ("status", ["--status", "ok"], '--status has "ok"'),
    ("opening", ["--opening", "noon"], '--opening "noon" is not a date and time'),
    ("no zone", ["--from", "2023-12-14T12:00"], "has no time zone"),
    ("bucket", ["--counts", "500 ms"], "write whole seconds"),
)  # fmt: skip
def test_mistakes_exit_2_with_a_sentence_and_leave_no_file(
    log: Path, words: list[str], sentence: str
) -> None:
    out = log.with_name("launch.csv")
    done = surgeproof("record", str(log), "-o", str(out), *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "\x1b" not in done.stderr
    assert not out.exists()
