"""``gauntlet``: the crowds of all launches against one system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surgeproof.door.options import (
    AllowCommands,
    AllowFiles,
    Json,
    Seed,
    SystemFile,
    launches,
)


def gauntlet(
    expect: Annotated[
        int, typer.Option(metavar="N", min=100, max=10**8, help="How many people will come.")
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME|FILE]...",
            help="Only the crowds of these; of every launch of the library if none is named.",
            autocompletion=launches,
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="URL", help="The server to measure first.")
    ] = None,
    system: SystemFile = None,
    like: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="Take the requests, line and objectives of this launch; a signup if not told.",
        ),
    ] = None,
    seed: Seed = 0,
    many: Annotated[
        int, typer.Option("--launches", metavar="K", help="Simulated of each.", min=1)
    ] = 60,
    json: Json = False,
    replay: Annotated[
        str | None,
        typer.Option(
            metavar="worst|NAME", help="Then send the busiest seconds of this one to the target."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where page, picture and predictions go: a new folder."),
    ] = None,
    allow_files: AllowFiles = False,
    allow_commands: AllowCommands = False,
) -> int:
    """Predict the crowd of every launch against one system."""
    from surgeproof.verbs.sending.crowds import gauntlet as verb

    return verb.run(
        verb.Asked(
            names=tuple(names or ()),
            expect=expect,
            target=target,
            system=system,
            like=like,
            seed=seed,
            launches=many,
            as_json=json,
            report=report,
            replay=replay,
            allow_files=allow_files,
            allow_commands=allow_commands,
        )
    )
