"""Verbs about runs: ``compare``, ``report``, ``learn`` and ``ledger``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surgeproof.door.options import (
    RUNS,
    Against,
    AllowFiles,
    Every,
    Fields,
    Json,
    Launches,
    Runs,
    Seed,
    Settings,
    Skip,
    Tolerance,
    Variant,
    Zone,
    launches,
)


def compare(
    compared: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN|LAUNCH|LOG]...",
            help="Runs, or launches to predict, each against the first; or one of them and access logs;"
            " @VARIANT may follow. Default: the latest two runs.",
            autocompletion=launches,
        ),
    ] = None,
    variant: Variant = None,
    settings: Settings = None,
    seed: Seed = 0,
    launches: Launches = 100,
    against: Against = None,
    tolerance: Tolerance = "0",
    opening: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Second 0 of a log; default: the file's opening."),
    ] = None,
    fields: Fields = None,
    zone: Zone = None,
    skip: Skip = False,
    json: Json = False,
    runs: Runs = RUNS,
    allow_files: AllowFiles = False,
    every: Every = False,
) -> int:
    """Say what changed between runs or launches, and what is noise."""
    from surgeproof.verbs.compare import command

    return command.run(
        command.Asked(
            compared=compared or [],
            runs=runs,
            variant=variant,
            settings=settings or [],
            seed=seed,
            launches=launches,
            against=against or [],
            tolerance=tolerance,
            opening=opening,
            fields=fields,
            zone=zone,
            skip=skip,
            as_json=json,
            allow_files=allow_files,
            every=every,
        )
    )


def report(
    run: Annotated[Path | None, typer.Argument(metavar="[RUN]")] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the line over time: .png or .svg.")
    ] = None,
    hlog: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all latencies as an HdrHistogram log: .hlog."),
    ] = None,
    runs: Runs = RUNS,
    every: Every = False,
    json: Json = False,
) -> int:
    """Write a run's reports again; default: the latest run."""
    from surgeproof.verbs import report as verb

    return verb.run(
        run,
        open_page=open_page,
        picture=picture,
        hlog=hlog,
        runs=runs,
        every=every,
        as_json=json,
    )


def learn(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a replay.")],
    system: Annotated[
        Path, typer.Option(metavar="FILE", help="The stations that it was predicted with.")
    ],
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the new stations are to lie.")
    ] = None,
    variant: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Even from a replay that was disturbed or cut short.")
    ] = False,
) -> int:
    """Teach a file of stations what a replay showed."""
    from surgeproof.verbs.compare import learn as verb

    return verb.run(run, system=system, write=write, variant=variant, anyway=anyway)


def ledger(
    run: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RUN]...", help="Runs to add. Without any, only what is known is told."
        ),
    ] = None,
    file: Annotated[
        Path, typer.Option("--file", metavar="FILE", help="The ledger, to be committed.")
    ] = Path("ledger.jsonl"),
    json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False,
) -> int:
    """Say how good the predictions have been so far."""
    from surgeproof.verbs import ledger as verb

    return verb.run(run or [], path=file, as_json=json)
