"""One visit to a server: it is started, probed, and sent one load after the other; whatever fails is a row."""

from __future__ import annotations

import functools
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from tests.statistical.coverage import processor
from tests.validation.runs import launches
from tests.validation.runs.command import Failed, require, surgeproof
from tests.validation.runs.kept import Row, key_of, to_be_repeated
from tests.validation.runs.loads import Extent, Load, Visit
from tests.validation.runs.measured import measured
from tests.validation.runs.probed import Probed
from tests.validation.runs.recovered import Sent
from tests.validation.servers.site import Site, versions

PROBE_MORE_S = 120.0
"""How much longer than it may measure a probe may take: starting, and a step that is held out."""
REPLAY_TIMES, REPLAY_MORE_S = 3.0, 300.0
"""A replay that takes longer than so many times what it should, and so much more, hangs: kernels may
have to be compiled first."""
IDLE_SHARE = 0.05
"""Of a core: a server that uses less has nothing left to do."""
LONGEST_IDLE_S = 120.0
AT_MOST = 6
"""In flight, of a ladder: more than any configuration serves at once."""

Keep = Callable[[Row], None]


def visited(
    visit: Visit, extent: Extent, known: Sequence[Row], keep: Keep, left_s: Callable[[], float]
) -> None:
    """Send what is still to be sent of a visit, and keep a row of each, whatever becomes of it.

    ``known``: the rows of an earlier session; ``left_s``: how long there still is.
    """
    rows = [*known]

    def wanted() -> list[Load]:
        return [load for load in visit.loads if to_be_repeated(of(visit, load, rows))]

    if not (first := wanted()) or left_s() < extent.within_s + extent.replay_s(first[0]):
        return
    with tempfile.TemporaryDirectory(prefix="surgeproof-validation-") as path, ExitStack() as stack:
        folder = Path(path)
        try:
            site = stack.enter_context(visit.configuration.start(folder))
            probe = probed(visit, site, extent, folder)
        except (Failed, OSError, AssertionError, ValueError, psutil.Error) as error:
            for load in wanted():
                keep(row_of(visit, load, rows, failed=in_words(error, "start or probe")))
            return
        while loads := wanted():
            for load in loads:
                if left_s() < extent.replay_s(load):
                    return
                found = sent(visit, load, rows, (site, probe), extent, folder)
                rows.append(found)
                keep(found)


def of(visit: Visit, load: Load, rows: Sequence[Row]) -> list[Row]:
    key = key_of(visit.configuration.name, visit.round, load)
    return [row for row in rows if row["key"] == key]


def in_words(error: BaseException, stage: str) -> str:
    """One line for whatever it was."""
    return f"{stage}: {type(error).__name__}: {' '.join(str(error).split())}"[:600]


def row_of(visit: Visit, load: Load, rows: Sequence[Row], **more: Any) -> dict[str, Any]:
    """What every row says."""
    return {
        "key": key_of(visit.configuration.name, visit.round, load),
        "configuration": visit.configuration.name,
        "round": visit.round,
        "kind": str(load.kind),
        "share": load.share,
        "repeat": len(of(visit, load, rows)),
        "versions": versions(visit.configuration),
        "machine": machine(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "outcome": "failed" if "failed" in more else "measured",
        **more,
    }


@functools.cache
def machine() -> str:
    """What it all ran on."""
    return f"{os.cpu_count()} x {processor()}, CPython {platform.python_version()}"


def probed(visit: Visit, site: Site, extent: Extent, folder: Path) -> tuple[str, Probed]:
    """What the probe wrote, and what is read in it.

    Raises Failed where it ends otherwise than well.
    """
    known = visit.configuration
    launch = launches.launch_text(visit.loads[0], 1.0, extent, known)
    (folder / "before.toml").write_text(launch, "utf-8")
    done = surgeproof(
        "probe", "--target", site.url, "--like", "before.toml", "--write", "probe.toml",
        *asking(visit, site, extent), folder=folder, within_s=extent.within_s + PROBE_MORE_S,
    )  # fmt: skip
    require(done, (0,), "probe")
    text = (folder / "probe.toml").read_text("utf-8")
    return text, Probed.of(text)


def asking(visit: Visit, site: Site, extent: Extent) -> list[str]:
    """A ladder, or where the number of servers is told a few single requests."""
    configuration = visit.configuration
    if configuration.servers_told:
        return ["--servers", str(configuration.servers)]
    words = ["--within", f"{extent.within_s} s", "--at-most", str(AT_MOST)]
    return ["--ladder", *words, "--pid", str(site.family[0])]


def sent(
    visit: Visit,
    load: Load,
    rows: Sequence[Row],
    at: tuple[Site, tuple[str, Probed]],
    extent: Extent,
    folder: Path,
) -> dict[str, Any]:
    """The row of one load."""
    site, (text, probe) = at
    configuration = visit.configuration
    rate_per_s = load.share * launches.capacity_per_s(probe, configuration)
    known = {"probe": asdict(probe), "rate_per_s": rate_per_s, "window_s": extent.window_s}
    began_s = time.monotonic()
    try:
        wait_until_idle(site)
        with tempfile.TemporaryDirectory(dir=folder) as path:
            where = Path(path)
            launch = launches.launch_text(load, rate_per_s, extent, configuration)
            (where / "launch.toml").write_text(launch, "utf-8")
            stations = launches.stations_text(text, probe, configuration)
            (where / "system.toml").write_text(stations, "utf-8")
            done = surgeproof(
                "replay", "launch.toml", "--target", site.url, "--system", "system.toml",
                "--seed", str(visit.round), folder=where,
                within_s=REPLAY_TIMES * extent.replay_s(load) + REPLAY_MORE_S,
            )  # fmt: skip
            require(done, (0, 1, 3), "replay")
            found = measured(where / "runs", Sent.of(where, visit.round))
    except (Failed, OSError, AssertionError, ValueError, LookupError, psutil.Error) as error:
        return row_of(visit, load, rows, **known, failed=in_words(error, "replay"))
    took_s = round(time.monotonic() - began_s, 1)
    return row_of(visit, load, rows, **known, took_s=took_s, **found)


def wait_until_idle(site: Site) -> None:
    """Until the server has nothing left to do of what its clients gave up on.

    Raises AssertionError where it never has.
    """
    deadline_s, before_s = time.monotonic() + LONGEST_IDLE_S, worked_s(site)
    while time.monotonic() < deadline_s:
        time.sleep(1)
        now_s = worked_s(site)
        if 0 <= now_s - before_s < IDLE_SHARE:  # less: a process has ended, and took its time along
            return
        before_s = now_s
    raise AssertionError("the server is never idle")


def worked_s(site: Site) -> float:
    """Processor time of all its processes."""
    return sum(sum(one.cpu_times()[:2]) for one in family(site))


def family(site: Site) -> Iterator[psutil.Process]:
    for pid in site.family:
        leader = psutil.Process(pid)
        yield leader
        yield from leader.children(recursive=True)
