"""One cell: a number as a person or a spreadsheet writes it, exactly, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.units import FOREVER, NS_PER_S

DECIMALS = 9
MOST_COUNTED = 1 << 40
MOST_DIGITS = 12
"""More make more than a century, or are zeros that nobody needs."""
THOUSANDS = 3
"""Behind a comma, so many digits may be decimals or thousands."""
SECOND_REMEDY = "write seconds since the opening, as 12 or 12.5, or since 1970"


class WrongCell(ValueError):
    """Something in one line that cannot be: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


def cell(row: Sequence[str], column: int, name: str) -> str:
    if column >= len(row):
        raise WrongCell(
            f"has no {name}", "give every line as many values as the first line has columns"
        )
    return row[column].strip()


def nanoseconds(text: str) -> int:
    """Exactly what a text of seconds says.

    Raises :class:`WrongCell`.
    """
    seconds, point, decimals = text.partition(".")
    if not is_digits(seconds) or (point and not is_digits(decimals)):
        if text.startswith("-") and is_digits(text[1:].replace(".", "", 1)):
            remedy = "record it with an earlier --opening, or leave the line out"
            raise WrongCell("is before the opening", remedy)
        raise WrongCell("needs seconds and has none", SECOND_REMEDY)
    if len(decimals) > DECIMALS:
        raise WrongCell("is finer than a nanosecond", "round it")
    at_ns = int(seconds[:MOST_DIGITS]) * NS_PER_S + int(decimals.ljust(DECIMALS, "0"))
    if len(seconds) > MOST_DIGITS or at_ns >= FOREVER:
        raise WrongCell("is more than a century", SECOND_REMEDY)
    return at_ns


def whole(text: str) -> int:
    if not is_digits(text) or len(text) > MOST_DIGITS or int(text) > MOST_COUNTED:
        raise WrongCell("needs a count and has none", "write a whole number")
    return int(text)


def with_point(text: str, separator: str) -> str:
    """A number with a point, where a comma stands before its decimals.

    Raises :class:`WrongCell` where it may stand before thousands as well: files with semicolons come
    from where commas are decimal, others from anywhere.
    """
    whole_part, comma, decimals = text.partition(",")
    if not comma or not is_digits(whole_part) or not is_digits(decimals):
        return text
    if separator != ";" and len(decimals) == THOUSANDS:
        problem = "has a comma before three digits: decimals or thousands?"
        raise WrongCell(problem, "write it without a comma, as in 1234.5")
    return f"{whole_part}.{decimals}"


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
