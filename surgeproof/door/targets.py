"""Verbs about a target: ``serve`` is one, ``probe`` measures one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surgeproof.door.options import AllowCommands, AllowFiles, Servers, Target, WaitingRoom

Like = Annotated[
    str | None,
    typer.Option(metavar="NAME|FILE", help="Measure every request of this launch."),
]
Write = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a stations file here.")]
Requests = Annotated[
    int, typer.Option(min=10, max=2000, help="How often each, where the servers are known.")
]
Rate = Annotated[
    str | None,
    typer.Option(metavar="RATE", help="Highest rate, as 30/s, one at a time; the mean of a step."),
]
Ladder = Annotated[
    bool,
    typer.Option(
        "--ladder",
        help="Find how many it serves at once; by itself where the target does not tell.",
    ),
]
AtMost = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=2, max=64, help="Ladder: never more in flight at once; 16 if not told."
    ),
]
Within = Annotated[
    str | None, typer.Option(metavar="TIME", help="Ladder: no longer than that; 3 min.")
]
Pid = Annotated[
    int | None,
    typer.Option(metavar="PID", min=1, help="Ladder: the target's process, for its CPU time."),
]
HeldOut = Annotated[
    bool,
    typer.Option(
        "--held-out/--no-held-out",
        help="Predict one step at 0.7 of the capacity, send it, and tell the probe's own error.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")
]


def serve(
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Hashing threads; one core is left free.")
    ] = None,
    queue: Annotated[int, typer.Option(min=0, help="How many may wait for a worker.")] = 64,
    hash_cost: Annotated[
        int, typer.Option(min=1, max=20, help="log2 of scrypt's n; 14 is about 30 ms.")
    ] = 14,
    work: Annotated[
        str, typer.Option(metavar="TIME", help="How long verify, read, write and pay keep a core.")
    ] = "1 ms",
    stations: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TOML that gives some of these their own workers."),
    ] = None,
    release_rate: Annotated[
        str | None, typer.Option(metavar="RATE", help="How fast the line lets people in, as 20/s.")
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|URL", help="Where to keep data, or postgresql://...; default: temporary."
        ),
    ] = None,
    outbox: Annotated[
        bool,
        typer.Option("--outbox", help="Return the verification codes, so that people can verify."),
    ] = False,
) -> int:
    """Run the reference service: signups with a waiting line."""
    from surgeproof.verbs import serve as verb

    return verb.run(
        host=host,
        port=port,
        workers=workers,
        queue=queue,
        hash_cost=hash_cost,
        work=work,
        stations=stations,
        release_rate=release_rate,
        database=database,
        outbox=outbox,
    )


def probe(
    target: Target,
    like: Like = None,
    write: Write = None,
    requests: Requests = 60,
    rate: Rate = None,
    servers: Servers = None,
    waiting_room: WaitingRoom = None,
    ladder: Ladder = False,
    at_most: AtMost = None,
    within: Within = None,
    pid: Pid = None,
    held_out: HeldOut = True,
    dry_run: DryRun = False,
    allow_files: AllowFiles = False,
    allow_commands: AllowCommands = False,
) -> int:
    """Measure gently what requests cost a server."""
    from surgeproof.verbs.sending.probe import probe as verb
    from surgeproof.verbs.sending.probe.asked import Asked

    return verb.run(
        Asked(
            target=target,
            requests=requests,
            like=like,
            write=write,
            rate=rate,
            servers=servers,
            waiting_room=waiting_room,
            ladder=ladder,
            at_most=at_most,
            within=within,
            pid=pid,
            held_out=held_out,
            dry_run=dry_run,
            allow_files=allow_files,
            allow_commands=allow_commands,
        )
    )
