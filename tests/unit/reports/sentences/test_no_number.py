"""What is no number is said in words: a rate of nothing is not "nan/s", and what never ends takes no "inf %"."""

import math
import re
from collections.abc import Callable

import pytest

from reports.planner.language import language
from reports.run.past.came import amount
from reports.sentences import words
from reports.sentences.differences import difference_text, interval_text, signed
from simulator.outcomes.figures.compared.difference import Difference
from simulator.text import wording
from simulator.verdict.truth.parts import Contribution, Part

Write = Callable[[float], str]
UNITS = ("", "s", "share", "1/s")
NO_NUMBER = re.compile(r"\b(nan|inf)", re.IGNORECASE)


def of_units(name: str, write: Callable[[float, str], str]) -> dict[str, Write]:
    def of(unit: str) -> Write:
        return lambda value: write(value, unit)

    return {f"{name} {unit}": of(unit) for unit in UNITS}


def part(value: float, unit: str) -> str:
    return amount(Contribution(part=Part.QUEUE, value=value, low=value, high=value), unit)


def differing(value: float, unit: str) -> str:
    return difference_text(
        Difference(old=1.0, new=value, value=value, low=value, high=value, p=1.0), unit
    )


def within(end: float, unit: str) -> str:
    """A difference that is known, of which nobody knows how well."""
    found = Difference(old=1.0, new=2.0, value=1.0, low=-end, high=end, p=1.0)
    return difference_text(found, unit)


WRITERS: dict[str, Write] = {
    **{
        write.__name__: write
        for write in (
            wording.format_duration, wording.format_rate, wording.format_count, wording.format_people,
            wording.format_share, wording.format_factor, words.change, words.percent, words.count,
            words.rate, words.duration, language("en").factor,
        )
    },
    **of_units("figure", words.figure),
    **of_units("signed", signed),
    **of_units("a part of an error", part),
    **of_units("a difference", differing),
    **of_units("its interval", within),
    **of_units("in French", language("fr").figure),
    **of_units("between", lambda value, unit: words.between(value, value, unit)),
    **of_units("from", lambda value, unit: interval_text(0.0, value, unit)),
}  # fmt: skip


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", WRITERS)
def test_what_is_no_number_is_said_in_words(name: str, value: float) -> None:
    assert not NO_NUMBER.search(WRITERS[name](value))


def test_a_part_that_nobody_knows_is_a_dash_and_a_known_one_has_its_rate() -> None:
    assert (part(math.nan, "1/s"), part(0.9, "1/s")) == ("–", "+0.9/s")


def test_of_a_rate_whose_interval_has_no_end_only_the_change_is_told() -> None:
    assert within(math.nan, "1/s") == "+1/s"
    assert within(math.inf, "1/s") == "+1/s (anything)"
