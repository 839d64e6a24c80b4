"""What somebody asks to vary: ``station.signup.servers=1..64``, or ``=8,16,32``, or the key alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulator.advice.change.turn import Turn
from simulator.advice.size.knobs import Knob
from simulator.advice.size.vary.handles import MOST, Handle, Unit, handles_of
from simulator.errors import UsageError
from simulator.scenario.document.paths import closest
from simulator.system.system import System
from simulator.text.quantities import WrongQuantity, parse_positive_duration, parse_rate

OPTION = "--vary"
WHOLE = re.compile(r"-?[0-9][0-9_]*")
EXAMPLES = {
    Unit.COUNT: "1..64, or 8,16,32",
    Unit.RATE: "10/s..200/s, or 10/s,20/s",
    Unit.DURATION: '"1 s..30 s"',
}


def knobs_asked(texts: Sequence[str], system: System) -> tuple[Knob, ...]:
    """A knob for each text, in the order of the system: where a release follows stations it comes last.

    The range of a key alone is chosen as usual.

    Raises UsageError.
    """
    handles = {handle.key: handle for handle in handles_of(system)}
    found: dict[str, Knob] = {}
    for text in texts:
        key, equals, values = (part.strip() for part in text.partition("="))
        handle = _handle(key, handles, system)
        if key in found:
            raise UsageError(f"{OPTION} {key}: is given twice; give it one range")
        if equals:
            found[key] = _knob(handle, values)
        else:
            found[key] = usual_knob(handle)
        _require_effect(handle, found[key])
    return tuple(found[key] for key in handles if key in found)


def knobs_usual(system: System) -> tuple[Knob, ...]:
    """Every station, the release and the waiting rooms: what is varied where nobody says what."""
    return tuple(usual_knob(handle) for handle in handles_of(system) if handle.usual)


STRETCH = 8.0
"""A range that nobody gave reaches from the file's own value divided by this to that times it; the
search widens it."""


def usual_knob(handle: Handle) -> Knob:
    """A handle with a range around its value."""
    now, whole = handle.tweak.now, handle.tweak.whole
    low, high = now / STRETCH, max(now, 1.0 if whole else now) * STRETCH
    if handle.unit is Unit.COUNT:
        low, high = max(handle.least, float(int(low))), min(float(MOST), float(round(high)))
    if handle.tweak.turn is not Turn.WAITING_ROOM and whole:
        low = handle.least
    return Knob(key=handle.key, tweak=handle.tweak, low=low, high=high, asked=False)


def _handle(key: str, handles: dict[str, Handle], system: System) -> Handle:
    if key in handles:
        return handles[key]
    if key.startswith("waitlist") and not any(each.startswith("waitlist") for each in handles):
        problem = "there is no line"
        raise UsageError(f"{OPTION} {key}: {problem} (add one: --set waitlist.policy=fifo)")
    if key == "waitlist.release.rate" and system.waitlist.follows is not None:
        raise UsageError(
            f"{OPTION} {key}: the line is let in at share_of_capacity ="
            f" {system.waitlist.follows.share:g} of what the stations serve (vary the stations, or"
            " set a rate: --set waitlist.release.rate=40/s)"
        )
    if not key:
        raise UsageError(f"{OPTION}: names nothing (write station.NAME.servers=1..64)")
    raise UsageError(f"{OPTION} {key}: cannot be varied ({closest(key, handles)})")


def _knob(handle: Handle, text: str) -> Knob:
    low_text, dots, high_text = text.strip('"').partition("..")
    if not dots:
        values = sorted({_value(handle, part) for part in text.strip('"').split(",")})
        return Knob(
            key=handle.key,
            tweak=handle.tweak,
            low=values[0],
            high=values[-1],
            choices=tuple(values),
        )
    low, high = _value(handle, low_text), _value(handle, high_text)
    if low > high:
        raise UsageError(
            f"{OPTION} {handle.key}={text}: the range is empty, since {low_text.strip()} is more than"
            f" {high_text.strip()} (write {high_text.strip()}..{low_text.strip()})"
        )
    return Knob(key=handle.key, tweak=handle.tweak, low=low, high=high)


def _value(handle: Handle, text: str) -> float:
    text = text.strip().strip('"')
    where = f"{OPTION} {handle.key}"
    example = f"write {handle.key}={EXAMPLES[handle.unit]}"
    if not text:
        raise UsageError(f"{where}: a value is missing ({example})")
    try:
        if handle.unit is Unit.RATE:
            return parse_rate(text)
        if handle.unit is Unit.DURATION:
            return float(parse_positive_duration(text))
    except WrongQuantity as wrong:
        raise UsageError(f"{where}: {wrong.problem} ({example})") from None
    if not WHOLE.fullmatch(text):
        raise UsageError(f'{where}: "{text[:40]}" is not a whole number ({example})')
    value = float(int(text[:40]))
    if not handle.least <= value <= MOST:
        raise UsageError(
            f"{where}: {text[:40]} is impossible: at least {handle.least:g}, at most {MOST:,}"
        )
    return value


def _require_effect(handle: Handle, knob: Knob) -> None:
    """Raises UsageError where there is but one value, and it is what the file says already."""
    if knob.low == knob.high == knob.now:
        raise UsageError(
            f"{OPTION} {handle.key}: has only the value that the file gives it (give it a range:"
            f" {handle.key}={EXAMPLES[handle.unit]})"
        )
