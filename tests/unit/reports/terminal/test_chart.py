from reports.terminal.chart import Canvas, chart


def test_a_straight_line_climbs_from_the_lower_left_to_the_upper_right() -> None:
    curve = [(x / 10, x / 10) for x in range(11)]
    drawn = chart(curve, x_label=str, y_label=str, columns=12, rows=3)
    assert drawn.splitlines() == DRAWN


def test_a_step_is_drawn_as_a_line_and_a_gap_is_none() -> None:
    """A crowd at the door rises within a column: what stands between its ends is drawn as well."""
    canvas = Canvas(columns=3, rows=3, x_max=5.0, y_max=11.0)
    assert canvas.draw([(2.0, 0.0), (3.0, 11.0)], []) == ["⠀⢸⠀", "⠀⡜⠀", "⠀⡇⠀"]
    assert canvas.draw([(0.0, 0.0), (9.0, 11.0), (5.0, 0.0)], []) == ["⠀⠀⠀", "⠀⠀⠀", "⡀⠀⢀"]


def test_marks_stand_where_they_belong_and_outside_ones_are_left_out() -> None:
    canvas = Canvas(columns=4, rows=2, x_max=1.0, y_max=1.0)
    drawn = canvas.draw([], [((0.0, 0.0), "●"), ((1.0, 1.0), "○"), ((2.0, 0.5), "●")])
    assert drawn == ["⠀⠀⠀○", "●⠀⠀⠀"]


def test_boxes_are_shaded_where_nothing_else_is() -> None:
    canvas = Canvas(columns=4, rows=2, x_max=1.0, y_max=1.0)
    drawn = canvas.draw([(0.0, 0.0)], [((1.0, 1.0), "●")], [((0.0, 0.0), (1.0, 0.5))])
    assert drawn == ["⠀⠀⠀●", "⡀░░░"]


DRAWN = [
    "1.0 ┤⠀⠀⠀⠀⠀⠀⠀⠀⣀⠤⠒⠊",
    "0.5 ┤⠀⠀⠀⠀⢀⠤⠒⠉⠀⠀⠀⠀",
    "0.0 ┤⣀⠤⠒⠊⠁⠀⠀⠀⠀⠀⠀⠀",
    "    └────────────",
    "     0.0   0.51.0",
]
