"""What changed, in words: a key of a launch file, a figure, and what all of them come to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reports.sentences import words
from simulator.outcomes.figures.compared.change import Change
from simulator.outcomes.figures.compared.difference import Difference
from simulator.scenario.document.changed import MISSING
from simulator.text.wording import PER_S, digits

LONGEST = 32
"""What is longer than so many characters is told by its size."""
NAMED = 3
"""So many figures are named in a sentence."""

# Keys ---------------------------------------------------------------------------------------------


def value_text(value: Any, longest: int = LONGEST) -> str:
    """A value as a launch file says it, short enough for a line.

    >>> value_text("40 ms"), value_text(True), value_text(MISSING), value_text({"cv": 1, "law": "gamma"})
    ('"40 ms"', 'true', '–', '{ cv = 1, law = "gamma" }')
    >>> value_text("once upon a time in a country far away"), value_text(list(range(40)))
    ('"once upon a time in a country f..."', '40 entries')
    """
    if value is MISSING:
        return words.NOTHING
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= longest else f'"{value[: longest - 1]}..."'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        said = f"{{ {', '.join(f'{key} = {value_text(one)}' for key, one in value.items())} }}"
        return said if len(said) <= LONGEST else words.times(len(value), "key")
    if isinstance(value, list):
        said = f"[{', '.join(map(value_text, value))}]"
        if len(said) <= LONGEST:
            return said
        return f"{len(value):,} {'entry' if len(value) == 1 else 'entries'}"
    return str(value)


def changed_text(old: Any, new: Any, longest: int = LONGEST) -> str:
    """What a value was, and what it is now; where the two are cut to the same, that it is another one.

    >>> changed_text(4, 2), changed_text("a" * 40, "a" * 41, 9), changed_text([0] * 40, [1] * 40)
    ('4 -> 2', '"aaaaaaaa..." -> another', '40 entries -> others')
    """
    was, now = value_text(old, longest), value_text(new, longest)
    if was != now:
        return f"{was} -> {now}"
    return f"{was} -> {'others' if isinstance(new, dict | list) else 'another'}"


# Figures ------------------------------------------------------------------------------------------


def old_text(difference: Difference, unit: str, *, narrow: bool = True) -> str:
    """What a figure was; ``narrow``: for a column."""
    return _side(difference, difference.old, unit, open_=difference.old_open, narrow=narrow)


def new_text(difference: Difference, unit: str, *, narrow: bool = True) -> str:
    """What a figure is now."""
    return _side(difference, difference.new, unit, open_=difference.new_open, narrow=narrow)


def _side(difference: Difference, value: float, unit: str, *, open_: bool, narrow: bool) -> str:
    if difference.few:
        return "too few"
    return (words.narrow_bound if narrow else words.bound)(value, unit, open_=open_)


def sides_text(difference: Difference, unit: str) -> str:
    """What a figure was and is; by how much more or less where the two read alike.

    >>> made = Difference(old=0.54, new=0.5401, value=0.0001, low=5e-5, high=2e-4, p=0.01)
    >>> sides_text(made, "s"), sides_text(made, "share"), sides_text(made, "")
    ('540 ms, now +100 µs', '54 %, now +0.01 points', '0.54, now +0.0001')
    """
    old, new = (side(difference, unit, narrow=False) for side in (old_text, new_text))
    return f"{old} -> {new}" if old != new else f"{old}, now {signed(difference.value, unit)}"


def signed(value: float, unit: str) -> str:
    """By how much more or less, however little; of shares in points of a hundred.

    >>> signed(0.25, "s"), signed(-12.0, ""), signed(0.031, "share"), signed(0.0, "s")
    ('+250 ms', '-12', '+3.1 points', '0 s')
    >>> signed(0.0001, ""), signed(-2e-5, "share")
    ('+0.0001', '-0.002 points')
    """
    said = _amount(abs(value), unit)
    if said.startswith("<") and unit in ("", "share"):
        said = f"{digits(100 * abs(value), 2)} points" if unit else digits(abs(value), 2)
    return f"{'+' if value > 0 else '-' if value < 0 else ''}{said}"


def _amount(value: float, unit: str) -> str:
    said = words.figure(value, unit)
    return said.replace("%", "points") if unit == "share" else said


def _half(half: float, value: float, unit: str) -> str:
    """Half of an interval; of a rate in as long as its value is told in."""
    if unit != "1/s" or not value:
        return _amount(half, unit)
    name = words.rate(abs(value)).rpartition("/")[2]
    return f"{digits(half * dict(PER_S)[name], 2)}/{name}"


def difference_text(difference: Difference, unit: str) -> str:
    """By how much a figure changed, with its 95 % interval; where one of the two never ends, that.

    >>> made = Difference(old=1, new=2, value=1.0, low=0.5, high=1.5, p=0.01)
    >>> difference_text(made, "s")
    '+1 s ± 500 ms'
    """
    value, low, high = difference.value, difference.low, difference.high
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "now never" if value > 0 else "now ends"
    said = signed(value, unit)
    if low == value == high or math.isnan(low) or math.isnan(high):
        return said
    if math.isfinite(high - low) and math.isclose(high - value, value - low, rel_tol=1e-6):
        return f"{said} ± {_half(high - value, value, unit)}"
    return f"{said} ({interval_text(low, high, unit)})"


def interval_text(low: float, high: float, unit: str) -> str:
    """From one end to the other.

    >>> interval_text(-0.1, 0.2, "share"), interval_text(1.0, math.inf, "s")
    ('-10 to +20 points', '+1 s or more')
    """
    if math.isinf(low) and math.isinf(high):
        return "anything" if low < high else signed(low, unit)
    if math.isinf(high):
        return f"{signed(low, unit)} or more"
    if math.isinf(low):
        return f"{signed(high, unit)} or less"
    first = signed(low, unit)
    return f"{first.removesuffix(' points')} to {signed(high, unit)}"


# All of it ----------------------------------------------------------------------------------------

Told = tuple[str, str, Difference, Change]
"""A figure: its label, its unit, its difference, and what became of it."""


def conclusion(
    old: str, new: str, told: Mapping[str, Sequence[Told]], *, stopped: bool, unjudged: str
) -> str:
    """What became of one side, against another, in a sentence without a full stop.

    ``told`` are the figures by what they speak of, as "rehearsal observed". ``stopped``: the kill
    switch ended it. ``unjudged``: why there is something of which nothing can be said.
    """
    every = [each for figures in told.values() for each in figures]
    words_said = {each[3] for each in every}
    counts = f" ({_counted(every)})" if every else ""
    but = f"; {unjudged}" if unjudged else ""
    if stopped or Change.WORSE in words_said:
        ended = ["the kill switch stopped it"] if stopped else []
        worse = "; ".join([*ended, *_by_subject(told, Change.WORSE)])
        mixed = " in some and better in others; worse" if Change.BETTER in words_said else ""
        return f"{new} is worse than {old}{mixed}: {worse}{counts}{but}"
    if unjudged:
        return f"{new} cannot be held against {old}: {unjudged}"
    if Change.BETTER in words_said:
        better = "; ".join(_by_subject(told, Change.BETTER))
        return f"{new} is better than {old}, and nothing is worse: {better}{counts}"
    if words_said & {Change.MORE, Change.LESS, Change.NOISE}:
        return f"nothing in {new} is better or worse than in {old} beyond noise{counts}"
    return f"{new} and {old} are the same in all figures"


def _by_subject(told: Mapping[str, Sequence[Told]], change: Change) -> Iterator[str]:
    """The first subject's figures by their names, and those of the others by their number."""
    named = False
    for subject, figures in told.items():
        found = [each for each in figures if each[3] is change]
        if found:
            what = words.times(len(found), "figure") if named else _named(found)
            yield f"{subject}: {what}" if len(told) > 1 else what
            named = True


def _named(told: Sequence[Told]) -> str:
    named = [f"{label} {sides_text(one, unit)}" for label, unit, one, _ in told[:NAMED]]
    more = len(told) - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _counted(told: Sequence[Told]) -> str:
    """How many of each.

    >>> nothing = Difference(old=1, new=1, value=0.0, low=0.0, high=0.0, p=1.0)
    >>> _counted([("served", "", nothing, Change.SAME), ("errors", "share", nothing, Change.SAME)])
    '2 same'
    """
    found = [each[3] for each in told]
    return ", ".join(f"{found.count(word)} {word}" for word in Change if word in found)
