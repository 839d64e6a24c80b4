"""``surgeproof record --write``: a past launch as a launch file that replays its requests."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from reports.sentences import words
from scenarios.recording.requests import launch
from scenarios.recording.requests.kept import KeptRequests
from scenarios.recording.requests.mix import SHOWN, Kind, mix_of, private
from scenarios.recording.requests.sessions import GAP_S
from scenarios.recording.requests.target import masked, whole
from simulator.errors import UsageError
from simulator.host.files import write_new
from simulator.scenario.commented import commented
from simulator.scenario.words.surges.requests import SAFE
from simulator.text.harmless import harmless
from simulator.text.wording import format_duration, format_share
from simulator.units import NS_PER_S
from surgeproof.options import duration_of
from surgeproof.verbs.new import exists, name_of
from surgeproof.verbs.record import Log, tell_of_lines

WIDTH = 100


def run(
    log: Log,
    file: Path,
    *,
    out: Path | None,
    counts: str | None,
    keep_queries: bool,
    session_gap: str | None,
) -> int:
    """Write both files, and say what they hold and what was left out."""
    if counts is not None:
        raise UsageError(
            "--counts is about arrivals, and --write keeps each request: leave one out"
        )
    name = name_of(file)
    beside = out or file.with_suffix(".requests.csv")
    gap_ns = GAP_S * NS_PER_S if session_gap is None else duration_of("--session-gap", session_gap)
    queries = whole if keep_queries else masked
    kept = KeptRequests(gap_ns=gap_ns, opening_s=log.opening_s, queries=queries)
    tally = log.record(beside, keeper=kept)
    mix = mix_of(kept.seen)
    write_launch(file, name, beside, kept, mix)
    first = f"{harmless(str(file))}: {words.times(len(kept.seen), 'request')} of {words.times(tally.lines, 'line')}"
    sessions = words.times(1 + max(kept.sessions), "session")
    print(f"{first}, in {sessions} (ended by {format_duration(gap_ns)} without a request)")
    print(f"opening = {datetime.fromtimestamp(kept.opened_s, UTC).isoformat()} (second 0)")
    tell_of_lines(tally)
    print_mix(mix, len(kept.seen))
    for line in notes(kept, mix, keep_queries=keep_queries):
        print(harmless(line))
    quoted = harmless(shlex.quote(str(file)))
    print(f"next: surgeproof check {quoted}; surgeproof predict {quoted}")
    return 0


def write_launch(
    file: Path, name: str, beside: Path, kept: KeptRequests, mix: Sequence[Kind]
) -> None:
    """The launch file; without it the requests are not left either."""
    story = f"A launch that was, replayed from {words.times(len(kept.seen), 'recorded request')}."
    try:
        named = str(beside.resolve().relative_to(file.resolve().parent))
    except ValueError:
        named = str(beside.resolve())
    made = launch.document(kept, mix, named, name=name, story=story)
    try:
        write_new(file, commented(made, head()))
        file.chmod(0o600)  # its examples are requests of the log
    except FileExistsError:
        beside.unlink()
        raise exists(file) from None
    except BaseException:
        beside.unlink()
        raise


def head() -> Iterator[str]:
    """What stands at the top of the file."""
    yield "A launch that replays the requests of an access log, made by surgeproof record --write."
    yield ""
    yield "Who asked for what, and when, is as recorded. What serves it and what is good enough is not"
    yield "known from there: these figures count as assumed. docs/logs.md says what each word does."


def print_mix(mix: Sequence[Kind], total: int) -> None:
    """What was asked for how often."""
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("requests", overflow="fold")
    for column in ("number", "share", "median time", "median bytes"):
        table.add_column(column, justify="right")
    for kind in mix[:SHOWN]:
        took = "" if kind.median_s is None else format_duration(round(kind.median_s * NS_PER_S))
        size = "" if kind.median_bytes is None else f"{kind.median_bytes:,.0f}"
        share = format_share(kind.many / total)
        table.add_row(harmless(str(kind)), f"{kind.many:,}", share, took, size)
    if rest := mix[SHOWN:]:
        many = sum(kind.many for kind in rest)
        table.add_row(f"{len(rest):,} others", f"{many:,}", format_share(many / total), "", "")
    Console(width=WIDTH, highlight=False, markup=False).print(table)


def notes(kept: KeptRequests, mix: Sequence[Kind], *, keep_queries: bool) -> Iterator[str]:
    """What was changed or left out, and what may be in the file all the same."""
    if kept.unsendable:
        told = ", ".join(f"{many:,} {why}" for why, many in kept.unsendable.items())
        yield f"left out: {told}"
    if kept.spread:
        yield "the log has whole seconds: the requests of each second are spread evenly over it"
    if kept.with_queries:
        many = words.times(kept.with_queries, "request")
        if keep_queries:
            yield f"queries: kept whole in {many}, as --keep-queries asks: keep the file to yourself"
        else:
            yield (
                f"queries: names kept in {many} and values dropped, since they may be secrets"
                " (--keep-queries keeps them)"
            )
    if found := private(kept.seen):
        yield (
            f"paths: {found:,} hold a long word with digits or an address, which may be a secret or"
            " somebody's; look at them before you share the file"
        )
    if refused := sum(kind.refused for kind in mix):
        yield (
            f"refusals: {words.times(refused, 'request')} of {len(kept.seen):,} may be answered 4xx, each as it"
            " was recorded; of any other that is an error"
        )
    unsafe = sum(kind.many for kind in mix if kind.method not in SAFE)
    if unsafe:
        yield (
            f"methods: {unsafe:,} that may change something are predicted and not sent (a log has no"
            " bodies)"
        )
