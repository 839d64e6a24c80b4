"""The picture of a run that a README or a slide shows."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.charts.picture import save_picture
from reports.run.report.report import Report
from simulator.errors import UsageError


def test_a_picture_is_a_png_or_a_drawing(report: Report, tmp_path: Path) -> None:
    save_picture(report, tmp_path / "line.png")
    save_picture(report, tmp_path / "line.svg")
    assert (tmp_path / "line.png").read_bytes().startswith(b"\x89PNG")
    drawing = (tmp_path / "line.svg").read_text()
    assert drawing.startswith("<svg")
    assert "predicted" in drawing
    assert "observed" in drawing


def test_another_ending_is_refused(report: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"name a picture with the ending \.png or \.svg"):
        save_picture(report, tmp_path / "line.jpeg")


def test_a_folder_that_is_not_there(report: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        save_picture(report, tmp_path / "none" / "line.png")


def test_nothing_to_draw(report: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no rehearsal was predicted or observed"):
        save_picture(replace(report, variants=()), tmp_path / "line.png")
