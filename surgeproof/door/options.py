"""Options that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def launches(begun: str) -> list[str]:
    """The names of the library that a shell completes; files it completes itself."""
    from importlib.resources import files

    found = (files("scenarios") / "library").iterdir()
    names = sorted(each.name.removesuffix(".toml") for each in found if ".toml" in each.name)
    return [name for name in names if name.startswith(begun)]


Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME|FILE",
        help="A launch of the library, or a .toml file.",
        autocompletion=launches,
    ),
]
Seed = Annotated[
    int, typer.Option(help="Random seed; another one simulates other launches.", min=0)
]
Variant = Annotated[str | None, typer.Option(metavar="V", help="Apply [variant.V] of the file.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one value; may be repeated."),
]
Objectives = Annotated[
    list[str] | None,
    typer.Option(
        "--objective",
        metavar="FIGURE<LIMIT",
        help='Ask for this in place of the file\'s own limit: "signup.p95<2s"; may be repeated.',
    ),
]
SystemFile = Annotated[
    Path | None,
    typer.Option("--system", metavar="FILE", help="Stations to use instead of the file's own."),
]
Servers = Annotated[
    int | None,
    typer.Option(min=1, max=10**9, help="How many requests the target serves at once, if known."),
]
WaitingRoom = Annotated[
    int | None,
    typer.Option(min=0, max=10**9, help="How many may wait there for a server, if known."),
]
AllowFiles = Annotated[
    bool, typer.Option("--allow-files", help="Let the file name files outside its folder.")
]
AllowCommands = Annotated[
    bool,
    typer.Option("--allow-commands", help="Let the file run its commands (mail, cleanup) here."),
]
Launches = Annotated[int, typer.Option(metavar="K", help="Number of launches to simulate.", min=1)]
OnCluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Simulate on a Dask cluster: tcp://scheduler:8786 (see docs/cluster.md).",
    ),
]
Every = Annotated[bool, typer.Option("--all", help="Show all figures, with details and zeros.")]
Against = Annotated[
    list[Path] | None,
    typer.Option(
        "--against",
        metavar="RUN",
        help="An earlier run, or a folder of some, to be no worse than; may be repeated.",
    ),
]
Tolerance = Annotated[
    str,
    typer.Option(metavar="SHARE", help="What changes by no more, as 2%, has not changed."),
]
Fields = Annotated[
    str | None,
    typer.Option(
        metavar="MAP",
        help="For an unknown format: which column or JSON key holds what, as"
        ' "time=1+2,method=4,path=5,status=7" or "time=ts,request=req.line,took=secs"; split=; separates columns.',
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(metavar="ZONE", help="Time zone of a log's times without one: Europe/Paris."),
]
Skip = Annotated[bool, typer.Option("--skip", help="Skip unreadable lines, however many.")]
EngineName = Annotated[str, typer.Option(metavar="simpy|compiled")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Runs = Annotated[Path, typer.Option("--runs", metavar="DIR", help="Where run folders go.")]
ReportFolder = Annotated[
    Path | None,
    typer.Option("--report", metavar="DIR", help="Write the planner's report into this folder."),
]
Formats = Annotated[
    str, typer.Option("--format", metavar="LIST", help="Of the report: html,md,json,csv,svg,png.")
]
ReportLanguage = Annotated[str, typer.Option("--language", metavar="en|fr", help="Of the report.")]
Target = Annotated[str, typer.Option("--target", metavar="URL", help="The server to talk to.")]
RUNS = Path("runs")
