"""A target that asks for a secret gets it with every request, and nothing else ever holds it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from tests.end_to_end.command import surgeproof
from tests.launches.files import LAUNCH
from tests.loopback import Answering, answering

SECRET = "Bearer only-for-the-header"


class Guarded(Answering):
    """Lets everybody in, and notes what each request showed at the door."""

    shown: ClassVar[set[tuple[str, str | None]]] = set()

    def do_GET(self) -> None:
        self.note(b'{"workers": 1, "queue": 64}')

    def do_POST(self) -> None:
        self.body()
        time.sleep(0.01)
        self.note(b'{"ticket": "t"}')

    def note(self, body: bytes) -> None:
        self.shown.add((self.path, self.headers["authorization"]))
        self.answer(200, body)


@pytest.fixture
def guarded() -> Iterator[str]:
    with answering(Guarded) as url:
        yield url


def test_every_request_shows_the_secret_and_no_file_holds_it(guarded: str, tmp_path: Path) -> None:
    launch, runs = tmp_path / "launch.toml", tmp_path / "runs"
    launch.write_text(LAUNCH)

    words = ("replay", str(launch), "--target", guarded, "--launches", "2", "--runs", str(runs))
    done = surgeproof(*words, env={"SURGEPROOF_AUTHORIZATION": SECRET})

    assert Guarded.shown == {(path, SECRET) for path in ("/healthz", "/line", "/signup")}, (
        done.stderr
    )
    files = [file for file in runs.rglob("*") if file.is_file()]
    assert len(files) > 5, done.stderr
    assert not [file for file in files if SECRET.encode() in file.read_bytes()]
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("value", ["one\r\nInject: two", "\u00e9"])
def test_what_no_header_may_hold_is_refused_and_not_told(value: str, guarded: str) -> None:
    done = surgeproof("probe", "--target", guarded, env={"SURGEPROOF_AUTHORIZATION": value})
    assert done.returncode == 2
    assert done.stderr == (
        "surgeproof: SURGEPROOF_AUTHORIZATION has characters that a header cannot hold: use printable ASCII,"
        " on one line\n"
    )
