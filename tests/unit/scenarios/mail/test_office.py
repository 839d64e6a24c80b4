"""Mails are caught by SMTP or fetched by a command, and end where the block does."""

import smtplib
import socket
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest

from scenarios.http.requests.person import NoValue, Person
from scenarios.mail.commands import Command
from scenarios.mail.office import MOST_BYTES, Office
from simulator.errors import UsageError
from simulator.scenario.words.rehearsal.replay import Mail
from tests.hanging import HUNG_S
from tests.loopback import free_port

RUN = "run-0123456789ab"
ME = Person.of(RUN, 7, {"mail": "Jane@Example.com"})


def mail(**said: object) -> Mail:
    return Mail.model_validate({"within": f"{HUNG_S:.0f} s", **said})


def send(port: int, to: str, text: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Hello", "shop@example.com", to
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=HUNG_S) as server:
        server.ehlo()
        if server.has_extn("auth"):
            server.login("anybody", "anything")
        server.send_message(message)


def test_mails_of_the_run_are_kept_and_others_counted() -> None:
    port = free_port()
    office = Office(mail(listen=f"127.0.0.1:{port}"), None, frozenset({"jane@example.com"}))
    with office:
        office.expect(RUN)
        send(port, ME.email.upper(), "code 1111")
        send(port, "someone@example.com", "code 2222")
        assert office.post_of(ME)("code") == "1111"
        send(port, "jane@example.com", "code 3333")
        later = office.post_of(ME)
        assert later("code") == "3333"
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            send(port, ME.email, "x" * 70 + "\n" + ("y" * 70 + "\n") * (MOST_BYTES // 71 + 1))
        assert refused.value.smtp_code == 552
    assert office.told() == "mails to visitors: 2; to others, which were thrown away: 1"
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    assert "mail" not in {thread.name for thread in threading.enumerate()}


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UsageError, match=f"^mails cannot be caught at {where}.*in use.*port"):
            Office(mail(listen=where), None, frozenset())


def test_a_child_gets_each_mail_as_a_line() -> None:
    port = free_port()
    with Office(mail(listen=f"127.0.0.1:{port}"), None, frozenset()) as office:
        office.expect(RUN)
        with office.handing_on() as end:
            end.settimeout(HUNG_S)
            send(port, ME.email, "code 1111")
            assert b'"to": "visitor-7@run-0123456789ab.invalid"' in end.recv(65_536)


def program(folder: Path, text: str) -> Path:
    file = folder / "mail-of"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o700)
    return file


def test_a_command_is_run_until_it_prints_something(tmp_path: Path) -> None:
    """What stands for a placeholder is one argument, whatever is in it."""
    program(tmp_path, 'echo "$1" >> asked; test $(wc -l < asked) -ge 3 && echo "$# of $1: 1234"')
    person = Person(email='a; touch "b c"@$(touch d)', run=RUN, visitor="7")
    command = Command("./mail-of ${email} 'x y'", tmp_path)
    with Office(mail(command=command.text), command, frozenset()) as office:
        assert office.post_of(person)("code") == "1234"
    assert (tmp_path / "asked").read_text() == f"{person.email}\n" * 3
    assert {each.name for each in tmp_path.iterdir()} == {"mail-of", "asked"}


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    program(tmp_path, "echo nobody here; exit 3")
    command = Command("./mail-of ${email}", tmp_path)
    with (
        Office(mail(command=command.text, within="300 ms"), command, frozenset()) as office,
        pytest.raises(NoValue, match=r"^no mail within 300 ms$"),
    ):
        office.post_of(ME)("code")
    assert "the command failed" in office.told()
    assert office.told().endswith("(nobody here)")
