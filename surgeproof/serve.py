"""``surgeproof serve``: the reference target alone, in the foreground."""

from __future__ import annotations

from pathlib import Path

from scenarios.target.server import serve
from scenarios.target.settings import Settings
from surgeproof.endings import tell
from surgeproof.options import rate_of


def run(
    *,
    host: str,
    port: int,
    workers: int | None,
    queue: int,
    hash_cost: int,
    release_rate: str | None,
    database: Path | None,
) -> int:
    """Serve until Ctrl-C."""
    settings = Settings(
        host=host,
        port=port,
        workers=Settings().workers if workers is None else workers,
        queue=queue,
        hash_cost=hash_cost,
        release_rate_per_s=None
        if release_rate is None
        else rate_of("--release-rate", release_rate),
        database=database,
    )
    serve(settings, listening=lambda url: tell(f"the reference target listens at {url}"))
    return 0
