"""How each of them is started, and what it then spent."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.replay.programs import cpu_of

BODY = json.dumps({"email": "visitor-0000000@bench.example", "name": "A Visitor"})
AT_ONCE = 50
LOCUSTFILE = Path(__file__).with_name("locustfile.py")
WRK = f"""wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[{BODY}]]
"""


@dataclass(frozen=True, slots=True)
class Rival:
    """One generator."""

    name: str
    told: str
    """How much of a plan it takes."""
    spend: Callable[[str, float, float, Path], float]
    """Send to a URL at a rate for so many seconds, with a folder to write in: the processor's seconds."""
    program: str = ""
    """What must be installed; empty: it comes with us."""

    @property
    def path(self) -> str | None:
        return found(self.program) if self.program else sys.executable


def found(program: str) -> str | None:
    """Where a program is: on the path, or where npm was told to put it (``NPM_PREFIX``)."""
    folder = os.environ.get("NPM_PREFIX")
    beside = f"{folder}/node_modules/.bin" if folder else None
    return shutil.which(program) or (shutil.which(program, path=beside) if beside else None)


def locust(url: str, seconds: float, peak: float) -> float:
    words = [
        sys.executable,
        "-m",
        "locust",
        "--locustfile",
        str(LOCUSTFILE),
        "--headless",
        "--host",
        url,
    ]
    shape = {"SHAPE_SECONDS": str(seconds)} | ({"SHAPE_PEAK": str(peak)} if peak else {})
    _, _, said = cpu_of([*words, "--only-summary", "--loglevel", "ERROR"], env=shape)
    (line,) = [line for line in said.splitlines() if line.startswith('{"cpu_s"')]
    return float(json.loads(line)["cpu_s"])


def spent(words: Sequence[str]) -> float:
    """By a program that does nothing else."""
    cpu_s, _, _ = cpu_of(words)
    return cpu_s


def hey(url: str, rate: float, seconds: float, _: Path) -> float:
    each = ["-q", f"{rate / AT_ONCE:g}", "-c", str(AT_ONCE), "-z", f"{seconds:g}s", "-cpus", "1"]
    what = ["-m", "POST", "-T", "application/json", "-d", BODY]
    return spent([found("hey") or "", *each, *what, f"{url}/in"])


def autocannon(url: str, rate: float, seconds: float, _: Path) -> float:
    each = ["-R", f"{rate:g}", "-c", str(AT_ONCE), "-d", f"{seconds:g}", "-n"]
    what = ["-m", "POST", "-H", "Content-Type=application/json", "-b", BODY]
    return spent([found("autocannon") or "", *each, *what, f"{url}/in"])


def wrk(url: str, _: float, seconds: float, folder: Path) -> float:
    script = folder / "post.lua"
    script.write_text(WRK)
    each = ["-t", "1", "-c", str(AT_ONCE), "-d", f"{seconds:g}s", "-s", str(script)]
    return spent([found("wrk") or "", *each, f"{url}/in"])


def artillery(url: str, rate: float, seconds: float, folder: Path) -> float:
    post = {"url": "/in", "json": json.loads(BODY)}
    file = folder / "artillery.json"
    phases = [{"duration": seconds, "arrivalRate": rate}]
    config = {"target": url, "phases": phases, "http": {"pool": AT_ONCE}}
    told = {"config": config, "scenarios": [{"flow": [{"post": post}]}]}
    file.write_text(json.dumps(told))
    return spent([found("artillery") or "", "run", "--quiet", str(file)])


RIVALS = (
    Rival("Locust, FastHttpUser and LoadTestShape", "stages", lambda url, rate, s, _: locust(url, s, rate)),
    Rival("Locust, FastHttpUser", "as fast as it can", lambda url, _, s, __: locust(url, s, 0)),
    Rival("hey", "a rate", hey, "hey"),
    Rival("autocannon", "a rate", autocannon, "autocannon"),
    Rival("artillery", "a rate", artillery, "artillery"),
    Rival("wrk", "as fast as it can", wrk, "wrk"),
)  # fmt: skip
