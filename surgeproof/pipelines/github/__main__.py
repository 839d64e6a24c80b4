"""Run what the environment asks for, and tell GitHub what it came to; the exit code is the step's."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from surgeproof.pipelines.command import Ended, NotJudged, ended, judged
from surgeproof.pipelines.github.asked import REPLAY, Asked, WrongInput
from surgeproof.pipelines.github.said import (
    annotated,
    command,
    disarmed,
    mistakes,
    outputs,
    summary,
)

BAD_INPUT = 2
NOT_JUDGED = "not judged"
TERMINATED = 143


def main(environment: Mapping[str, str], folder: Path) -> int:
    """``folder``: where the step runs."""
    try:
        asked = Asked.of(environment)
    except WrongInput as wrong:
        print(command("error", str(wrong), title="surgeproof"))
        return BAD_INPUT
    try:
        found = judged(asked.words, folder, hear=hear)
    except NotJudged as wrong:
        refused(asked, wrong, environment, folder)
        return wrong.exit_code
    tell(asked, found, environment, folder)
    return asked.exit_code(found.exit_code)


def hear(told: str) -> None:
    """What the command says is shown, and obeyed by nobody."""
    if told.strip():
        print(disarmed(told), flush=True)


def refused(asked: Asked, wrong: NotJudged, environment: Mapping[str, str], folder: Path) -> None:
    """That nothing was judged, and why: of a launch file that is wrong each mistake at its line."""
    lines = mistakes_of(asked, folder) if wrong.exit_code == BAD_INPUT else []
    for line in lines or [command("error", wrong.sentence, title=NOT_JUDGED)]:
        print(line, flush=True)
    said = {"verdict": NOT_JUDGED, "exit-code": str(wrong.exit_code), "sentence": wrong.sentence}
    append(environment.get("GITHUB_OUTPUT"), outputs(said))


def mistakes_of(asked: Asked, folder: Path) -> list[str]:
    """Annotations of all that is wrong in the launch file; none where it is the command that is wrong."""
    try:
        found = ended(["check", "--json", "--", asked.scenario], folder, hear=lambda _told: None)
    except NotJudged:
        return []
    return list(mistakes(found.record, folder))


def tell(asked: Asked, found: Ended, environment: Mapping[str, str], folder: Path) -> None:
    """The verdict as annotations, as the job's summary, and as outputs for the steps that follow."""
    for line in annotated(asked.scenario, found.record, folder):
        print(line, flush=True)
    run = Path(asked.runs) / str(found.record["run"]) if asked.verb == REPLAY else None
    shown = summary(asked.scenario, found.record, run and folder / run)
    append(environment.get("GITHUB_STEP_SUMMARY"), shown)
    verdict = found.record["verdict"]
    said = {
        "verdict": str(verdict["outcome"]),
        "exit-code": str(found.exit_code),
        "sentence": str(verdict["sentence"]),
    }
    if run:
        said |= {"run": str(run), "report": str(run / "report.html")}
    append(environment.get("GITHUB_OUTPUT"), outputs(said))


def append(path: str | None, text: str) -> None:
    """To a file of GitHub's; elsewhere there is none."""
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(TERMINATED))
    sys.exit(main(os.environ, Path.cwd()))
