"""``surgeproof serve``: the reference target alone, in the foreground."""

from __future__ import annotations

from pathlib import Path

from scenarios.library.shelf import read_named
from scenarios.service.server import serve
from scenarios.service.settings import Settings, StationSettings, is_url
from scenarios.service.stations_file import read_target_stations
from surgeproof.endings import tell
from surgeproof.options import duration_of, rate_of


def run(
    *,
    host: str,
    port: int,
    workers: int | None,
    queue: int,
    hash_cost: int,
    work: str,
    stations: Path | None,
    release_rate: str | None,
    database: str | None,
    outbox: bool,
) -> int:
    """Serve until Ctrl-C."""
    settings = Settings(
        host=host,
        port=port,
        workers=Settings().workers if workers is None else workers,
        queue=queue,
        hash_cost=hash_cost,
        work_ns=duration_of("--work", work),
        stations=stations_in(stations),
        release_rate_per_s=None
        if release_rate is None
        else rate_of("--release-rate", release_rate),
        database=database if database is None or is_url(database) else Path(database),
        outbox=outbox,
    )
    serve(settings, listening=lambda url: tell(f"the reference target listens at {url}"))
    return 0


def stations_in(path: Path | None) -> tuple[StationSettings, ...]:
    return () if path is None else read_target_stations(read_named(path), str(path))
