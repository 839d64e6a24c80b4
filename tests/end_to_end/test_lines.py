"""Replays against lines that are not ours: what is told is what each line's own log says."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scenarios.service.process import TargetProcess
from scenarios.service.settings import Settings
from simulator.outcomes.answered import LINE, WAITS
from simulator.outcomes.rows import Fate, Provenance, Result
from tests.end_to_end.command import Done, rows, surgeproof
from tests.launches.files import LAUNCH, changed, lognormal
from tests.lines import Gate, behind_a_queue, plain, queue, waiting_room
from tests.readme import lines_of

PEOPLE = 60
TEXT = changed(
    ('[["10 s", 300]]', f'[["2 s", {PEOPLE}], ["10 s", {PEOPLE + 1}]]'),
    ("release = { share_of_capacity = 0.75 }", 'release = { rate = "15/s" }'),
    ('poll_every = "500 ms"', 'poll_every = "1 s"'),
    ('for = "3 s"', 'for = "6 s"'),
    text=LAUNCH,
)
"""Sixty in two seconds, of whom fifteen a second are let in: the last after four."""
STATION = lognormal("signup", "5 ms")
OWN, QUEUE_IT = lines_of("lines.md")
"""The examples of the documentation."""


@dataclass(frozen=True)
class Rehearsed:
    """What a replay left behind."""

    folder: Path
    done: Done

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        (run,) = (self.folder / "runs").iterdir()
        part = f"(SELECT part FROM parts WHERE provenance = '{Provenance.OBSERVED}')"
        return rows(run, query.replace("PART", part))

    def count(self, table: str, where: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE part = PART AND {where}")[0][0])

    @property
    def told_to_wait(self) -> int:
        (found,) = self.rows(
            "SELECT coalesce(sum(count), 0) FROM answers WHERE part = PART"
            f" AND step = {LINE} AND reason = '{WAITS}'"
        )
        return int(found[0])


def rehearse(folder: Path, line: str, url: str, text: str = TEXT, **env: str) -> Rehearsed:
    (folder / "launch.toml").write_text(text + line)
    (folder / "stations.toml").write_text(STATION)
    done = surgeproof(
        *("replay", folder / "launch.toml", "--target", url, "--system", folder / "stations.toml"),
        *("--launches", "3", "--runs", folder / "runs"),
        env=env,
    )
    return Rehearsed(folder, done)


@pytest.mark.parametrize(("line", "server"), [
    pytest.param('[replay.line]\npreset = "plain"\n', plain, id="plain"),
    pytest.param(
        '[replay.line]\npreset = "cloudflare"\n', waiting_room, id="cloudflare",
    ),
    pytest.param(OWN, queue, id="its own", marks=pytest.mark.slow),
    pytest.param(QUEUE_IT, behind_a_queue, id="queue-it", marks=pytest.mark.slow),
])  # fmt: skip
def test_everybody_gets_in_in_order_and_is_counted_as_the_line_counts(
    line: str, server: Callable[[Gate], AbstractContextManager[str]], tmp_path: Path
) -> None:
    gate = Gate()
    health = '[replay]\nhealth = "none"\n'
    with server(gate) as url:
        text = changed(("[replay]\n", health), text=TEXT)
        found = rehearse(tmp_path, line, url, text)
    assert found.done.returncode == 0, found.done.stdout + found.done.stderr
    came = found.count("visits", "1")
    assert came == len(gate.called_s) == len(gate.entered) == len(set(gate.accounts))
    assert found.count("visits", f"fate = {Fate.SERVED}") == came
    assert found.count("attempts", f"result = {Result.SUCCESS}") == len(gate.accounts) == came
    assert found.told_to_wait == len(gate.waits) > came / 2
    assert gate.keeps_order()
    assert "line: the target's own" in found.done.stdout


@pytest.mark.slow
def test_ours_is_one_of_them(tmp_path: Path) -> None:
    with TargetProcess(Settings(workers=1, queue=64, hash_cost=12)) as target:
        found = rehearse(
            tmp_path, '[replay.line]\npreset = "surgeproof"\n', target.url,
            SURGEPROOF_TARGET_TOKEN=target.token,
        )  # fmt: skip
    assert found.done.returncode == 0, found.done.stdout + found.done.stderr
    assert found.count("visits", f"fate = {Fate.SERVED}") == found.count("visits", "1")
    assert found.told_to_wait > found.count("visits", "1") / 2
    told = found.count("looks", "position > 0 AND wait IS NOT NULL AND ticket IS NOT NULL")
    assert told == found.told_to_wait


@pytest.mark.slow
def test_a_line_that_is_faster_than_it_promises_fails(tmp_path: Path) -> None:
    """It lets in fifteen a second, and promises eight: in four seconds thirty too many, less a look at each end."""
    line = '[replay.line]\npreset = "surgeproof"\npromises = { rate = "8/s" }\n'
    with TargetProcess(Settings(workers=1, queue=64, hash_cost=12)) as target:
        found = rehearse(tmp_path, line, target.url, SURGEPROOF_TARGET_TOKEN=target.token)
    assert found.done.returncode == 1, found.done.stdout + found.done.stderr
    assert "more than 8/s allows" in " ".join(found.done.stdout.split())


NEVER, AT_ONCE = 3600.0, 0.0


@pytest.mark.slow
@pytest.mark.parametrize(("every_s", "preset", "code", "said"), [
    pytest.param(NEVER, "plain", (1, 3), "told to wait: 202 × ", id="it never lets anybody in"),
    pytest.param(AT_ONCE, "plain", (3,), "let everybody in at once", id="it has no line"),
    pytest.param(AT_ONCE, "none", (0,), "everybody is sent at once", id="and that is said"),
])  # fmt: skip
def test_no_line_passes_that_is_not_the_launchs(
    every_s: float, preset: str, code: tuple[int, ...], said: str, tmp_path: Path
) -> None:
    gate = Gate(every_s=every_s)
    gate.called_s["somebody else"] = 1e12 if every_s else -1e9
    with plain(gate) as url:
        text = changed(("[replay]\n", '[replay]\nhealth = "none"\n'), text=TEXT)
        found = rehearse(tmp_path, f'[replay.line]\npreset = "{preset}"\n', url, text)
    assert found.done.returncode in code, found.done.stdout + found.done.stderr
    assert said in found.done.stdout + found.done.stderr
