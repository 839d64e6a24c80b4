"""Verbs about launch files: ``show``, ``new``, ``record`` and ``check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surgeproof.door.options import (
    AllowFiles,
    Fields,
    Json,
    Name,
    Settings,
    Skip,
    Variant,
    Zone,
    launches,
)

Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE", help="The CSV to write: launch.csv."),
]
Write = Annotated[
    Path | None,
    typer.Option(
        "--write",
        metavar="LAUNCH",
        help="Or a launch file that replays the requests themselves; they go into the CSV beside it.",
    ),
]
KeepQueries = Annotated[
    bool,
    typer.Option("--keep-queries", help="With --write: keep what queries hold, secrets included."),
]
SessionGap = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="With --write: silence that ends a session; default: 30 min."
    ),
]
OnlyPath = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Only this path: /signup, or all of /signup/*."),
]
OnlyMethod = Annotated[str | None, typer.Option(help="Only this method, such as POST.")]
OnlyStatus = Annotated[
    str | None, typer.Option(metavar="STATUS", help="Only these: 201, or 2xx, or 200,503.")
]
Opening = Annotated[
    str | None,
    typer.Option(
        "--opening",
        "--from",
        metavar="INSTANT",
        help="Second 0, as 2023-12-14T12:00:00+01:00; default: the first arrival.",
    ),
]
Counts = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Counts per interval, such as 1s, instead of times."),
]


def show(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME|FILE]", autocompletion=launches)
    ] = None,
    variant: Variant = None,
    settings: Settings = None,
    toml: Annotated[
        bool, typer.Option("--toml", help="Print the launch's file, to start one of your own.")
    ] = False,
    allow_files: AllowFiles = False,
) -> int:
    """Chart a launch of the library; without a name, list them all."""
    from surgeproof.verbs import show as verb

    return verb.run(
        name, variant=variant, settings=settings or [], as_toml=toml, allow_files=allow_files
    )


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .toml file to write.")],
    like: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="The launch to start from: see show.")
    ] = None,
    expect: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=1_000_000_000,
            help="How many will come; 1000, but --like needs it.",
        ),
    ] = None,
    from_har: Annotated[
        Path | None,
        typer.Option(metavar="HAR", help="Or a browser's recording: its requests, as a journey."),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="HOST", help="Of a recording: whose requests; default: most pages'."),
    ] = None,
    from_openapi: Annotated[
        Path | None,
        typer.Option(metavar="SPEC", help="Or an OpenAPI description, as YAML or JSON."),
    ] = None,
    operation: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help='Of a description: an operationId or "POST /users"; may be repeated.'
        ),
    ] = None,
    allow_files: AllowFiles = False,
) -> int:
    """Write a launch file: like another, or of requests you have.

    Give one of --like (with --expect), --from-har and --from-openapi. A secret of a recording
    reaches no file: it is captured from an answer, or read from the environment.
    """
    from surgeproof.verbs import new as verb

    return verb.run(
        file,
        verb.Origin(
            like=like, har=from_har, host=host, openapi=from_openapi, operations=operation or []
        ),
        expect=expect,
        allow_files=allow_files,
    )


def record(
    logs: Annotated[
        list[str],
        typer.Argument(metavar="LOG|-...", help="Access logs, one or more, compressed or not."),
    ],
    out: Out = None,
    write: Write = None,
    keep_queries: KeepQueries = False,
    session_gap: SessionGap = None,
    path: OnlyPath = None,
    method: OnlyMethod = None,
    status: OnlyStatus = None,
    opening: Opening = None,
    counts: Counts = None,
    fields: Fields = None,
    zone: Zone = None,
    skip: Skip = False,
) -> int:
    """Make arrivals, or with --write a launch, of access logs.

    No IP address is written.

    Formats: common and combined (Apache, nginx), Envoy, AWS load balancers, W3C (IIS,
    CloudFront), JSON lines (Caddy, Traefik, Docker); also behind syslog. Others with --fields.
    """
    from surgeproof.verbs import record as verb

    log = verb.Log(
        logs=logs,
        path=path,
        method=method,
        status=status,
        opening=opening,
        fields=fields,
        zone=zone,
        skip=skip,
    )
    if write is None:
        return verb.run(
            log, out=out, counts=counts, of_requests=keep_queries or session_gap is not None
        )
    from surgeproof.verbs import requests

    return requests.run(
        log, write, out=out, counts=counts, keep_queries=keep_queries, session_gap=session_gap
    )


def check(
    name: Name,
    variant: Variant = None,
    settings: Settings = None,
    json: Json = False,
    allow_files: AllowFiles = False,
) -> int:
    """Check a launch file: list all its mistakes, or its figures."""
    from surgeproof.verbs import check as verb

    return verb.run(
        name, variant=variant, settings=settings or [], allow_files=allow_files, as_json=json
    )
