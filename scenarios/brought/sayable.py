"""What a launch file can say: no control characters, no null, no number without end."""

from __future__ import annotations

import math
import re
from typing import Any

from simulator.scenario.document.toml_reading import REFUSED

MOST_BITS = 64
SURROGATE = re.compile(r"[\ud800-\udfff]")
UNSAYABLE = re.compile(rf"[{REFUSED}\ud800-\udfff]")


def is_sayable(node: Any) -> bool:
    """Whether a launch file can say it: TOML has no null, and a launch no control character."""
    if isinstance(node, dict):
        return all(is_sayable(key) and is_sayable(inner) for key, inner in node.items())
    if isinstance(node, list):
        return all(map(is_sayable, node))
    if isinstance(node, str):
        return not UNSAYABLE.search(node)
    if isinstance(node, float):
        return math.isfinite(node)
    if isinstance(node, int):
        return node.bit_length() < MOST_BITS
    return node is not None


def clean(value: object) -> str:
    """A text that a launch file can say: lines end alike, and what controls is left out."""
    if not isinstance(value, str):
        return ""
    return UNSAYABLE.sub("", SURROGATE.sub("\ufffd", value.replace("\r\n", "\n")))
