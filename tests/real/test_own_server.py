"""The README's way from nothing to a verdict on a site of one's own, typed as it is written."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hanging import HUNG_S
from tests.readme import OWN_SERVER, README, SAVED
from tests.real.cases import DJANGO, missing

pytestmark = pytest.mark.slow

PORT = 8000
MADE = "startproject"
"""The command after which files are saved into what it makes."""


def test_ten_commands_lead_from_nothing_to_a_verdict(tmp_path: Path) -> None:
    if lacking := missing(DJANGO):
        pytest.skip(f"not installed: {', '.join(lacking)}")
    if taken(PORT):
        pytest.skip(f"somebody serves at port {PORT}, which the README names")
    text = README.read_text(encoding="utf-8")
    shown = OWN_SERVER.search(text)
    assert shown is not None
    commands = shown["commands"].splitlines()
    assert len(commands) == 10

    typed_so = typed(commands, files(text), tmp_path)

    failed = [command for command, (code, _) in typed_so.items() if code]
    assert failed in ([], [only(commands, "surgeproof replay")]), typed_so
    (run,) = (tmp_path / "runs").iterdir()
    served, unknown = reported_in(run)
    _, printed = typed_so[only(commands, "python club/manage.py shell")]
    assert 0 < served <= int(printed.split()[-1]) <= served + unknown


def typed(commands: list[str], saved: dict[str, str], folder: Path) -> dict[str, tuple[int, str]]:
    """Every command in one shell: how each ended, and what it said.

    Files are saved once there is a place.
    """
    for path, content in saved.items():
        (folder / Path(path).name).write_text(content, "utf-8")
    lines = []
    for command in commands:
        lines += [command, 'echo "ended: $?"']
        if MADE in command:
            lines += [f"cp {Path(path).name} {path}" for path in saved if "/" in path]
    programs = Path(sys.executable).parent
    shell = subprocess.Popen(
        ["bash", "-c", "\n".join(lines)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    try:
        said, _ = shell.communicate(timeout=HUNG_S)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    assert "Traceback" not in said, said
    parts = re.split(r"^ended: (\d+)\n", said, flags=re.MULTILINE)
    return {
        command: (int(code), words)
        for command, words, code in zip(commands, parts[::2], parts[1::2], strict=False)
    }


def reported_in(run: Path) -> tuple[int, int]:
    """How many the report says, and of how many more only the site knows."""
    (variant,) = json.loads((run / "verdict.json").read_text("utf-8"))["variants"]
    (found,) = [line for line in variant["figures"] if line["key"] == "served"]
    return int(found["rehearsal_observed"]["value"]), int(variant["unheard"]["at_most"])


def files(text: str) -> dict[str, str]:
    return {found["path"]: found["text"] for found in SAVED.finditer(text)}


def only(commands: list[str], beginning: str) -> str:
    (found,) = [command for command in commands if command.startswith(beginning)]
    return found


def taken(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0
