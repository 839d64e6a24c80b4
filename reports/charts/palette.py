"""Palette: the colours of page and charts, each once, by what they mean.

Charts name a colour as a CSS variable, so that one drawing serves a light page, a dark one and
paper; a picture that stands alone has the light colours filled in.
"""

from __future__ import annotations

from simulator.outcomes.rows import Fate

LIGHT = {
    "ink": "#1c2430",
    "muted": "#667085",
    "hair": "#e4e7ec",
    "paper": "#ffffff",
    "raised": "#f7f8fa",
    "predicted": "#3565a9",
    "band": "#c9d8ec",
    "observed": "#c2500f",
    "holds": "#1f7a4d",
    "fails": "#b3261e",
    "inconclusive": "#8a6100",
    "served": "#3f8f6b",
    "gave-up": "#b8453a",
    "reneged": "#dda450",
    "waiting": "#a9b6c6",
    "unfinished": "#7c6f9f",
    "unsent": "#3d434d",
    "balked": "#c7a77f",
    "line-full": "#8c4a6b",
    "no-show": "#6d9dc5",
}
DARK = LIGHT | {
    "ink": "#e8ebf0",
    "muted": "#9aa4b2",
    "hair": "#303744",
    "paper": "#14181f",
    "raised": "#1b212a",
    "predicted": "#7fb0ef",
    "band": "#27405f",
    "observed": "#ff9a5c",
    "holds": "#5fcf98",
    "fails": "#ff8a80",
    "inconclusive": "#e5b54a",
    "waiting": "#5d6b7d",
    "unsent": "#c3c9d2",
}

FATES = {
    Fate.SERVED: ("served", "served"),
    Fate.GAVE_UP: ("gave up", "gave-up"),
    Fate.BALKED: ("found it too long", "balked"),
    Fate.TURNED_AWAY: ("found the line full", "line-full"),
    Fate.RENEGED: ("left the line", "reneged"),
    Fate.NO_SHOW: ("did not come", "no-show"),
    Fate.WAITING: ("still in line", "waiting"),
    Fate.UNFINISHED: ("under way", "unfinished"),
    Fate.UNSENT: ("never sent", "unsent"),
}
"""What people call each fate, and its colour."""


def variable(name: str) -> str:
    """The colour as the page knows it."""
    if name not in LIGHT:
        raise KeyError(name)
    return f"var(--{name})"


def filled_in(text: str) -> str:
    """Text with the light colours in the place of their names."""
    for name, colour in LIGHT.items():
        text = text.replace(variable(name), colour)
    return text
