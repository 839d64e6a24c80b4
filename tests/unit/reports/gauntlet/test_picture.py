"""The picture's curves, against the counts that they are drawn from."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from reports.gauntlet.picture import Curve, board_of, cut
from reports.gauntlet.row import rows_of
from reports.planner.drawing.svg import LETTER_WIDTH_PX
from simulator.advice.gauntlet.gauntlet import Gauntlet


def test_a_curve_is_in_parts_of_the_busiest_moment_and_breaks_where_it_does(
    found: Gauntlet,
) -> None:
    trial = next(each for each in found.trials if each.name == "crowd")
    curve = Curve.of(trial)
    assert curve.came.max() == 1.0
    assert (curve.served <= 1.0).all()
    # Ten a second in the rush of nine minutes, one in twenty of it before: from 55 % of the time on.
    before, after = np.array_split(curve.came, [int(0.54 * len(curve.came))])
    assert before.mean() < 0.15 < 0.6 < after[len(after) // 4 :].mean()
    assert trial.breaks is not None
    assert curve.breaks == trial.breaks.began_ns / trial.plan.horizon_ns
    # Who came is counted whole: the area under the curve is their number.
    many = sum(each.arrivals for each in trial.prediction.launches)
    bins = trial.plan.horizon_ns // trial.plan.bin_ns
    counts = np.sum([each.bins.arrivals[:bins] for each in trial.prediction.launches], axis=0)
    assert counts.sum() == many
    assert curve.came.mean() * counts.max() * bins == pytest.approx(many, rel=0.35)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_no_word_leaves_the_drawing_and_none_can_make_an_element(
    found: Gauntlet, *, phone: bool
) -> None:
    long = "<script>alert(1)</script>" * 4
    rows = [replace(row, name=long, first=long, fix=long) for row in rows_of(found)]
    svg = board_of(found, rows, "0" * 64).drawn(long, phone=phone)
    assert "<script" not in svg
    root = ET.fromstring(svg)
    width = float(root.attrib["width"])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        x, wide = float(text.attrib["x"]), LETTER_WIDTH_PX * len(text.text or "")
        ends = (x - wide, x) if text.attrib["text-anchor"] == "end" else (x, x + wide)
        assert 0 <= ends[0] <= ends[1] <= width, text.text


def test_a_file_of_its_own_names_no_colour_of_the_page(found: Gauntlet) -> None:
    from reports.gauntlet.picture import picture_of

    svg = picture_of(found, rows_of(found), "ab" * 32, "a gauntlet").svg
    assert "var(--" not in svg
    assert "sealed abababababababab" in svg
    assert re.search(r'aria-label="a gauntlet"', svg)


def test_what_fits_is_not_cut() -> None:
    assert cut("a" * 10, 10 * LETTER_WIDTH_PX + 0.1) == "a" * 10
    assert len(cut("a" * 11, 10 * LETTER_WIDTH_PX + 0.1)) == 10
