"""``surgeproof size``: the cheapest system that holds, with a certificate; of a file, or of few words."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reports.files.size_record import size_record
from reports.sentences.size import say_waits
from reports.terminal.size import size_text
from scenarios.library import shelf as library
from scenarios.question import VARIED, Question
from simulator.advice.size.answer import Sizing
from simulator.advice.size.certificate import Asked
from simulator.advice.size.prices import prices_of
from simulator.advice.size.sizer import Sizer
from simulator.advice.size.vary.asked import knobs_asked, knobs_usual
from simulator.engine.rules import Engine
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario, read_stations
from surgeproof import effort
from surgeproof.endings import INTERRUPTED, harmless
from surgeproof.engines import compiling, engine_named
from surgeproof.options import duration_of
from surgeproof.progress import progress

FORMAT = 1
PATIENT = (15, 60, 300)
"""How long people may wait in the line instead, in seconds: what that saves is told."""
QUICK = 100_000
"""Of so many people at the most, since each of these is a search of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A launch in few words, as it was typed."""

    people: int | None = None
    within: str | None = None
    service: str | None = None
    p95: str | None = None
    wait: str | None = None
    errors: float | None = None
    write: Path | None = None

    @property
    def given(self) -> list[str]:
        """The options that were typed."""
        named = {
            "--people": self.people,
            "--within": self.within,
            "--service": self.service,
            "--p95": self.p95,
            "--wait": self.wait,
            "--errors": self.errors,
            "--write": self.write,
        }
        return [option for option, value in named.items() if value is not None]

    def question(self) -> Question:
        """What they ask.

        Raises UsageError.
        """
        needed = {"--within": self.within, "--service": self.service, "--p95": self.p95}
        missing = [option for option, value in needed.items() if value is None]
        if self.people is None:
            missing = ["--people", *missing]
        if missing or self.people is None:
            raise UsageError(
                f"{' and '.join(missing)} missing: without a launch's file say"
                ' --people 6000 --within "10 min" --service "120 ms" --p95 "2 s"'
            )
        p95_ns = positive("--p95", str(self.p95))
        return Question(
            people=self.people,
            within_ns=positive("--within", str(self.within)),
            service_ns=positive("--service", str(self.service)),
            p95_ns=p95_ns,
            errors=0.01 if self.errors is None else self.errors,
            wait_ns=p95_ns if self.wait is None else positive("--wait", self.wait),
        )


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a sizing is asked, however the launch is told."""

    asked: Asked
    seed: int
    engine: str
    as_json: bool
    vary: Sequence[str] = ()
    variant: str | None = None
    settings: Sequence[str] = ()


def run(
    name: str | None,
    words: Words,
    order: Order,
    *,
    system: Path | None,
    allow_files: bool,
) -> int:
    """Print how much is needed; 0 where something in range holds, 1 where nothing does."""
    require_enough(order.asked)
    if name is None:
        return of_question(words, order, with_file=system is not None or allow_files)
    if words.given:
        raise UsageError(
            f"{' and '.join(words.given)} {'are' if len(words.given) > 1 else 'is'} for a launch without a"
            f" file; {name} says these itself (change a value with --set)"
        )
    scenario = library.load(
        name, variant=order.variant, settings=order.settings, allow_files=allow_files
    )
    if system is not None:
        scenario = met_by(scenario, system)
    found, interrupted = sized(scenario, order)
    tell(found, scenario, order)
    return INTERRUPTED if interrupted else found.exit_code


def of_question(words: Words, order: Order, *, with_file: bool) -> int:
    """The same of a launch in few words, and what it saves if people may wait in the line."""
    if not words.given:
        raise UsageError(
            "name a launch or a file, or say in few words:"
            ' --people 6000 --within "10 min" --service "120 ms" --p95 "2 s"'
        )
    if with_file or order.variant or order.settings:
        raise UsageError(
            "--variant, --set, --system and --allow-files are for a launch's file (write one with"
            " --write my-launch.toml)"
        )
    question = words.question()
    if words.write is not None:
        written(words.write, question)
    order = replace(order, vary=order.vary or VARIED)
    scenario = asked_in(question)
    found, interrupted = sized(scenario, order)
    waits = []
    if not interrupted and question.people <= QUICK and found.certificate is not None:
        waits = [
            (each.wait_ns, sized(asked_in(each), order, around=False)[0])
            for each in patient(question)
        ]
    tell(found, scenario, order, waits, list(question.assumed()))
    if words.write is not None and not order.as_json:
        print(f"next: edit it; surgeproof size {harmless(shlex.quote(str(words.write)))}")
    return INTERRUPTED if interrupted else found.exit_code


