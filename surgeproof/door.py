"""The command line: the verbs, their options, and nothing else.

A verb's module is imported when the verb is used, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from surgeproof.endings import BAD_INPUT, ends_well, tell
from surgeproof.guard import stranger

app = typer.Typer(
    name="surgeproof",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


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
RUNS = Path("runs")


WRONGLY_TYPED: type[Exception] = typer.BadParameter.__mro__[2]
"""Typer's exception for all that it refuses, which it exports under no name."""


def typed() -> int:
    """Run the command that was typed, and tell its exit code.

    Raises BrokenPipeError or OSError where what it printed did not arrive.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # where a terminal lacks a letter, not the answer
    sentence = stranger(Path(__file__).resolve().parent.parent)
    if sentence:
        tell(sentence)
        return BAD_INPUT
    code: int
    try:
        code = app(standalone_mode=False)
    except WRONGLY_TYPED as error:
        error.show()  # type: ignore[attr-defined]
        code = BAD_INPUT
    except SystemExit:  # Typer's own answer to a reader of its help who has gone
        raise BrokenPipeError from None
    sys.stdout.flush()  # what cannot be written is told, and not lost while Python exits
    return code


def print_version(wanted: bool) -> None:
    """Print which version this is, and end."""
    if wanted:
        from importlib.metadata import version

        print(f"surgeproof {version('surgeproof')}")
        raise typer.Exit


@app.callback()
def whole(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=print_version, help="Print the version, and exit."
        ),
    ] = False,
) -> None:
    """Will we hold on launch day, and what do we need so that we do?"""  # noqa: D400


@app.command()
@ends_well
def demo(seed: Seed = 0, runs: Runs = RUNS) -> int:
    """Predict a launch, rehearse it on a bundled server, and judge it."""
    from surgeproof.verbs.sending import demo as verb

    return verb.run(seed=seed, runs=runs)


@app.command()
@ends_well
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


@app.command()
@ends_well
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


@app.command()
@ends_well
def record(
    logs: Annotated[
        list[str],
        typer.Argument(metavar="LOG|-...", help="Access logs, one or more, compressed or not."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="The CSV to write: launch.csv."),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write",
            metavar="LAUNCH",
            help="Or a launch file that replays the requests themselves; they go into the CSV beside it.",
        ),
    ] = None,
    keep_queries: Annotated[
        bool,
        typer.Option(
            "--keep-queries", help="With --write: keep what queries hold, secrets included."
        ),
    ] = False,
    session_gap: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="With --write: silence that ends a session; default: 30 min."
        ),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Only this path: /signup, or all of /signup/*."),
    ] = None,
    method: Annotated[str | None, typer.Option(help="Only this method, such as POST.")] = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Only these: 201, or 2xx, or 200,503.")
    ] = None,
    opening: Annotated[
        str | None,
        typer.Option(
            "--opening",
            "--from",
            metavar="INSTANT",
            help="Second 0, as 2023-12-14T12:00:00+01:00; default: the first arrival.",
        ),
    ] = None,
    counts: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Counts per interval, such as 1s, instead of times."),
    ] = None,
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


@app.command()
@ends_well
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


@app.command()
@ends_well
def predict(
    name: Name,
    seed: Seed = 0,
    launches: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            help="Number of launches to simulate: 100; with --stress 60 of each size.",
            min=1,
            show_default=False,
        ),
    ] = None,
    engine: Annotated[str, typer.Option(metavar="simpy|compiled")] = "compiled",
    variant: Variant = None,
    settings: Settings = None,
    objective: Objectives = None,
    json: Json = False,
    timings: Annotated[
        bool, typer.Option("--timings", help="Add its computing time, in seconds, to --json.")
    ] = False,
    stress: Annotated[
        bool,
        typer.Option("--stress", help="Disturb it more and more: does it recover?"),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Check every rule on every launch; slower.")
    ] = False,
    cluster: OnCluster = None,
    allow_files: AllowFiles = False,
    every: Every = False,
    report: ReportFolder = None,
    formats: Formats = "html",
    language: ReportLanguage = "en",
) -> int:
    """Simulate a launch many times: whether it holds, and why."""
    from surgeproof.options import with_objectives

    settings = with_objectives(settings, objective)
    if stress:
        from surgeproof.verbs.predicting import stress as stressing

        if report is not None:
            from simulator.errors import UsageError

            raise UsageError("--report tells of a prediction: leave out --stress")

        return stressing.run(
            name,
            seed=seed,
            launches=launches,
            engine=engine,
            variant=variant,
            settings=settings,
            as_json=json,
            debug=debug,
            cluster=cluster,
            allow_files=allow_files,
        )
    from surgeproof.verbs.predicting import predict as verb

    return verb.run(
        name,
        seed=seed,
        launches=verb.LAUNCHES if launches is None else launches,
        engine=engine,
        variant=variant,
        settings=settings,
        as_json=json,
        timings=timings,
        debug=debug,
        cluster=cluster,
        allow_files=allow_files,
        every=every,
        report=report,
        formats=formats,
        language=language,
    )


@app.command()
@ends_well
def size(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|FILE]",
            help="A launch of the library, or a .toml file; without one, --people and what follows.",
            autocompletion=launches,
        ),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=LOW..HIGH",
            help="What may be bought or set, and how far: station.signup.servers=1..64; may be repeated."
            " Default: every station, the line's rate and the waiting rooms.",
        ),
    ] = None,
    people: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=1_000_000_000, help="Without a file: how many come."),
    ] = None,
    within: Annotated[
        str | None, typer.Option(metavar="TIME", help='Nearly all of them within "10 min".')
    ] = None,
    service: Annotated[
        str | None,
        typer.Option(metavar="TIME", help='How long a server is busy with each: "120 ms".'),
    ] = None,
    p95: Annotated[
        str | None, typer.Option(metavar="TIME", help='95 of 100 are answered within "2 s".')
    ] = None,
    wait: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="And wait no longer in a line before; default: as --p95."
        ),
    ] = None,
    errors: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="The share that may fail; default: 0.01."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep that launch as a file to go on with.")
    ] = None,
    certified_by: Annotated[
        int,
        typer.Option(
            "--launches", metavar="K", help="Launches that certify it, fixed beforehand.", min=1
        ),
    ] = 181,
    share: Annotated[
        float, typer.Option(help="The share of launches that must hold.", min=0.01, max=0.9999)
    ] = 0.95,
    confidence: Annotated[
        float, typer.Option(help="How sure the certificate is.", min=0.5, max=0.9999)
    ] = 0.95,
    seed: Seed = 0,
    engine: Annotated[str, typer.Option(metavar="simpy|compiled")] = "compiled",
    variant: Variant = None,
    settings: Settings = None,
    objective: Objectives = None,
    system: SystemFile = None,
    hpa: Annotated[
        Path | None,
        typer.Option(
            "--from-hpa",
            metavar="FILE",
            help="Scale a station as this HorizontalPodAutoscaler (YAML) lets it.",
        ),
    ] = None,
    station: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The station that it scales, if not the only one."),
    ] = None,
    boot: Annotated[
        str | None, typer.Option(metavar="TIME", help='How long a new pod takes to serve: "40 s".')
    ] = None,
    per_pod: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="How many requests a pod serves at once.")
    ] = None,
    brief: Annotated[
        bool,
        typer.Option(
            "--brief",
            help="Only how much: not what breaks first, what is regretted least and the like.",
        ),
    ] = False,
    every: Annotated[
        bool,
        typer.Option("--all", help="Answer all of these of a large launch as well: it takes long."),
    ] = False,
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


@app.command()
@ends_well
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


@app.command()
@ends_well
def probe(
    target: Target,
    like: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="Measure every request of this launch."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a stations file here.")
    ] = None,
    requests: Annotated[
        int, typer.Option(min=10, max=2000, help="How often each, where the servers are known.")
    ] = 60,
    rate: Annotated[
        str | None,
        typer.Option(
            metavar="RATE", help="Highest rate, as 30/s, one at a time; the mean of a step."
        ),
    ] = None,
    servers: Servers = None,
    waiting_room: WaitingRoom = None,
    ladder: Annotated[
        bool,
        typer.Option(
            "--ladder",
            help="Find how many it serves at once; by itself where the target does not tell.",
        ),
    ] = False,
    at_most: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=2, max=64, help="Ladder: never more in flight at once; 16 if not told."
        ),
    ] = None,
    within: Annotated[
        str | None, typer.Option(metavar="TIME", help="Ladder: no longer than that; 3 min.")
    ] = None,
    pid: Annotated[
        int | None,
        typer.Option(metavar="PID", min=1, help="Ladder: the target's process, for its CPU time."),
    ] = None,
    held_out: Annotated[
        bool,
        typer.Option(
            "--held-out/--no-held-out",
            help="Predict one step at 0.7 of the capacity, send it, and tell the probe's own error.",
        ),
    ] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")
    ] = False,
    allow_files: AllowFiles = False,
    allow_commands: AllowCommands = False,
) -> int:
    """Measure gently what requests cost a server."""
    from surgeproof.verbs.sending import probe as verb

    return verb.run(
        target,
        like=like,
        write=write,
        requests=requests,
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


@app.command()
@ends_well
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
    web: Annotated[
        int | None, typer.Option(metavar="PORT", help="Show Locust's own page on this port.")
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option(
            metavar="[HOST:]PORT", help="Tell Prometheus what is predicted and what is observed."
        ),
    ] = None,
    otlp: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Push the same, and traces, to an OpenTelemetry collector."
        ),
    ] = None,
    scrape: Annotated[
        str | None,
        typer.Option(
            metavar="PATH|URL",
            help="Read the target's own metrics there, and draw them in the report.",
        ),
    ] = None,
    runs: Runs = RUNS,
    allow_files: AllowFiles = False,
    allow_commands: AllowCommands = False,
    every: Every = False,
    json: Json = False,
    against: Against = None,
    tolerance: Tolerance = "0",
    require_prediction: Annotated[
        bool,
        typer.Option(
            "--require-prediction", help="Exit 1 also where it was predicted wrong (3: unknown)."
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would be sent, and to whom; send nothing."),
    ] = False,
    pin: Annotated[
        bool,
        typer.Option(
            "--pin", help="Send from cores that the target, on this machine, does not use."
        ),
    ] = False,
    pin_target: Annotated[
        int | None,
        typer.Option("--pin-target", metavar="PID", help="Pin, and move the target's process too."),
    ] = None,
    workers: WorkersHere = 1,
    elsewhere: WorkersElsewhere = 0,
    listen: Listen = "127.0.0.1:5557",
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DURATION",
            help="When the --run beside it is run, after the opening; repeatable.",
        ),
    ] = None,
    act: Annotated[
        list[str] | None,
        typer.Option(
            "--run",
            metavar="COMMAND",
            help="Run this meanwhile, without a shell (name one: sh -c '...'), as an operator would.",
        ),
    ] = None,
) -> int:
    """Send a launch to a real server, instant by instant; judge it."""
    from surgeproof.options import with_objectives
    from surgeproof.verbs.sending import replay as verb
    from surgeproof.verbs.sending.sharing import Pins

    return verb.run(
        name,
        target=target,
        seed=seed,
        variant=variant,
        settings=with_objectives(settings, objective),
        system=system,
        servers=servers,
        waiting_room=waiting_room,
        launches=launches,
        web=web,
        metrics=metrics,
        otlp=otlp,
        scrape=scrape,
        runs=runs,
        allow_files=allow_files,
        allow_commands=allow_commands,
        every=every,
        require_prediction=require_prediction,
        dry=dry_run,
        pins=Pins(wanted=pin, pid=pin_target),
        workers=workers,
        elsewhere=elsewhere,
        listen=listen,
        as_json=json,
        against=against or [],
        tolerance=tolerance,
        at=at or [],
        acts=act or [],
    )


@app.command()
@ends_well
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


@app.command()
@ends_well
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


@app.command()
@ends_well
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
        compared or [],
        variant=variant,
        settings=settings or [],
        seed=seed,
        launches=launches,
        tolerance=tolerance,
        against=against or [],
        opening=opening,
        fields=fields,
        zone=zone,
        skip=skip,
        as_json=json,
        runs=runs,
        allow_files=allow_files,
        every=every,
    )


@app.command()
@ends_well
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


@app.command()
@ends_well
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


@app.command()
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
