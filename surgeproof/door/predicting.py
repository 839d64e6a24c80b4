"""``predict``, with ``--stress``."""

from __future__ import annotations

from typing import Annotated

import typer

from surgeproof.door.options import (
    AllowFiles,
    EngineName,
    Every,
    Formats,
    Json,
    Name,
    Objectives,
    OnCluster,
    ReportFolder,
    ReportLanguage,
    Seed,
    Settings,
    Variant,
)

Launches = Annotated[
    int | None,
    typer.Option(
        metavar="K",
        help="Number of launches to simulate: 100; with --stress 60 of each size.",
        min=1,
        show_default=False,
    ),
]
Timings = Annotated[
    bool, typer.Option("--timings", help="Add its computing time, in seconds, to --json.")
]
Stress = Annotated[
    bool, typer.Option("--stress", help="Disturb it more and more: does it recover?")
]
Debug = Annotated[bool, typer.Option("--debug", help="Check every rule on every launch; slower.")]


def predict(
    name: Name,
    seed: Seed = 0,
    launches: Launches = None,
    engine: EngineName = "compiled",
    variant: Variant = None,
    settings: Settings = None,
    objective: Objectives = None,
    json: Json = False,
    timings: Timings = False,
    stress: Stress = False,
    debug: Debug = False,
    cluster: OnCluster = None,
    allow_files: AllowFiles = False,
    every: Every = False,
    report: ReportFolder = None,
    formats: Formats = "html",
    language: ReportLanguage = "en",
) -> int:
    """Simulate a launch many times: whether it holds, and why."""
    from surgeproof.options import with_objectives
    from surgeproof.verbs.predicting.asked import Asked

    asked = Asked(
        name=name,
        seed=seed,
        launches=launches,
        engine=engine,
        variant=variant,
        settings=with_objectives(settings, objective),
        as_json=json,
        timings=timings,
        debug=debug,
        every=every,
        cluster=cluster,
        allow_files=allow_files,
    )
    if stress:
        from simulator.errors import UsageError
        from surgeproof.verbs.predicting import stress as stressing

        if report is not None:
            raise UsageError("--report tells of a prediction: leave out --stress")
        return stressing.run(asked)
    from surgeproof.verbs.predicting import predict as verb
    from surgeproof.verbs.predicting.planning import Wanted

    return verb.run(asked, Wanted.of(report, formats, language))
