"""Every figure of a launch, in the order in which it is printed."""

from __future__ import annotations

from simulator import figures
from simulator.figures import Figure
from simulator.figures_of_people import people_figures
from simulator.figures_of_stations import line_figures, station_figures
from simulator.layout import Layout


def figures_of(layout: Layout) -> tuple[Figure, ...]:
    """Those of all together, of journeys and their steps; then of the line, stations and groups."""
    return (
        *figures.figures_of(layout),
        *line_figures(),
        *station_figures(layout),
        *people_figures(layout),
    )
