"""``surgeproof replay --dry-run``: everything is said, and nobody is spoken to."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.command import surgeproof
from tests.launches.files import LAUNCH, changed


@contextmanager
def untouched() -> Iterator[str]:
    """A server to which nobody may connect until the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.setblocking(False)  # noqa: FBT003 - it names itself
        with pytest.raises(BlockingIOError):
            server.accept()


def written(folder: Path, text: str) -> Path:
    file = folder / "small.toml"
    file.write_text(text)
    return file


def test_what_would_be_sent_is_said_and_nothing_is(tmp_path: Path) -> None:
    text = changed(
        ('path = "/signup" }', 'path = "/signup", json = { phone = "+33600000000" } }'), text=LAUNCH
    )
    text += '\n[replay.stop]\nerrors = 0.5\np95 = "10 s"\nhealth = "/ready"\nfile = "enough"\n'
    file = written(tmp_path, text)
    with untouched() as url:
        ended = surgeproof(
            "replay", file, "--target", url, "--dry-run", "--runs", tmp_path / "runs",
            "--workers", "2", "--metrics", "0", "--scrape", "/metrics",
            "--at", "2 s", "--run", "sh -c 'exit 1'",
        )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    lines = [line.strip() for line in ended.stdout.splitlines()]
    (people,) = [line.split()[1].rstrip(",") for line in lines if line.startswith("visitors")]
    for said in (
        f"to          {url} (127.0.0.1)",
        f"requests    POST /signup (signup): {people}, with all retries {2 * int(people)}",
        "health      GET /healthz, before the opening and where connections break",
        "ends early  where the target dies (exit code 4)",
        "where more than 0.5 of the answers to a request fail",
        "where the p95 of a request is above 10 s",
        "beside it   2 s after the opening sh -c 'exit 1' is run on this machine (--run)",
        "the visitors are shared by 2 workers",
        "figures are served for Prometheus at 0",
        "the target's own metrics are read at /metrics, about once a second",
        f"where the file {tmp_path / 'enough'} is made",
        "where this command is sent SIGUSR1",
        "where GET /ready, asked each 400 ms, fails twice in a row",
        f'SMS: POST /signup (journey.signup.step.create) speaks of "phone", {2 * int(people)} times at most',
    ):
        assert said in lines, ended.stdout
    assert any(line.startswith("before it   if the target tells its servers") for line in lines)
    assert not (tmp_path / "runs").exists()


def test_a_target_that_is_not_allowed_yet_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SURGEPROOF_ALLOW", raising=False)
    file = written(tmp_path, LAUNCH)
    ended = surgeproof("replay", file, "--target", "http://192.0.2.7", "--dry-run")
    assert ended.returncode == 0, ended.stderr
    assert "http://192.0.2.7 (192.0.2.7): not this machine, and not allowed yet" in ended.stdout
    assert "SURGEPROOF_ALLOW=192.0.2.7" in ended.stdout


def test_a_secret_that_is_missing_is_told_as_it_would_be(tmp_path: Path) -> None:
    text = changed(
        ('path = "/signup" }', 'path = "/signup", headers = { X-Key = "${env.NO_SUCH_KEY}" } }'),
        text=LAUNCH,
    )
    file = written(tmp_path, text)
    with untouched() as url:
        ended = surgeproof("replay", file, "--target", url, "--dry-run")
    assert ended.returncode == 2
    assert "has no NO_SUCH_KEY" in ended.stderr


def test_a_process_that_could_not_be_kept_apart_is_told_before_anything_is_sent(
    tmp_path: Path,
) -> None:
    """As the replay itself would: a process that is not there, and then one that may be moved, which is not."""
    file = written(tmp_path, LAUNCH)
    words = ("replay", file, "--dry-run", "--pin-target")
    with untouched() as url:
        ended = surgeproof(*words, str(2**22 + 1), "--target", url)
    assert ended.returncode == 2, ended.stderr
    assert f"--pin-target {2**22 + 1}: there is no such process here" in ended.stderr

    cores = os.sched_getaffinity(0)
    with untouched() as url:
        ended = surgeproof(*words, str(os.getpid()), "--target", url)
    if len(cores) > 1:
        assert ended.returncode == 0, ended.stderr
        assert f"the target (process {os.getpid()}) on core" in ended.stdout
    assert os.sched_getaffinity(0) == cores
