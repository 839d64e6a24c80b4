"""Users of a locustfile take the journeys of a launch, and the server counts the same as the run."""

import json
import re
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from simulator.outcomes.rows import Fate, Result
from tests.end_to_end.command import Done, rows_of, surgeproof
from tests.launches.files import shop_text
from tests.loopback import Answering, serving

LOCUSTFILE = Path(__file__).parents[1] / "cases" / "locustfile.txt"
REPLAY = '[replay]\nfor = "2 s"\ndrain = "2 s"\nhealth = "none"\n'


class Shop(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.accounts: dict[str, str] = {}
        self.parents: list[str] = []
        """The span of each request."""
        self.lock = threading.Lock()


class Handler(Answering):
    """A form with a token, shown again at 200 where the address is taken."""

    server: Shop

    def tell(self, status: int, text: str) -> None:
        with self.server.lock:
            self.server.parents.append(self.headers["traceparent"])
            self.server.asked[f"{self.command} {self.path.partition('?')[0]} {status}"] += 1
        self.answer(status, text.encode())

    def do_GET(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.path == "/slow":
            time.sleep(5)
        if self.path == "/me":
            known = token in self.server.accounts.values()
            self.tell(200 if known else 401, "you" if known else "who?")
        else:
            self.tell(200, "csrf=c")

    def do_POST(self) -> None:
        told = parse_qs(self.body().decode())
        email = told.get("email", [""])[0]
        with self.server.lock:
            taken = len(self.server.accounts) % 5 == 4 and "kept" not in self.server.accounts
            if not taken:
                self.server.accounts[email] = secrets.token_hex(8)
            else:
                self.server.accounts["kept"] = ""
        token = self.server.accounts.get(email, "")
        self.tell(200, "it is already registered" if taken else json.dumps({"token": token}))

    def do_DELETE(self) -> None:
        self.tell(200, "bye")


@pytest.fixture
def shop() -> Iterator[tuple[Shop, str]]:
    server = Shop()
    with serving(server) as url:
        yield server, url


def launch(folder: Path, user: str, *steps: str, **changed: str) -> Path:
    shutil.copy(LOCUSTFILE, folder / "locustfile.py")
    text = shop_text(
        *(f'name = "{name}"' for name in steps), horizon='"2 s"', client_timeout='"2 s"', rate='"12/s"',
        errors="0.01", more=REPLAY,
    ).replace('name = "signup"\n', f'name = "signup"\nlocust = "locustfile.py:{user}"\n', 1)  # fmt: skip
    for old, new in changed.items():
        text = text.replace(f'{old} = "2 s"', f'{old} = "{new}"')
    file = folder / "launch.toml"
    file.write_text(text)
    return file


def replay(file: Path, url: str) -> Done:
    runs = file.parent / "runs"
    return surgeproof("replay", file, "--target", url, "--launches", "3", "--runs", runs)


ATTEMPTS = "SELECT step, result, count(*) FROM attempts a JOIN parts p USING (part) WHERE p.name LIKE '%observed%' GROUP BY step, result"
FATES = "SELECT fate, count(*) FROM visits v JOIN parts p USING (part) WHERE p.name LIKE '%observed%' GROUP BY fate"


@pytest.mark.parametrize("user", ["FastUser", pytest.param("SlowUser", marks=pytest.mark.slow)])
def test_accounts_are_counted_as_the_server_does(
    user: str, shop: tuple[Shop, str], tmp_path: Path
) -> None:
    """One form is shown again at 200: its visitor has no account, and his code raises no objection."""
    server, url = shop
    file = launch(tmp_path, user, "page", "send", "me", "out")
    done = replay(file, url)
    assert done.returncode in (0, 1, 3), done.stderr
    assert f'surgeproof: replay runs the code of "locustfile.py" ({user}' in done.stderr
    server.accounts.pop("kept")
    found = {(step, result): n for step, result, n in rows_of(file, ATTEMPTS)}
    fates = dict(rows_of(file, FATES))
    visitors = sum(fates.values())
    assert found[0, Result.SUCCESS] == server.asked["GET /signup 200"] == visitors > 12
    assert found[1, Result.SUCCESS] == len(server.accounts) == fates[Fate.SERVED] == visitors - 1
    assert found[1, Result.FAILED] == fates[Fate.GAVE_UP] == 1
    assert found[2, Result.SUCCESS] == server.asked["GET /me 200"]
    assert found[3, Result.SUCCESS] == server.asked["DELETE /me 200"]
    assert "GET /never 200" not in server.asked
    assert len(set(server.parents)) == len(server.parents) == sum(found.values())
    assert "the locustfile says no" in done.stdout
    assert "shown again with its errors" in done.stdout


@pytest.mark.slow
def test_nobody_leaves_the_target_and_weights_are_odds(
    shop: tuple[Shop, str], tmp_path: Path
) -> None:
    server, url = shop
    file = launch(tmp_path, "Wandering", "signup", "page", "out")
    done = replay(file, url)
    assert done.returncode in (0, 1, 3), done.stderr
    found = {(step, result): n for step, result, n in rows_of(file, ATTEMPTS)}
    [(_, visitors)] = rows_of(file, FATES)
    assert found == {
        (0, Result.SUCCESS): visitors, (1, Result.FAILED): 2 * visitors,
        (2, Result.SUCCESS): visitors,
    }  # fmt: skip
    assert server.asked == {"GET /signup 200": visitors, "DELETE /me 200": visitors}
    reasons = rows_of(file, "SELECT reason FROM answers WHERE step = 1")
    assert reasons == [("it leads to another host, which was not allowed",)]


@pytest.mark.slow
def test_code_that_raises_gives_up_and_says_why(shop: tuple[Shop, str], tmp_path: Path) -> None:
    _, url = shop
    file = launch(tmp_path, "Raising", "signup")
    done = replay(file, url)
    assert done.returncode in (1, 3), done.stderr
    [(fate, visitors)] = rows_of(file, FATES)
    assert fate == Fate.GAVE_UP
    assert (
        f"not served in the locustfile: visitors × {visitors}: KeyError was raised" in done.stdout
    )


@pytest.mark.slow
def test_what_is_not_planned_breaks_the_replay_off(shop: tuple[Shop, str], tmp_path: Path) -> None:
    server, url = shop
    file = launch(tmp_path, "Stranger", "signup")
    done = replay(file, url)
    assert done.returncode == 3
    assert 'sent a request called "/static/app.js", which is no step of its journey' in done.stderr
    assert "GET /static/app.js 200" not in server.asked


@pytest.mark.slow
def test_people_wait_as_long_as_the_launch_says(shop: tuple[Shop, str], tmp_path: Path) -> None:
    _, url = shop
    file = launch(tmp_path, "Waiting", "page", "out", client_timeout="300 ms")
    done = replay(file, url)
    assert done.returncode in (1, 3), done.stderr
    found = {(step, result): n for step, result, n in rows_of(file, ATTEMPTS)}
    [(_, visitors)] = rows_of(file, FATES)
    assert found == {(0, Result.TIMED_OUT): visitors, (1, Result.SUCCESS): visitors}
    [(shortest, longest)] = rows_of(
        file, "SELECT min(finished - sent), max(finished - sent) FROM attempts WHERE step = 0"
    )
    assert 290e6 < shortest <= longest < 2e9


@pytest.mark.slow
def test_the_planned_visitor_is_there_for_who_wants_him(
    shop: tuple[Shop, str], tmp_path: Path
) -> None:
    server, url = shop
    file = launch(tmp_path, "Talking", "send")
    assert replay(file, url).returncode in (0, 1, 3)
    named = [email for email in server.accounts if email != "kept"]
    assert len(named) > 12
    assert all(re.fullmatch(r"visitor-\d+@run-[0-9a-f]+\.invalid", email) for email in named)


def test_before_anything_is_sent_the_file_is_read_and_not_run(
    shop: tuple[Shop, str], tmp_path: Path
) -> None:
    _, url = shop
    file = launch(tmp_path, "FastUsr", "page")
    (tmp_path / "locustfile.py").write_text("raise SystemExit(9)\nclass FastUser: pass\n")
    for done in (surgeproof("check", file), replay(file, url)):
        assert done.returncode == 2
        assert 'journey.signup.locust: "locustfile.py" has no "FastUsr"' in done.stderr
        assert 'did you mean "FastUser"?' in done.stderr
    file.write_text(file.read_text().replace("FastUsr", "FastUser"))
    done = surgeproof("check", file)
    assert done.returncode == 0, done.stderr
    assert 'replay runs the code of "locustfile.py" (FastUser' in done.stdout
    done = replay(file, url)
    assert done.returncode == 3
    assert "cannot be imported (SystemExit: 9)" in done.stderr
    file.write_text(file.read_text().replace("locustfile.py", "../locustfile.py"))
    done = surgeproof("check", file)
    assert (done.returncode, "--allow-files" in done.stderr) == (2, True)


def test_a_probe_says_what_it_cannot_measure(shop: tuple[Shop, str], tmp_path: Path) -> None:
    _, url = shop
    file = launch(tmp_path, "FastUser", "page")
    done = surgeproof("probe", "--target", url, "--like", file)
    assert done.returncode == 2
    assert (
        "is taken by locustfile.py:FastUser, whose requests the probe does not know" in done.stderr
    )
