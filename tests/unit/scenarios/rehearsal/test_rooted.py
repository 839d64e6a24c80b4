"""A launch that is written elsewhere and names files: they are found, and its commands run where they did."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scenarios.http.manners import manners_of
from scenarios.library import shelf as library
from scenarios.mail.commands import command_of
from scenarios.rehearsal.rooted import rooted
from scenarios.rehearsal.sendable import sendable, step_requests
from simulator.advice.gauntlet.crowd import Host
from simulator.advice.gauntlet.gauntlet import gauntlet
from surgeproof.verbs.sending.crowds.worst import to_send
from tests.launches.gauntlet import COMPILED, HOST, MEASURED, crowd, stations

SPOKEN = """
[data]
file = "passwords.csv"
[replay]
for = "1 s"
drain = "60 s"
cleanup = "./tidy 'a b' ${run}"
[replay.mail]
command = "./mail-of ${email}"
[replay.stop]
file = "enough"
"""
ROWS = "email,password\n" + "".join(f"p{number}@example.com,x{number}\n" for number in range(1_600))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose name a shell, and a launch file, would read as something else."""
    folder = tmp_path / "my ${run} \"launch\" 'x' $HOME"
    folder.mkdir()
    (folder / "host.toml").write_text(HOST + SPOKEN)
    (folder / "passwords.csv").write_text(ROWS)
    for name in ("tidy", "mail-of"):
        (folder / name).write_text('#!/bin/sh\npwd\nprintf "<%s>" "$@"\n')
        (folder / name).chmod(0o755)
    return folder


def test_a_launch_of_a_gauntlet_is_sent_with_the_files_of_its_host(
    home: Path, tmp_path: Path
) -> None:
    at_home = rooted(library.load(str(home / "host.toml")))
    host = Host.of(at_home, COMPILED, stations())
    found = gauntlet(host, [crowd()], COMPILED, expect=300, now=datetime.now(UTC), launches=2)
    (tmp_path / "report" / "launches").mkdir(parents=True)
    sent = to_send(found, "crowd", MEASURED, tmp_path / "report")

    launch = library.load(str(sent.launch), allow_files=True)

    assert launch.words.data is not None
    assert launch.words.data.rows == 1_600
    manners = manners_of(launch, step_requests(sendable(launch).scenario))
    assert manners.data == home / "passwords.csv"
    assert launch.words.replay is not None
    assert launch.words.replay.stop is not None
    assert launch.words.replay.stop.file == str(home / "enough")
    assert launch.words.replay.mail is not None
    for text, key in (
        (launch.words.replay.cleanup, "cleanup"),
        (launch.words.replay.mail.command, "mail"),
    ):
        assert text is not None
        code, printed = command_of(text, launch, key).run({"run": "r 1", "email": "e $(x)"}, 10.0)
        where, _, told = printed.decode().partition("\n")
        assert (code, where) == (0, str(home))
        assert told == ("<a b><r 1>" if key == "cleanup" else "<e $(x)>")


def test_certificates_and_locustfiles_are_named_from_the_root(home: Path) -> None:
    (home / "mine.py").write_text("class Me: pass\n")
    text = HOST.replace('name = "look"', 'name = "look"\nlocust = "mine.py:Me"').replace(
        'request = { method = "GET", path = "/" }', ""
    )
    more = '[replay]\nfor = "1 s"\ndrain = "60 s"\nca_file = "ca.pem"\nclient_certificate = "../me.pem"\n'
    (home / "host.toml").write_text(text + more)
    found = rooted(library.load(str(home / "host.toml")))
    assert found.words.replay is not None
    assert found.words.replay.ca_file == str(home / "ca.pem")
    assert found.words.replay.client_certificate == str(home.parent / "me.pem")
    assert found.words.journey[1].locust == f"{home / 'mine.py'}:Me"


def test_a_launch_that_names_nothing_stays_as_it_is() -> None:
    scenario = library.load("truth-social-2022")
    assert rooted(scenario).words == scenario.words