def patient(question: Question) -> list[Question]:
    """The same, if people may wait longer in the line."""
    longer = (seconds * 10**9 for seconds in PATIENT)
    return [
        replace(question, wait_ns=each)
        for each in longer
        if question.wait_ns < each < question.within_ns
    ]


def asked_in(question: Question) -> Scenario:
    """A question as a launch that has no file."""
    return question.scenario("asked", "the question", datetime.now(UTC))


def written(file: Path, question: Question) -> None:
    """Keep a question as a file.

    Raises UsageError.
    """
    if file.suffix != ".toml":
        raise UsageError(f"--write {file}: a launch is a .toml file, such as my-launch.toml")
    try:
        write_new(file, question.text(file.stem, datetime.now(UTC)))
    except FileExistsError:
        raise UsageError(f"--write {file}: exists and is not overwritten") from None


def met_by(scenario: Scenario, system: Path) -> Scenario:
    """The launch met by the stations of another file; who comes is found with its own."""
    stations = read_stations(library.read_named(system), str(system))
    words = scenario.words.model_copy(update={"station": stations})
    return replace(scenario, words=words, settings=(*scenario.settings, f"system={system}"))


def sized(scenario: Scenario, order: Order, *, around: bool = True) -> tuple[Sizing, bool]:
    """The answer, or what is known of it when somebody interrupts; and whether somebody did.

    ``around``: whether less and more is looked at, too.
    """
    engine = engine_named(order.engine)
    resolved = resolve(scenario)
    knobs = knobs_asked(order.vary, resolved.system) if order.vary else knobs_usual(resolved.system)
    effort.tell_of_fit(resolved)
    with progress(compiling("fitting the demand")):
        plan = arriving(resolved, engine_named("compiled")).plan(order.seed)
    sizer = Sizer(
        plan=plan,
        knobs=knobs,
        prices=prices_of(scenario, knobs),
        asked=order.asked,
        engine=engine,
    )
    return watched(sizer, engine, around=around)


def watched(sizer: Sizer, engine: Engine, *, around: bool) -> tuple[Sizing, bool]:
    """Let it run, with a bar that tells how long it takes."""
    effort.tell_of(sizer.plan, engine, sizer.expected, less="fewer --launches, or fewer --vary,")
    with progress("how much is needed", left=True) as step:
        doing, played, until = "", 0, 0

        def stage(now: str, launches: int) -> None:
            nonlocal doing, until
            doing, until = now, played + launches
            step(played, until, doing)

        def told(launches: int) -> None:
            nonlocal played
            played = launches
            step(played, max(until, played), doing)

        sizer.stage, sizer.told = stage, told
        try:
            return sizer.run(around=around), False
        except KeyboardInterrupt:
            return sizer.so_far(), True


def tell(
    found: Sizing,
    scenario: Scenario,
    order: Order,
    waits: Sequence[tuple[int, Sizing]] = (),
    assumed: Sequence[str] = (),
) -> None:
    """Print it, as text or for a program."""
    if not order.as_json:
        notes = [*say_waits(found, waits), *assumed]
        print(size_text(found, notes, today=not assumed), end="")
        return
    record: dict[str, Any] = {
        "format": FORMAT,
        "scenario": scenario.name,
        "variant": order.variant,
        "settings": list(scenario.settings),
        "seed": order.seed,
        "engine": order.engine,
        **size_record(found),
    }
    if assumed:
        record["assumed"] = list(assumed)
    if waits:
        record["if_people_wait"] = [
            {"p95_s": wait_ns / 1e9, **size_record(each)} for wait_ns, each in waits
        ]
    print(json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False))


def positive(option: str, text: str) -> int:
    """A duration in ns, longer than none.

    Raises UsageError.
    """
    ns = duration_of(option, text)
    if not ns:
        raise UsageError(f'{option} "{text}" is zero (it must be longer than 0)')
    return ns


def require_enough(asked: Asked) -> None:
    """Raises UsageError where so few launches can never certify what is asked."""
    if asked.launches < asked.fewest:
        raise UsageError(
            f"--launches {asked.launches}: too few to certify a share of {asked.share:g} with confidence"
            f" {asked.confidence:g}, even if all of them hold (give at least {asked.fewest})"
        )
