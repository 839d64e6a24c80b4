"""One picture of a run: the line over time, predicted and observed on the same axes."""

from __future__ import annotations

from pathlib import Path

from reports.charts.drawing import save_png, save_svg
from reports.charts.over_time import line_in, over_time
from reports.run.report.report import Report
from simulator.errors import UsageError
from simulator.host.files import unwritten

SAVERS = {".png": save_png, ".svg": save_svg}
WIDTH, HEIGHT = 760, 280


def save_picture(report: Report, path: Path) -> None:
    """Draw the first variant's rehearsal.

    Raises UsageError where there is none, or the file is neither .png nor .svg,
    or cannot be written; NotKept where the disk is full.
    """
    save = SAVERS.get(path.suffix)
    if save is None:
        raise UsageError(f"{path}: name a picture with the ending {' or '.join(SAVERS)}")
    variant = report.variants[0] if report.variants else None
    prediction = variant.rehearsal.prediction if variant and variant.rehearsal else None
    if variant is None or (prediction is None and variant.observed is None):
        raise UsageError(f"{report.folder.path}: no rehearsal was predicted or observed")
    chart = over_time(
        line_in(prediction, variant.observed),
        title=f"{report.facts.scenario}, {variant.label}: people in the line",
        width=WIDTH,
        height=HEIGHT,
    )
    try:
        save(chart, path)
    except OSError as error:
        raise unwritten(path, error) from error
