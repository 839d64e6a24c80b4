"""A CSV of arrivals is taken exactly, or every mistake in it is told with its line."""

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.document.csv.arrivals import Counts, read_recorded
from simulator.scenario.document.csv.complaints import MOST_TOLD
from tests.examples import examples
from tests.launches.recordings import counts, instants_ns

NS = 1_000_000_000


def mistakes(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as told:
        read_recorded(text.splitlines(keepends=True), "launch.csv")
    return [str(mistake) for mistake in told.value.mistakes]


def test_instants_are_exact_and_in_order() -> None:
    text = "second,path\n2,/b\n0.000000001,/a\n\n1.5,\n"
    assert instants_ns(text.splitlines()) == [1, 3 * NS // 2, 2 * NS]


def test_other_columns_other_order_and_what_editors_add() -> None:
    text = '\ufeff"path", second ,note\r\n"/a,""b""",7,x\r\n'
    assert instants_ns(text.splitlines(keepends=True)) == [7 * NS]


def test_counts_in_spans_with_gaps() -> None:
    text = "from_second,to_second,count\n0,1,12\n5,6.5,0\n6.5,7,3"
    found = counts(text.splitlines())
    assert found.from_ns.tolist() == [0, 5 * NS, 13 * NS // 2]
    assert found.to_ns.tolist() == [NS, 13 * NS // 2, 7 * NS]
    assert found.count.tolist() == [12, 0, 3]


def test_the_first_line_says_what_it_is() -> None:
    assert isinstance(read_recorded(["from_second,to_second,count", "0,1,1"], "x.csv"), Counts)
    assert not isinstance(read_recorded(["second", "0"], "x.csv"), Counts)


SECONDS = "write seconds since the opening, as 12 or 12.5, or since 1970"
NONE = f"needs seconds and has none ({SECONDS})"


@examples("line, told",
    ("a word", "noon", NONE),
    ("an exponent", "1e3", NONE),
    ("no number", "nan", NONE),
    ("another script", "٣", NONE),
    ("half a number", "5.", NONE),
    ("nothing", '"",x', NONE),
    ("before the opening", "-2.5", "is before the opening (record it with an earlier --opening, or leave the line out)"),
    ("fine", "0.0000000001", "is finer than a nanosecond (round it)"),
    ("digits", "0" * 13, f"is more than a century ({SECONDS})"),
    ("far", "9" * 5000, f"is more than a century ({SECONDS})"),
    ("since 1970", "1767225600",
     "does not count from the same time as the lines before it (count all lines from the opening, or all since 1970)"),
)  # fmt: skip
def test_an_instant_that_cannot_be(line: str, told: str) -> None:
    assert mistakes(f"second\n1\n{line}\n2\n") == [f"launch.csv: line 3: {told}"]


@examples("line, told",
    ("less", "4,5,-1", "needs a count and has none (write a whole number)"),
    ("half", "4,5,1.5", "needs a count and has none (write a whole number)"),
    ("no span", "5,5,1", "goes from second 5 to second 5 (a span must end after it starts)"),
    ("overlap", "2,4,1",
     "starts at second 2, before the last one ends (put the spans in time order, each starting where the last one ends)"),
    ("short", "4,5", "has no count (give every line as many values as the first line has columns)"),
)  # fmt: skip
def test_a_count_that_cannot_be(line: str, told: str) -> None:
    text = f"from_second,to_second,count\n0,3,1\n{line}\n"
    assert mistakes(text) == [f"launch.csv: line 3: {told}"]


HEADER = "the first line is second,path or from_second,to_second,count"


@examples("text, told",
    ("empty file", "", f"launch.csv: line 1: does not name the columns ({HEADER})"),
    ("no header", "0\n1\n", f"launch.csv: line 1: does not name the columns ({HEADER})"),
    ("nobody", "second,path\n", "launch.csv: line 1: has no arrivals after it (a recording needs at least one arrival)"),
    ("nobody counted", "from_second,to_second,count\n0,1,0\n",
     "launch.csv: line 1: has no arrivals after it (a recording needs at least one arrival)"),
    ("an open quote", 'second,path\n0,"/a\n',
     "launch.csv: line 2: is not CSV: unexpected end of data (close the quotes around a value, and double those inside it)"),
)  # fmt: skip
def test_a_file_that_cannot_be(text: str, told: str) -> None:
    assert mistakes(text) == [told]


def test_of_many_mistakes_the_first_are_told_and_the_others_counted() -> None:
    told = mistakes("second\n" + "x\n" * (MOST_TOLD + 1234))
    assert [line.split(": ")[1] for line in told[:MOST_TOLD]] == [
        f"line {number + 2}" for number in range(MOST_TOLD)
    ]
    assert told[MOST_TOLD:] == [
        "launch.csv: 1,234 more lines are wrong (fix the first ones and try again)"
    ]
