"""A server that mails a code and takes no other: visitors read it, and accounts are counted as it does."""

import json
import secrets
import signal
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from simulator.outcomes.rows import Fate, Result
from tests.end_to_end.command import interrupt_when, rows_of, start, surgeproof
from tests.hanging import HUNG_S
from tests.launches.files import shop_text, stations_in
from tests.loopback import Answering, free_port, serving

REPLAY = """
[replay]
for = "FOR"
drain = "3 s"
health = "none"
CLEANUP
[replay.mail]
MAIL
capture = { code = "regex:code is (\\\\d{6})" }
within = "WITHIN"
"""
LAUNCH = shop_text(
    'name = "create"\nrequest = { method = "POST", path = "/signup", json = { email = "${email}" } }',
    'name = "verify"\nrequest = { method = "POST", path = "/verify", json = { email = "${email}", code = "${mail.code}" } }',
    horizon='"2 s"', client_timeout='"2 s"', errors="0.2", more=REPLAY,
)  # fmt: skip


class Shop(ThreadingHTTPServer):
    """Every fifth visitor gets no mail, and one that is nobody's is sent beside each."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.smtp_port = 0
        self.mails_all = False
        self.outbox: Path | None = None
        self.codes: dict[str, str] = {}
        self.unsent: set[str] = set()
        self.verified: set[str] = set()
        self.lock = threading.Lock()

    def sign_up(self, email: str) -> None:
        with self.lock:
            self.codes[email] = f"{secrets.randbelow(10**6):06}"
            if len(self.codes) % 5 == 0 and not self.mails_all:
                self.unsent.add(email)
                return
        if self.outbox is not None:
            (self.outbox / email).write_text(f"the code is {self.codes[email]}")
            return
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=HUNG_S) as server:
            for to in (email, "operations@example.com"):
                message = EmailMessage()
                message["Subject"], message["From"], message["To"] = "Welcome", "a@b.example", to
                message.set_content(f"Salut ! Your code is {self.codes[email]} é", cte="base64")
                server.send_message(message)


class Handler(Answering):
    server: Shop

    def do_POST(self) -> None:
        told = json.loads(self.body())
        status = 201
        if self.path == "/signup":
            self.server.sign_up(told["email"])
        elif self.server.codes.get(told["email"]) == told["code"]:
            self.server.verified.add(told["email"])
        else:
            status = 403
        self.answer(status)


@pytest.fixture
def shop() -> Iterator[tuple[Shop, str]]:
    server = Shop()
    with serving(server) as url:
        yield server, url


def launch(
    folder: Path, mail: str, *, within: str = "1 s", cleanup: str = "", for_: str = "2 s"
) -> Path:
    (folder / "staging.toml").write_text(stations_in(LAUNCH))
    file = folder / "launch.toml"
    text = LAUNCH.replace("MAIL", mail).replace("WITHIN", within).replace("FOR", for_)
    file.write_text(text.replace("CLEANUP", cleanup))
    return file


def program(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o700)


def words(file: Path, url: str, *more: str) -> list[str]:
    runs = file.parent / "runs"
    system = file.parent / "staging.toml"
    return [
        "replay", str(file), "--target", url, "--system", str(system), "--launches", "3",
        "--runs", str(runs), *more,
    ]  # fmt: skip


OBSERVED = "part = (SELECT part FROM parts WHERE name LIKE '%observed%')"


def require_counted(server: Shop, file: Path) -> None:
    """What the run says is what the server has; waiting for a mail is no part of an attempt."""
    found = rows_of(
        file, f"SELECT step, result, count(*) FROM attempts WHERE {OBSERVED} GROUP BY 1, 2"
    )
    assert sorted(found) == sorted(
        [
            (0, Result.SUCCESS, len(server.codes)),
            (1, Result.SUCCESS, len(server.verified)),
            (1, Result.FAILED, len(server.unsent)),
        ]
    )
    fates = dict(rows_of(file, f"SELECT fate, count(*) FROM visits WHERE {OBSERVED} GROUP BY 1"))
    assert fates == {Fate.SERVED: len(server.verified), Fate.GAVE_UP: len(server.unsent)}
    assert len(server.unsent) > 1
    assert rows_of(file, f"SELECT DISTINCT reason FROM answers WHERE result = {Result.FAILED}") == [
        ("no mail within 1 s",)
    ]
    [(waited,)] = rows_of(
        file,
        "SELECT min(b.sent - a.finished) FROM attempts a JOIN attempts b USING (part, visitor)"
        f" WHERE a.step = 0 AND b.step = 1 AND b.result = {Result.FAILED} AND {OBSERVED}",
    )
    assert waited >= 1e9


def test_visitors_read_their_mails_and_what_they_leave_is_tidied(
    shop: tuple[Shop, str], tmp_path: Path
) -> None:
    server, url = shop
    server.smtp_port = free_port()
    mail = f'listen = "127.0.0.1:{server.smtp_port}"'
    file = launch(tmp_path, mail, cleanup='cleanup = "./tidy ${run}"')
    program(tmp_path / "tidy", 'echo "$@" > tidied; echo gone; exit 4')
    refused = surgeproof(*words(file, url))
    assert refused.returncode == 2
    assert "replay.cleanup: ./tidy ${run}" in refused.stderr
    assert "--allow-commands" in refused.stderr
    assert not server.codes
    done = surgeproof(*words(file, url, "--allow-commands"))
    assert done.returncode in (0, 3), done.stderr
    require_counted(server, file)
    kept = len(server.verified)
    assert f"mails to visitors: {kept}; to others, which were thrown away: {kept}" in done.stdout
    [run] = {email.partition("@")[2].removesuffix(".invalid") for email in server.codes}
    assert (tmp_path / "tidied").read_text() == f"{run}\n"
    assert "failed (exit code 4): gone" in done.stderr
    assert "failed (exit code 4): gone" in done.stdout
    assert f"@{run}.invalid" in done.stdout
    again = surgeproof("report", "--runs", tmp_path / "runs")
    assert "failed (exit code 4): gone" in again.stdout
    assert again.returncode == done.returncode
    checked = surgeproof("check", file)
    assert f"caught by SMTP at 127.0.0.1:{server.smtp_port}" in checked.stdout
    assert "the command ./tidy ${run} is run on this machine" in checked.stdout


@pytest.mark.slow
def test_visitors_get_their_mails_by_a_command(shop: tuple[Shop, str], tmp_path: Path) -> None:
    server, url = shop
    server.outbox = tmp_path / "outbox"
    server.outbox.mkdir()
    program(tmp_path / "mail-of", 'sed s/the/your/ "outbox/$1" 2>/dev/null')
    file = launch(tmp_path, 'command = "./mail-of ${email}"')
    done = surgeproof(*words(file, url, "--allow-commands"))
    assert done.returncode in (0, 3), done.stderr
    require_counted(server, file)


def test_a_port_in_use_ends_it_before_anything_is_sent(
    shop: tuple[Shop, str], tmp_path: Path
) -> None:
    server, url = shop
    file = launch(tmp_path, f'listen = "127.0.0.1:{server.server_address[1]}"')
    done = surgeproof(*words(file, url))
    assert (done.returncode, server.codes) == (2, {})
    assert "mails cannot be caught at" in done.stderr
    assert "already in use" in done.stderr


@pytest.mark.slow
def test_who_interrupts_it_has_it_tidied_all_the_same(
    shop: tuple[Shop, str], tmp_path: Path
) -> None:
    server, url = shop
    server.smtp_port = free_port()
    mail = f'listen = "127.0.0.1:{server.smtp_port}"'
    cleanup = 'cleanup = "./tidy ${run}"'
    file = launch(tmp_path, mail, within="60 s", cleanup=cleanup, for_="2 s")
    program(tmp_path / "tidy", 'echo "$@" > tidied')
    running = start(*words(file, url, "--allow-commands"))
    code, said, left = interrupt_when(running, lambda: len(server.codes) > 4, signal.SIGTERM)
    assert (code, left) == (143, [])
    assert "cleanup (./tidy ${run}) ended well" in said
    assert (tmp_path / "tidied").read_text().startswith("run-")
    with smtplib.SMTP() as gone, pytest.raises(ConnectionRefusedError):
        gone.connect("127.0.0.1", server.smtp_port)


@pytest.mark.slow
def test_the_probe_reads_mails_too(shop: tuple[Shop, str], tmp_path: Path) -> None:
    server, url = shop
    server.smtp_port = free_port()
    file = launch(tmp_path, f'listen = "127.0.0.1:{server.smtp_port}"')
    server.mails_all = True
    done = surgeproof(
        *("probe", "--target", url, "--like", file, "--requests", "10", "--servers", "8"),
        *("--waiting-room", "100", "--no-held-out"),
    )
    assert done.returncode == 0, done.stderr
    assert '"POST /verify"' in done.stdout
    assert len(server.verified) == len(server.codes) >= 10
