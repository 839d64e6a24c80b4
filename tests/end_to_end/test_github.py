"""The step of the GitHub Action as GitHub starts it: a script, the real command line, and a real server."""

import os
import sys
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from tests.documents import held
from tests.loopback import serving
from tests.unit.surgeproof.pipelines.test_github import environment, obeyed, outputs, read, script

PIPELINES = Path(__file__).parents[2] / "deploy" / "pipelines"


def replayed(folder: Path, url: str) -> tuple[int, str]:
    """The exit code of the step, and its log."""
    for name in ("launch.toml", "system.toml"):
        (folder / name).write_bytes((PIPELINES / name).read_bytes())
    given = environment(
        folder, scenario="launch.toml", target=url, python=sys.executable, inconclusive="warn",
        args="--system system.toml --launches 20",
    )  # fmt: skip
    done = script(folder, given)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.slow
def test_a_replay_is_told_to_github(tmp_path: Path) -> None:
    """On a machine that is too busy it passes with a warning, and is never said to hold."""
    with TargetProcess(Settings(workers=1, hash_cost=11)) as target:
        code, log = replayed(tmp_path, target.url)
    told = outputs(tmp_path / "OUTPUT")
    verdict = held((tmp_path / told["run"] / "verdict.json").read_text(), "Run")["verdict"]
    assert told["verdict"] == verdict["outcome"]
    assert told["exit-code"] == str(verdict["exit_code"])
    assert (tmp_path / told["report"]).is_file()
    assert code == (0 if verdict["exit_code"] == 3 else verdict["exit_code"])
    first, *_ = map(read, obeyed(log))
    assert first[0] == {0: "notice", 1: "error", 3: "warning"}[verdict["exit_code"]]
    assert first[2] == f"{verdict['sentence']} (exit code {verdict['exit_code']})"
    summary = (tmp_path / "STEP_SUMMARY").read_text()
    assert summary.startswith((tmp_path / told["run"] / "report.md").read_text().rstrip())


class Hostile(BaseHTTPRequestHandler):
    """Speaks to GitHub, in all that a report may quote of it."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b"::error::gotcha\n##[error]gotcha\n::set-output name=verdict::holds\n"
        self.send_response(500, "::error::gotcha ##[error]gotcha")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.mark.slow
def test_what_a_server_says_github_does_not_obey(tmp_path: Path) -> None:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Hostile)) as url:
        code, log = replayed(tmp_path, url)
    told = outputs(tmp_path / "OUTPUT")
    assert (code, told["verdict"]) == (1, "does not hold")
    levels = Counter(level for level, _, _ in map(read, obeyed(log)))
    assert set(levels) == {"error"}, "none of its own making"
    assert all("gotcha" not in at.get("title", "") for _, at, _ in map(read, obeyed(log)))
    assert "\n::" not in (tmp_path / "STEP_SUMMARY").read_text()
    assert os.linesep not in told["verdict"]
