"""Evidence: what a replay shows that no fault of its generator can explain."""

from __future__ import annotations

import math

from simulator.instrument import Instrument
from simulator.outcomes import Fate, Result
from simulator.summary import Summary


def forgotten(summary: Summary, instrument: Instrument) -> int | None:
    """How many were started and have no fate at all; None where the replay was cut short."""
    if instrument.ended != "complete":
        return None
    return instrument.started - (instrument.recorded - int(summary.fates[Fate.UNSENT]))


def proven_errors(summary: Summary, instrument: Instrument, journey: int = 0) -> float:
    """The least share of errors on a journey that no fault of the generator can explain.

    NaN without visits.

    Who gave up did so after an answer of the server that turned him away, after a timeout, or
    after a broken exchange. The generator can fake the latter two, so as many as there were of
    these are taken off. A visit sent at the wrong instant may have cost another its place in the
    waiting room, so one more is taken off for each. Whoever is missing counts as let in and served, and all of this on
    the journey in question.
    """
    results, fates = summary.results, summary.fates
    fakeable = int(results[Result.TIMED_OUT] + results[Result.FAILED]) + instrument.tardy
    refused = max(int(summary.fates_of_journeys[journey, Fate.GAVE_UP]) - fakeable, 0)
    missing = max(instrument.planned - instrument.recorded, 0) + int(fates[Fate.UNSENT])
    whole = summary.let_in_of(journey) + missing
    return refused / whole if whole else math.nan
