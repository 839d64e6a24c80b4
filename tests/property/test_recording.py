"""What is logged is what is recorded, is what is read; and nothing that names a person gets through."""

import csv
import io
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scenarios.recording.logs.hit import Hit, Skip
from scenarios.recording.logs.instants import MONTHS
from scenarios.recording.logs.lines import Line, lines_of
from scenarios.recording.logs.reader import Reader
from scenarios.recording.recording import record
from scenarios.recording.tally import Tally
from scenarios.recording.wanted import Wanted
from simulator.errors import UsageError
from tests.launches.recordings import counts, instants_ns

NS = 1_000_000_000
SECRET = "198.51.100.23 ann@x.test Mozilla"

hits = st.builds(
    Hit,
    st.integers(1_600_000_000, 1_600_000_400).map(lambda second: second * NS),
    st.sampled_from(["GET", "POST"]),
    st.text("abc,;\"\\ '\N{SNOWMAN}=", max_size=6).map(lambda end: f"/{end}x"),
    st.sampled_from([200, 201, 404, 503]),
)
offsets = st.integers(-14 * 60, 14 * 60)
"""In minutes; a log changes its own when the clocks do."""


def read_line(line: str) -> Hit | Skip:
    return Reader().read_text(line)


def logged(hit: Hit, offset_min: int) -> str:
    """The line that a server writes in a zone, with all that must not get through."""
    at = datetime.fromtimestamp(hit.at_ns // NS, timezone(timedelta(minutes=offset_min)))
    sign, minutes = ("-" if offset_min < 0 else "+"), abs(offset_min)
    time = (
        f"{at.day:02}/{MONTHS[at.month - 1]}/{at:%Y:%H:%M:%S} "
        f"{sign}{minutes // 60:02}{minutes % 60:02}"
    )
    address, user, agent = SECRET.split()
    path = escaped(hit.path)
    return (
        f'{address} - {user} [{time}] "{hit.method} {path}?mail={user} HTTP/1.1" {hit.status} 7'
        f' "https://{address}/" "{agent}"'
    )


def escaped(path: str) -> str:
    return path.replace("\\", "\\\\").replace('"', '\\"')


@given(hit=hits, offset_min=offsets)
def test_a_request_is_read_as_it_was_in_whatever_zone_it_was_logged(
    hit: Hit, offset_min: int
) -> None:
    assert read_line(logged(hit, offset_min)) == Hit(
        hit.at_ns, hit.method, escaped(hit.path), hit.status
    )


@given(line=st.text(max_size=200))
def test_any_text_is_a_request_or_has_a_reason(line: str) -> None:
    found = read_line(line)
    assert isinstance(found, Skip) or found.path.startswith("/")


@given(
    hit=hits,
    offset_min=offsets,
    cuts=st.lists(
        st.tuples(st.integers(0, 250), st.sampled_from('\\" []\x1b\N{SNOWMAN}')), max_size=3
    ),
)
def test_a_line_that_is_damaged_tells_no_more_than_a_path(
    hit: Hit, offset_min: int, cuts: list[tuple[int, str]]
) -> None:
    line = logged(hit, offset_min)
    for place, character in cuts:
        line = line[:place] + character + line[place:]
    found = read_line(line)
    # A character before the path may make another one of what follows it, up to its own quote.
    assert isinstance(found, Skip) or "Mozilla" not in found.path


CASES = [
    line
    for path in sorted((Path(__file__).parents[1] / "cases" / "logs").glob("*.log"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


@given(
    lines=st.lists(st.sampled_from(CASES), min_size=1, max_size=4),
    cuts=st.lists(
        st.tuples(
            st.integers(0, 300), st.integers(0, 9), st.text('\\"{}[]:#\t\x1b0 9/T+-', max_size=3)
        ),
        max_size=4,
    ),
)
def test_whatever_happens_to_lines_of_others_each_is_a_request_or_has_a_reason(
    lines: list[str], cuts: list[tuple[int, int, str]]
) -> None:
    reader = Reader()
    for line in lines:
        damaged = line
        for place, length, instead in cuts:
            damaged = damaged[:place] + instead + damaged[place + length :]
        found = reader.read_text(damaged)
        assert isinstance(found, Skip) or (found.path.startswith("/") and 0 <= found.status <= 999)


@given(log=st.binary(max_size=300))
def test_any_bytes_are_lines(log: bytes) -> None:
    found = list(lines_of(io.BytesIO(log)))
    assert all(isinstance(Reader().read(line), Hit | Skip) for line in found)
    assert all(line.whole for line in found[:-1])


def recorded(
    lines: list[str], wanted: Wanted, bucket_s: int | None = None
) -> tuple[Tally, list[str]]:
    """However many lines cannot be read."""
    log = [(read_line(line), Line(line, whole=True)) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "launch.csv"
        tally = record(log, path, wanted, bucket_s=bucket_s, skip=True)
        return tally, path.read_text(encoding="utf-8").splitlines(keepends=True)


many = st.lists(st.tuples(hits, offsets), min_size=1, max_size=30)


@given(log=many)
def test_instants_make_the_round_trip(log: list[tuple[Hit, int]]) -> None:
    tally, text = recorded([logged(*line) for line in log], Wanted())
    first_s = min(hit.at_ns // NS for hit, _ in log)
    assert (tally.taken, tally.first_s) == (len(log), first_s)
    assert instants_ns(text) == sorted((hit.at_ns // NS - first_s) * NS for hit, _ in log)
    rows = list(csv.reader(text))[1:]
    assert [path for _, path in rows] == [escaped(hit.path) for hit, _ in log]
    assert not any(word in "".join(text) for word in SECRET.split())


@given(log=many, bucket_s=st.integers(1, 90))
def test_counts_are_the_instants_bucket_by_bucket(
    log: list[tuple[Hit, int]], bucket_s: int
) -> None:
    _, text = recorded([logged(*line) for line in log], Wanted(), bucket_s)
    first_s = min(hit.at_ns // NS for hit, _ in log)
    found = counts(text)
    assert set(found.to_ns - found.from_ns) == {bucket_s * NS}
    expected = Counter((hit.at_ns // NS - first_s) // bucket_s * bucket_s * NS for hit, _ in log)
    assert dict(zip(found.from_ns.tolist(), found.count.tolist(), strict=True)) == expected


@given(
    log=many,
    wanted=st.builds(
        Wanted,
        opening_s=st.none() | st.integers(1_600_000_000, 1_600_000_400),
        path=st.none() | st.sampled_from(["/x", "/a*", "/*"]),
        method=st.sampled_from([None, "get", "POST"]),
        statuses=st.sampled_from([(), ("2xx",), ("201", "503")]),
    ),
    junk=st.lists(st.just("junk"), max_size=3),
)
def test_every_line_is_taken_or_skipped_for_one_reason(
    log: list[tuple[Hit, int]], wanted: Wanted, junk: list[str]
) -> None:
    lines = junk + [logged(*line) for line in log]
    expected = [hit.at_ns // NS for hit, _ in log if is_wanted(hit, wanted)]
    try:
        tally, text = recorded(lines, wanted)
    except UsageError:
        assert expected == []
        return
    assert tally.taken + sum(tally.skipped.values()) == tally.lines == len(lines)
    assert tally.skipped[Skip.FORMAT] == len(junk)
    opening_s = min(expected) if wanted.opening_s is None else wanted.opening_s
    assert instants_ns(text) == sorted((at_s - opening_s) * NS for at_s in expected)


def is_wanted(hit: Hit, wanted: Wanted) -> bool:
    """The same question, put another way."""
    paths = {None: True, "/x": hit.path == "/x", "/a*": hit.path[1] == "a", "/*": True}
    statuses: dict[tuple[str, ...], set[int]] = {
        (): {200, 201, 404, 503},
        ("2xx",): {200, 201},
        ("201", "503"): {201, 503},
    }
    return (
        hit.at_ns // NS >= (wanted.opening_s or 0)
        and paths[wanted.path]
        and hit.method in {None: {"GET", "POST"}, "get": {"GET"}, "POST": {"POST"}}[wanted.method]
        and hit.status in statuses[wanted.statuses]
    )


def test_an_hour_that_the_clocks_repeat_is_two_hours() -> None:
    zero = datetime(2023, 10, 29, 0, 30, tzinfo=UTC)
    offsets_min = [120, 60]  # Paris, before and after three o'clock in summer became two
    lines = [
        logged(Hit((round(zero.timestamp()) + 3600 * hour) * NS, "GET", "/x", 200), offset)
        for hour, offset in enumerate(offsets_min)
    ]
    assert [line.split("[")[1][:20] for line in lines] == ["29/Oct/2023:02:30:00"] * 2
    _, text = recorded(lines, Wanted())
    assert instants_ns(text) == [0, 3600 * NS]
