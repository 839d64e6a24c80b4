"""Every figure of a launch, in the order in which it is printed."""

from __future__ import annotations

from simulator.outcomes.counts.places import Layout
from simulator.outcomes.figures import figures
from simulator.outcomes.figures.people import people_figures
from simulator.outcomes.figures.reading import Figure
from simulator.outcomes.figures.stations import line_figures, station_figures


def figures_of(layout: Layout) -> tuple[Figure, ...]:
    """Those of all together, of journeys and their steps; then of the line, stations and groups."""
    return (
        *figures.figures_of(layout),
        *line_figures(),
        *station_figures(layout),
        *people_figures(layout),
    )
