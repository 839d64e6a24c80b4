"""``size``: of a launch's file, or of few words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surgeproof.door.options import (
    AllowFiles,
    EngineName,
    Formats,
    Json,
    Objectives,
    OnCluster,
    ReportFolder,
    ReportLanguage,
    Seed,
    Settings,
    SystemFile,
    Variant,
    launches,
)

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME|FILE]",
        help="A launch of the library, or a .toml file; without one, --people and what follows.",
        autocompletion=launches,
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY=LOW..HIGH",
        help="What may be bought or set, and how far: station.signup.servers=1..64; may be repeated."
        " Default: every station, the line's rate and the waiting rooms.",
    ),
]
People = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, max=1_000_000_000, help="Without a file: how many come."),
]
Within = Annotated[
    str | None, typer.Option(metavar="TIME", help='Nearly all of them within "10 min".')
]
Service = Annotated[
    str | None,
    typer.Option(metavar="TIME", help='How long a server is busy with each: "120 ms".'),
]
P95 = Annotated[
    str | None, typer.Option(metavar="TIME", help='95 of 100 are answered within "2 s".')
]
Wait = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="And wait no longer in a line before; default: as --p95."),
]
Errors = Annotated[
    float | None,
    typer.Option(min=0.0, max=1.0, help="The share that may fail; default: 0.01."),
]
Write = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Keep that launch as a file to go on with.")
]
Certified = Annotated[
    int,
    typer.Option(
        "--launches", metavar="K", help="Launches that certify it, fixed beforehand.", min=1
    ),
]
Share = Annotated[
    float, typer.Option(help="The share of launches that must hold.", min=0.01, max=0.9999)
]
Confidence = Annotated[
    float, typer.Option(help="How sure the certificate is.", min=0.5, max=0.9999)
]
Hpa = Annotated[
    Path | None,
    typer.Option(
        "--from-hpa",
        metavar="FILE",
        help="Scale a station as this HorizontalPodAutoscaler (YAML) lets it.",
    ),
]
StationName = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The station that it scales, if not the only one."),
]
Boot = Annotated[
    str | None, typer.Option(metavar="TIME", help='How long a new pod takes to serve: "40 s".')
]
PerPod = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="How many requests a pod serves at once.")
]
Brief = Annotated[
    bool,
    typer.Option(
        "--brief",
        help="Only how much: not what breaks first, what is regretted least and the like.",
    ),
]
Every = Annotated[
    bool,
    typer.Option("--all", help="Answer all of these of a large launch as well: it takes long."),
]


def size(
    name: Name = None,
    vary: Vary = None,
    people: People = None,
    within: Within = None,
    service: Service = None,
    p95: P95 = None,
    wait: Wait = None,
    errors: Errors = None,
    write: Write = None,
    certified_by: Certified = 181,
    share: Share = 0.95,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    engine: EngineName = "compiled",
    variant: Variant = None,
    settings: Settings = None,
    objective: Objectives = None,
    system: SystemFile = None,
    hpa: Hpa = None,
    station: StationName = None,
    boot: Boot = None,
    per_pod: PerPod = None,
    brief: Brief = False,
    every: Every = False,
    json: Json = False,
    allow_files: AllowFiles = False,
    cluster: OnCluster = None,
    report: ReportFolder = None,
    formats: Formats = "html",
    language: ReportLanguage = "en",
) -> int:
    """Find how much is needed: the cheapest system that holds.

    "With 95 % confidence at least 95 % of launches meet every objective", confirmed on launches
    that the search has not seen. Of a launch of more than 30 days, without --vary: until when
    today's system holds on the busiest days, and by when the next one has to be ordered.
    """
    from simulator.advice.size.certificate import Asked
    from surgeproof.options import with_objectives
    from surgeproof.verbs.predicting.planning import Wanted
    from surgeproof.verbs.sizing.autoscaled import Autoscaled
    from surgeproof.verbs.sizing.order import Order
    from surgeproof.verbs.sizing.size import run
    from surgeproof.verbs.sizing.words import Words

    words = Words(
        people=people,
        within=within,
        service=service,
        p95=p95,
        wait=wait,
        errors=errors,
        write=write,
    )
    order = Order(
        asked=Asked(share=share, confidence=confidence, launches=certified_by),
        seed=seed,
        engine=engine,
        as_json=json,
        brief=brief,
        every=every,
        vary=vary or [],
        variant=variant,
        settings=with_objectives(settings, objective),
        hpa=Autoscaled(hpa=hpa, station=station, boot=boot, per_pod=per_pod),
        system=system,
        allow_files=allow_files,
    )
    wanted = Wanted.of(report, formats, language)
    return run(name, words, order, wanted=wanted, cluster=cluster)
