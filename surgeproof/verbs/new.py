"""``surgeproof new``: a launch of one's own, as a file to edit: like another one, or with requests that were brought."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from scenarios.brought import brought, launch
from scenarios.brought.brought import Brought
from scenarios.brought.har.reading import MOST_BYTES
from scenarios.brought.plain import bytes_in
from scenarios.brought.sayable import clean
from scenarios.library import shelf as library
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.plan.likeness import Likeness, alike
from simulator.plan.resolve import resolve
from simulator.scenario.commented import WIDTH, commented
from simulator.text.harmless import harmless
from simulator.text.wording import format_count, format_factor, format_people
from surgeproof import effort
from surgeproof.engines import compiling, engine_named
from surgeproof.progress import progress

EXPECTED = 1_000
"""People, where nobody says how many."""
NOTABLY = 1.1
"""Above this, a station that was rounded up is told."""
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a launch is made of: just one of another launch, a recording, a description."""

    like: str | None = None
    har: Path | None = None
    host: str | None = None
    openapi: Path | None = None
    operations: Sequence[str] = ()

    def require_one(self) -> None:
        """Raises UsageError."""
        named = {"--like": self.like, "--from-har": self.har, "--from-openapi": self.openapi}
        given = [option for option, value in named.items() if value is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise UsageError(f"give one of {', '.join(named)}; the command has {found}")
        if self.host is not None and self.har is None:
            raise UsageError("--host chooses among the hosts of a recording: give --from-har")
        if self.operations and self.openapi is None:
            raise UsageError("--operation chooses from a description: give --from-openapi")


def run(file: Path, origin: Origin, *, expect: int | None, allow_files: bool) -> int:
    """Write the file, and say what to do with it."""
    origin.require_one()
    name = name_of(file)
    if origin.har is not None:
        found = brought.from_har(bytes_in(origin.har, MOST_BYTES), str(origin.har), origin.host)
        return write_brought(file, name, found, origin.har, expect or EXPECTED)
    if origin.openapi is not None:
        raw, operations = bytes_in(origin.openapi, MOST_BYTES), origin.operations
        found = brought.from_openapi(raw, str(origin.openapi), operations)
        return write_brought(file, name, found, origin.openapi, expect or EXPECTED)
    if expect is None:
        raise UsageError(
            "Missing option '--expect': --like needs to know how many people will come"
        )
    return made_like(file, name, str(origin.like), expect, allow_files=allow_files)


def made_like(file: Path, name: str, like: str, expect: int, *, allow_files: bool) -> int:
    """Write a launch like another one."""
    scenario = library.load(like, allow_files=allow_files)
    effort.tell_of_fit(resolve(scenario))
    with progress(compiling("fitting the demand")):
        found = alike(
            scenario,
            name=name,
            expect=expect,
            now=datetime.now(UTC),
            engine=engine_named("compiled"),
        )
    try:
        write_new(file, commented(found.document, head(file, scenario.name, found)))
    except FileExistsError:
        raise exists(file) from None
    print(
        f"{harmless(str(file))}: a launch for {format_people(found.people)}, made like {scenario.name}"
    )
    for line in roomier_in_words(found):
        print(f"note: {line}")
    quoted = harmless(shlex.quote(str(file)))
    print(f"next: edit it; surgeproof check {quoted}; surgeproof predict {quoted}")
    return 0


def write_brought(file: Path, name: str, found: Brought, source: Path, expect: int) -> int:
    """Write the launch of a journey that was brought, and say how it was read."""
    story = f"My launch, with {found.title} from {source.name}. Describe it here."
    made = launch.document(
        found.journey, name=name, story=clean(story), people=expect, now=datetime.now(UTC)
    )
    try:
        write_new(file, commented(made, head_of_brought(file, source, found, expect)))
    except FileExistsError:
        raise exists(file) from None
    people = format_people(expect)
    print(f"{harmless(str(file))}: a launch for {people}, with {harmless(found.title)}")
    for line in found.said:
        print(harmless(line))
    print(f"service: {service_in_words(found.journey)}")
    quoted = harmless(shlex.quote(str(file)))
    print(f"next: edit it; surgeproof check {quoted}; surgeproof predict {quoted}")
    return 0


def service_in_words(journey: launch.Journey) -> str:
    """How far the station's figure is to be trusted."""
    if journey.waits_ms:
        return (
            f"{journey.service_ms:g} ms, the median time to an answer when it was recorded, network"
            " included: assumed until surgeproof probe measures it"
        )
    return f"{journey.service_ms:g} ms is a placeholder until surgeproof probe measures it"


def head_of_brought(file: Path, source: Path, found: Brought, expect: int) -> Iterator[str]:
    """What stands at the top: where the file comes from, how it was read, and what to do with it."""
    origin = harmless(source.name)
    yield f"A launch for {format_people(expect)}, made of {origin} by surgeproof new."
    yield ""
    yield from wrap(
        "The requests are those that were brought. Who comes, what serves them and what holds is not"
        " known from there: every figure here counts as assumed. Change what you know, and let"
        " surgeproof probe measure the station.",
        WIDTH - 2,
    )
    yield ""
    for line in (*found.said, f"service: {service_in_words(found.journey)}"):
        yield from wrap(harmless(line), WIDTH - 2, subsequent_indent="  ")
    yield ""
    yield from commands(file)


def name_of(file: Path) -> str:
    """What the launch in a file is called.

    Raises UsageError where it is no .toml file, is there already, or gives no name.
    """
    if file.suffix != ".toml":
        raise UsageError(f"{file}: a launch is a .toml file, such as my-launch.toml")
    if file.exists():
        raise exists(file)
    name = NOT_IN_NAMES.sub("-", file.stem).strip("-")
    if not name:
        raise UsageError(f"{file}: its name needs a letter or a digit, such as my-launch.toml")
    return name


def exists(file: Path) -> UsageError:
    return UsageError(f"{file} exists and is not overwritten; choose another name, or remove it")


def roomier_in_words(found: Likeness) -> Iterator[str]:
    """Which stations are so much larger than their part that what waited there may not any more."""
    for name, ratio in found.roomier.items():
        if ratio > NOTABLY:
            yield (
                f"{harmless(name)} was rounded up to whole servers ({format_factor(ratio)} times its share),"
                " so its bottleneck may not show"
            )


def head(file: Path, like: str, found: Likeness) -> Iterator[str]:
    """What stands at the top: where the file comes from, and what to do with it."""
    yield f"A launch for {format_people(found.people)}, made like {like} by surgeproof new."
    yield ""
    yield from wrap(
        f"It has {people_in_words(found.factor, like)}, and a system scaled by the same factor and"
        " rounded up to whole servers. This is only a starting point: nothing about your launch"
        " has been measured or published, so every figure here counts as assumed."
        ' Change what you know, and say where it comes from: source = "key", with a table'
        " [sources.key] that has a title and a url.",
        WIDTH - 2,
    )
    yield ""
    for line in roomier_in_words(found):
        yield from [*wrap(f"Note: {line}.", WIDTH - 2), ""]
    yield from commands(file)


def commands(file: Path) -> Iterator[str]:
    """What to do with the file."""
    argument = harmless(shlex.quote(str(file)))
    for verb, does in (
        ("check", "lists every mistake at once"),
        ("show", "charts who comes when"),
        ("predict", "says whether it holds, and why"),
    ):
        yield f"  {f'surgeproof {verb} {argument}':<44}{does}"
    yield ""


def people_in_words(factor: float, like: str) -> str:
    """How many people there are, beside those of another launch."""
    if factor < 0.1:
        return f"one in {format_count(1 / factor)} of the people of {like}"
    return f"{format_factor(factor)} times the people of {like}"
