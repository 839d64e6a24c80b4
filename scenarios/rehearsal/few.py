"""What a rehearsal cannot tell, whatever happens: a quantile of too few people."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.outcomes.counts.histogram import samples_needed
from simulator.scenario.words.document import Document
from simulator.text.wording import format_people

QUANTILES = {"p50_ns": 0.50, "p95_ns": 0.95, "p99_ns": 0.99}


def too_few_in_words(words: Document, people: float) -> Iterator[str]:
    """Each objective for which more people are needed than come, even if all of them are served."""
    for journey, asked in words.objectives.journeys.items():
        for field, quantile in QUANTILES.items():
            needed = samples_needed(quantile)
            if getattr(asked, field) is not None and people < needed:
                name = field.removesuffix("_ns")
                yield (
                    f"too few: {journey} {name} needs {needed:,} who are served, and {format_people(people)} come, so it"
                    " cannot be judged; make replay.for longer, raise replay.demand_factor, or ask for a"
                    " quantile that fewer can tell"
                )
