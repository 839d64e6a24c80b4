"""Negative controls: what was hidden from the probe, and what the report called it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.validation.runs.controls import LEFT_ALONE
from tests.validation.runs.kept import Row


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Of each: how often it was noticed and named, of how many runs that came to their end."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["hidden"], []).append(row)
    yield (
        "A server is probed, then something is changed that no probe could see, and it is sent its launch. *Noticed*: the"
        " prediction is called wrong, or not comparable (of nothing: wrong, a false alarm); *named*: the report says what it was. The bar: named in 9 of 10, and of nothing at"
        " most 5 % false alarms.\n"
    )
    yield "| hidden | runs | failed | noticed | named | what was said of it, last |"
    yield "|---|--:|--:|--:|--:|---|"
    for hidden, each in found.items():
        judged = [row for row in each if row["noticed"] is not None]
        lost = sum(row["outcome"] == "failed" for row in each)
        noticed, named = (sum(bool(row[word]) for row in judged) for word in ("noticed", "named"))
        said = next((row["said"] for row in reversed(judged) if row["said"]), "–")
        cells = [hidden, str(len(each)), str(lost), f"{noticed} of {len(judged)}"]
        cells += ["–" if hidden == LEFT_ALONE else f"{named} of {len(judged)}", said]
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
