"""Verbs that send a launch: ``demo``, ``replay`` and ``worker``."""

from __future__ import annotations

from typing import Annotated

import typer

from surgeproof.door.options import (
    RUNS,
    Against,
    AllowCommands,
    AllowFiles,
    Every,
    Json,
    Launches,
    Name,
    Objectives,
    Runs,
    Seed,
    Servers,
    Settings,
    SystemFile,
    Target,
    Tolerance,
    Variant,
    WaitingRoom,
)

Web = Annotated[
    int | None, typer.Option(metavar="PORT", help="Show Locust's own page on this port.")
]
Metrics = Annotated[
    str | None,
    typer.Option(
        metavar="[HOST:]PORT", help="Tell Prometheus what is predicted and what is observed."
    ),
]
Otlp = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Push the same, and traces, to an OpenTelemetry collector."),
]
Scrape = Annotated[
    str | None,
    typer.Option(
        metavar="PATH|URL", help="Read the target's own metrics there, and draw them in the report."
    ),
]
RequirePrediction = Annotated[
    bool,
    typer.Option(
        "--require-prediction", help="Exit 1 also where it was predicted wrong (3: unknown)."
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Say what would be sent, and to whom; send nothing."),
]
Pin = Annotated[
    bool,
    typer.Option("--pin", help="Send from cores that the target, on this machine, does not use."),
]
PinTarget = Annotated[
    int | None,
    typer.Option("--pin-target", metavar="PID", help="Pin, and move the target's process too."),
]
WorkersHere = Annotated[
    int, typer.Option("--workers", metavar="N", min=0, max=256, help="Processes here that send it.")
]
WorkersElsewhere = Annotated[
    int,
    typer.Option(
        "--await",
        metavar="N",
        min=0,
        max=1024,
        help="Wait for so many `surgeproof worker` as well.",
    ),
]
Listen = Annotated[
    str,
    typer.Option("--listen", metavar="HOST:PORT", help="Where these come (see docs/workers.md)."),
]
At = Annotated[
    list[str] | None,
    typer.Option(
        metavar="DURATION",
        help="When the --run beside it is run, after the opening; repeatable.",
    ),
]
Act = Annotated[
    list[str] | None,
    typer.Option(
        "--run",
        metavar="COMMAND",
        help="Run this meanwhile, without a shell (name one: sh -c '...'), as an operator would.",
    ),
]


def demo(seed: Seed = 0, runs: Runs = RUNS) -> int:
    """Predict a launch, rehearse it on a bundled server, and judge it."""
    from surgeproof.verbs.sending import demo as verb

    return verb.run(seed=seed, runs=runs)


def replay(
    name: Name,
    target: Target,
    seed: Seed = 0,
    variant: Variant = None,
    settings: Settings = None,
    objective: Objectives = None,
    system: SystemFile = None,
    servers: Servers = None,
    waiting_room: WaitingRoom = None,
    launches: Launches = 100,
    web: Web = None,
    metrics: Metrics = None,
    otlp: Otlp = None,
    scrape: Scrape = None,
    runs: Runs = RUNS,
    allow_files: AllowFiles = False,
    allow_commands: AllowCommands = False,
    every: Every = False,
    json: Json = False,
    against: Against = None,
    tolerance: Tolerance = "0",
    require_prediction: RequirePrediction = False,
    dry_run: DryRun = False,
    pin: Pin = False,
    pin_target: PinTarget = None,
    workers: WorkersHere = 1,
    elsewhere: WorkersElsewhere = 0,
    listen: Listen = "127.0.0.1:5557",
    at: At = None,
    act: Act = None,
) -> int:
    """Send a launch to a real server, instant by instant; judge it."""
    from surgeproof.options import with_objectives
    from surgeproof.verbs.sending.replay import replay as verb
    from surgeproof.verbs.sending.replay.asked import Asked
    from surgeproof.verbs.sending.sharing import Pins

    return verb.run(
        Asked(
            name=name,
            target=target,
            seed=seed,
            launches=launches,
            runs=runs,
            variant=variant,
            settings=with_objectives(settings, objective),
            system=system,
            servers=servers,
            waiting_room=waiting_room,
            web=web,
            metrics=metrics,
            otlp=otlp,
            scrape=scrape,
            allow_files=allow_files,
            allow_commands=allow_commands,
            every=every,
            as_json=json,
            dry=dry_run,
            require_prediction=require_prediction,
            against=against or [],
            tolerance=tolerance,
            pins=Pins(wanted=pin, pid=pin_target),
            workers=workers,
            elsewhere=elsewhere,
            listen=listen,
            at=at or [],
            acts=act or [],
        )
    )


def worker(
    master: Annotated[
        str, typer.Option("--master", metavar="HOST[:PORT]", help="Where the replay is led from.")
    ],
    name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What reports call it; its host if not told.")
    ] = None,
) -> int:
    """Send a part of a replay that another machine leads."""
    from surgeproof.verbs.sending import worker as verb

    return verb.run(master, name=name)
