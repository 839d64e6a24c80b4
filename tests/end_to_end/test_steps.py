"""A launch of several steps, rehearsed: what was told to visitors is what the target has.

What is true of every rehearsal from the command line is asked of it, too.
"""

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from scenarios.http.line import LineSettings, Policy
from scenarios.rehearsal.sendable import known_requests, sendable
from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.outcomes.rows import Fate, Result
from simulator.scenario.scenario import parse
from tests.end_to_end.command import Done, rows, surgeproof
from tests.launches.files import LAUNCH

STEPS = """
[[journey.step]]
name = "thinks"
at = "signup"

[[journey.step]]
name = "verify"
at = "signup"
think = { law = "exponential", mean = "100 ms" }
request = { method = "POST", path = "/verify" }

[[journey.step]]
name = "read"
at = "signup"
times = 2
think = { law = "fixed", mean = "50 ms" }
idempotent = true
request = { method = "GET", path = "/read/feed" }

[[journey.step]]
name = "post"
at = "signup"
request = { method = "POST", path = "/write/feed" }

[[journey.step]]
name = "pay"
at = "signup"
request = { method = "POST", path = "/pay" }

[[journey]]
name = "look"
[[journey.step]]
name = "read"
at = "signup"
request = { method = "GET", path = "/read/score" }

[objectives.signup]"""
TABLES = {
    "/signup": "accounts", "/verify": "verified", "/write/feed": "entries", "/pay": "payments",
}  # fmt: skip
"""What the target counts of each request."""
TEXT = LAUNCH.replace("[objectives.signup]", STEPS, 1).replace(
    'name = "everybody"\n', 'name = "everybody"\njourneys = { signup = 0.7, look = 0.3 }\n', 1
)


@dataclass(frozen=True)
class Rehearsed:
    """What a replay of the launch left behind."""

    folder: Path
    done: Done
    audit: Counter[str]
    """What the target has more than before."""
    policies: tuple[str, str]
    """Of the target's line after the probe, and after the replay."""
    token: str


def audit(target: TargetProcess) -> Counter[str]:
    return Counter(httpx.get(f"{target.url}/audit").json())


@pytest.fixture(scope="module", params=["ample", "cramped"])
def rehearsed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Rehearsed:
    """With room for everybody, and with a waiting room so small that many are turned away."""
    folder = tmp_path_factory.mktemp("steps")
    file = folder / "steps.toml"
    queue, variant = (64, []) if request.param == "ample" else (0, ["--variant", "no-line"])
    file.write_text(TEXT)
    stations = folder / "staging.toml"
    settings = Settings(workers=1, queue=queue, hash_cost=12, outbox=True)
    with TargetProcess(settings) as target:
        target.set_line(LineSettings(policy=Policy.FIFO, release_rate_per_s=1))
        token = {"SURGEPROOF_TARGET_TOKEN": target.token}
        where = ["--target", target.url]
        probed = surgeproof(
            *("probe", *where, "--like", str(file), "--write", str(stations)),
            *("--requests", "10", "--no-held-out"),
            env=token,
        )
        assert probed.returncode == 0, probed.stderr
        before, probing = audit(target), target.health()["line"]["policy"]
        done = surgeproof(
            *("replay", str(file), *where, "--system", str(stations), *variant),
            *("--launches", "3", "--runs", str(folder / "runs")),
            env=token,
        )
        after, replayed = audit(target), target.health()["line"]["policy"]
    assert done.returncode in (0, 1, 3), done.stderr
    (run,) = (folder / "runs").iterdir()
    return Rehearsed(run, done, after - before, (probing, replayed), target.token)


def test_probe_and_replay_set_the_line_they_need(
    rehearsed: Rehearsed, request: pytest.FixtureRequest
) -> None:
    ample = request.node.callspec.params["rehearsed"] == "ample"
    assert rehearsed.policies == ("open", "fifo" if ample else "open")
    kept = b"".join(path.read_bytes() for path in rehearsed.folder.iterdir())
    assert rehearsed.token.encode() not in kept


def test_every_form_of_the_report_is_there(rehearsed: Rehearsed) -> None:
    done, folder = rehearsed.done, rehearsed.folder
    verdict = json.loads((folder / "verdict.json").read_text())
    assert done.returncode == verdict["verdict"]["exit_code"]
    assert done.stdout.splitlines()[-1].endswith(f"report: {folder / 'report.html'}")
    assert {path.name for path in folder.iterdir()} >= {
        "scenario.toml", "run.sqlite", "verdict.json", "report.html", "report.md", "junit.xml",
    }  # fmt: skip


def test_the_target_has_what_visitors_were_told(rehearsed: Rehearsed) -> None:
    requests = known_requests(sendable(parse(TEXT, "f")).scenario)
    found: dict[int, int] = dict(
        rows(
            rehearsed.folder,
            f"SELECT step, count(*) FROM attempts WHERE result = {Result.SUCCESS} GROUP BY step",
        )
    )
    told = {TABLES[r.path]: found[n] for n, r in enumerate(requests) if r.path in TABLES}
    assert told == {name: rehearsed.audit[name] for name in told}
    assert rehearsed.audit["amount"] == 100 * told["payments"]
    assert min(told.values()) > 0
    assert set(found) == set(range(len(requests)))


def test_what_was_planned_was_started_or_is_unsent(rehearsed: Rehearsed) -> None:
    [(how, planned, started, unsent)] = rows(
        rehearsed.folder, "SELECT how, planned, started, unsent FROM ends"
    )
    [(visits,)] = rows(rehearsed.folder, "SELECT count(*) FROM visits")
    assert (how, planned) == ("complete", started + unsent)
    assert planned == visits > 0


def test_steps_follow_one_another(rehearsed: Rehearsed) -> None:
    """Each step is sent when the one before it has succeeded, and the last one ends the visit."""
    served = rows(
        rehearsed.folder,
        "SELECT v.visitor, v.ended, max(a.finished), max(a.step), min(a.step), count(*)"
        f" FROM visits v JOIN attempts a USING (visitor) WHERE fate = {Fate.SERVED}"
        f" AND a.result = {Result.SUCCESS} AND v.part = a.part GROUP BY v.visitor, v.ended",
    )
    assert {(first, last, count) for *_, last, first, count in served} == {(0, 5, 6), (6, 6, 1)}
    assert all(ended == finished for _, ended, finished, *_ in served)
    early = rows(
        rehearsed.folder,
        "SELECT count(*) FROM attempts a JOIN attempts b ON a.visitor = b.visitor"
        " AND b.step = a.step + 1 AND b.attempt = 0"
        f" WHERE a.result = {Result.SUCCESS} AND b.sent < a.finished",
    )
    assert early == [(0,)]


def test_the_report_says_what_is_predicted_only(rehearsed: Rehearsed) -> None:
    key = "journey.signup.step.thinks"
    assert f"predicted only, and not rehearsed:\n  {key}\n" in rehearsed.done.stdout
    for name in ("report.html", "report.md", "verdict.json"):
        assert key in (rehearsed.folder / name).read_text()


def test_reports_are_rebuilt_from_the_folder_alone(rehearsed: Rehearsed, tmp_path: Path) -> None:
    folder = shutil.copytree(rehearsed.folder, tmp_path / rehearsed.folder.name)
    written = {name: (folder / name).read_text() for name in ("verdict.json", "report.md")}
    for name in [*written, "report.html", "junit.xml"]:
        (folder / name).unlink()
    surgeproof("report", str(folder))
    assert {name: (folder / name).read_text() for name in written} == written
    assert (folder / "report.html").stat().st_size > 100_000
