"""Where a redirect leads to another server, that one sees nothing that is meant for the target alone."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from scenarios.http.allow import AUTHORIZATION_VARIABLE, HERE, check_target
from scenarios.http.browser import Browser
from scenarios.http.requests.sent import Sent
from tests.end_to_end.command import python
from tests.loopback import Answering, answering

SECRETS = {AUTHORIZATION_VARIABLE: "Bearer of-the-target"}
OWN = {"X-Api-Key": "key-of-the-target", "Accept": "text/html"}


class Door(Answering):
    """The target: it sends everybody on. What each of the two servers was shown is kept."""

    shown: ClassVar[dict[str, str]] = {}
    elsewhere: ClassVar[str] = ""

    def do_GET(self) -> None:
        type(self).shown = {name.lower(): text for name, text in self.headers.items()}
        if self.elsewhere:
            self.answer(302, b"", ("Location", self.elsewhere))
        else:
            self.answer(200)


class Other(Door):
    """Another server of this machine."""


@pytest.fixture
def door() -> Iterator[str]:
    Door.shown, Other.shown = {}, {}
    with answering(Other) as other:
        Door.elsewhere, Other.elsewhere = f"{other}/in", ""
        with answering(Door) as url:
            yield url


def by_the_probe(url: str) -> int:
    async def ask() -> int:
        async with Browser(target=check_target(url), hosts=HERE) as browser:
            sent = Sent(method="GET", path="/", headers=OWN)
            return (await browser.send(sent, follow=True)).status

    return asyncio.run(ask())


def by_a_visitor(url: str) -> int:
    program = (
        "import json, sys\n"
        "from scenarios.http.allow import HERE\nfrom scenarios.http.manners import Manners\n"
        "from scenarios.http.requests.sent import Sent\n"
        "from scenarios.replay.child.wire.browser import Browser\n"
        "from scenarios.replay.child.wire.wire import Wire\n"
        "browser = Browser(Wire(sys.argv[1], Manners(hosts=HERE)))\n"
        "sent = Sent(method='GET', path='/', headers=json.loads(sys.argv[2]))\n"
        "found, _ = browser.send(sent, timeout_ns=1 << 62, follow=True)\n"
        "print(found.status)\n"
    )
    ran = python("-c", program, url, json.dumps(OWN), cwd=Path(__file__).parents[2], env=SECRETS)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


@pytest.mark.parametrize("ask", [by_the_probe, by_a_visitor])
def test_another_server_sees_no_secret_of_the_target(
    ask: object, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AUTHORIZATION_VARIABLE, SECRETS[AUTHORIZATION_VARIABLE])
    assert callable(ask)
    assert ask(door) == 200
    target, other = Door.shown, Other.shown
    assert (target["authorization"], target["x-api-key"]) == (
        "Bearer of-the-target",
        "key-of-the-target",
    )
    assert "of-the-target" not in " ".join(other.values())
    assert other["accept"] == "text/html"
    assert "user-agent" in other
