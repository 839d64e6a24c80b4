"""Headers may hold anything: they are read, or say nothing."""

from hypothesis import given
from hypothesis import strategies as st

from scenarios.http.answers.retry_after import LONGEST_S, seconds_told
from scenarios.http.answers.server_timing import durations_ns
from simulator.units import FOREVER

LATIN_1 = st.text(st.characters(max_codepoint=255), max_size=80)
WORDS = st.lists(
    st.sampled_from(
        ["service", "queue", "dur", "=", ";", ",", '"', "\\", " ", "1", "20.5", "e9", "-", "\xe9"]
    ),
    max_size=20,
).map("".join)
DATES = st.lists(
    st.sampled_from(
        [
            "Sun",
            ", ",
            "06",
            " ",
            "Nov",
            "1994",
            "99999",
            "08:49:37",
            ":",
            "-",
            "GMT",
            "+9999999",
            "0",
        ]
    ),
    max_size=12,
).map("".join)


@given(st.one_of(LATIN_1, DATES, WORDS), st.one_of(st.none(), LATIN_1, DATES))
def test_when_to_come_back(told: str, date: str | None) -> None:
    found_s = seconds_told(told, date)
    assert found_s is None or 0 < found_s <= LONGEST_S


@given(st.lists(st.one_of(LATIN_1, WORDS), max_size=3))
def test_how_long_it_took(lines: list[str]) -> None:
    assert all(0 <= ns < FOREVER for ns in durations_ns(lines).values())


@given(st.integers(0, 10**6), st.text('abc,;= \\"', max_size=20))
def test_a_description_hides_no_metric(thousandths: int, description: str) -> None:
    quoted = description.replace("\\", "\\\\").replace('"', '\\"')
    line = f'cdn;desc="{quoted}", service;dur={thousandths / 1000};desc="{quoted}"'
    assert durations_ns([line]) == {"service": round(thousandths * 1000)}
