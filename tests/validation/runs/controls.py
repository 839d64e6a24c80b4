"""Negative controls: a server is probed, and then something is changed that the probe could not see."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from simulator.verdict.truth.judged import Came
from tests.validation.runs.command import Failed
from tests.validation.runs.kept import Row, key_of
from tests.validation.runs.loads import Extent, Kind, Load, Visit
from tests.validation.runs.one import Keep, in_words, probed, row_of, sent
from tests.validation.servers import hidden
from tests.validation.servers.site import Configuration, Site, Starting, by_gunicorn

ROUNDS = range(1, 11)
LOAD = Load(kind=Kind.FLAT, share=0.6)
EXTENT = Extent(loads=(LOAD,), line_loads=(), rounds=ROUNDS, window_s=20, within_s=40, drain_s=15)
LEFT_ALONE = "nothing"
"""The control of the controls."""
BUSY = "while True: pass"
WRONG, NOT_COMPARABLE = map(str, (Came.WRONG, Came.NOT_COMPARABLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something hidden, and the words by which a report would name it."""

    name: str
    word: str
    """What the application reads in its switch; empty: it is not the application that changes."""
    named_by: str
    """A pattern of the words that name it; nothing has none."""
    app: str = "hidden:application"
    words: tuple[str, ...] = ("-w", "1", "-k", "gthread", "--threads", "4")


CONTROLS = (
    Control(name=LEFT_ALONE, word="", named_by=r"\b\B"),
    Control(name="a lock", word="lock", named_by=r"\block|one at a time|serial"),
    Control(name="a quota", word="quota", named_by=r"quota|\blimit|429"),
    Control(name="a cold cache", word="cache", named_by=r"cache|cold|warm|at first|drift"),
    Control(
        name="a second user of the machine", word="", named_by=r"machine was|machine changed|other programs",
        app="applications:computing", words=("-w", "1"),
    ),
)  # fmt: skip
SECOND_USER = CONTROLS[-1].name


def start_of(control: Control) -> Starting:
    """The server, which looks for its switch in the folder of the visit."""

    @contextmanager
    def start(folder: Path) -> Iterator[Site]:
        env = {hidden.SWITCH: str(folder / "switch")}
        with by_gunicorn(*control.words, app=control.app, **env)(folder) as site:
            yield site

    return start


@contextmanager
def changed(control: Control, folder: Path) -> Iterator[None]:
    """While it lasts, what is hidden happens."""
    if control.word:
        (folder / "switch").write_text(control.word, "ascii")
    burning = os.cpu_count() or 1 if control.name == SECOND_USER else 0
    users = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(burning)]
    try:
        yield
    finally:
        for user in users:
            user.kill()
            user.wait()


def controlled(known: Sequence[Row], keep: Keep) -> None:
    """Ten rounds of each, the next one only when all have had theirs."""
    done = {row["key"] for row in known}
    for number in ROUNDS:
        for control in CONTROLS:
            visit = visit_of(control, number)
            if key_of(visit.configuration.name, number, LOAD) not in done:
                keep(one(control, visit))


def visit_of(control: Control, number: int) -> Visit:
    configuration = Configuration(
        name=f"hidden: {control.name}", start=start_of(control), servers=4, packages=("gunicorn",)
    )
    return Visit(configuration=configuration, round=number, loads=(LOAD,))


def one(control: Control, visit: Visit, extent: Extent = EXTENT) -> dict[str, Any]:
    """Its row, whatever becomes of it."""
    more = {"hidden": control.name, "noticed": None, "named": None, "said": ""}
    with tempfile.TemporaryDirectory(prefix="surgeproof-control-") as path, ExitStack() as stack:
        folder = Path(path)
        try:
            site = stack.enter_context(visit.configuration.start(folder))
            probe = probed(visit, site, extent, folder)
            with changed(control, folder):
                found = sent(visit, LOAD, [], (site, probe), extent, folder)
        except (Failed, OSError, AssertionError, ValueError, psutil.Error) as error:
            found = row_of(visit, LOAD, [], failed=in_words(error, "start or probe"))
    return found | more | judged(control, found.get("prediction")) | {"kind": "control"}


def judged(control: Control, prediction: Mapping[str, Any] | None) -> dict[str, Any]:
    """Whether the report noticed it, and whether it called it by its name; None: it does not judge.

    Of nothing, that the prediction was wrong is a false alarm.
    """
    if not prediction:
        return {}
    outcome, said = prediction["outcome"], prediction["sentence"]
    named = re.search(control.named_by, said, re.IGNORECASE) is not None
    return {
        "noticed": outcome == WRONG if control.name == LEFT_ALONE else outcome in (WRONG, NOT_COMPARABLE),
        "named": named and outcome in (WRONG, NOT_COMPARABLE),
        "said": said,
    }  # fmt: skip
