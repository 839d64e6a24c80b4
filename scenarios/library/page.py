"""The page of the library: ``python -m scenarios.library.page`` writes ``scenarios/README.md`` anew, and the schema.

Every figure on it is made from the launches' files; a test holds the page to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scenarios.library import shelf as library
from scenarios.library.markdown import anchor, escape, table
from scenarios.library.section import Shown
from simulator.engine.compiled.engine import Compiled
from simulator.engine.rules import Engine
from simulator.plan.peaks import short
from simulator.plan.resolve import arriving, resolve
from simulator.plan.synopsis import Synopsis
from simulator.scenario.schema import schema_text
from simulator.text.wording import format_count, format_duration, format_rate

PAGE = Path(__file__).parents[1] / "README.md"
SCHEMA_FILE = Path(__file__).with_name(library.SCHEMA)
HEAD = """\
<!-- Written by `python -m scenarios.library.page` from the files in library/. Change them, not this page. -->

# The library of launches

Launches that happened, and one that was only planned (x-super-app), as files that `surgeproof` predicts and rehearses.
Counts are points that a curve goes through, with the link to who published them; figures that nobody published are assumed or
derived, and the file says why. Find one like your own, and start from it:

```
surgeproof new my-launch.toml --like NAME --expect 50000
```
"""


def page(launches: Sequence[Shown]) -> str:
    """The overview, then a section for each launch."""
    rows = [row(shown.synopsis) for shown in launches]
    head = ("launch", "year", "people", "in", "at most", "let in", "what it teaches")
    overview = table(head, rows, right=(1, 2, 3, 4))
    sections = [shown.section() for shown in launches]
    return "\n\n".join([HEAD.rstrip(), overview, *sections]) + "\n"


def row(each: Synopsis) -> tuple[str, ...]:
    """A launch in the overview."""
    return (
        f"[{each.name}]({anchor(each.name)})",
        str(each.year),
        format_count(each.people),
        format_duration(each.horizon_ns),
        format_rate(each.second.per_s),
        short(each.of_chart),
        escape(each.let_in),
        escape(each.teaches),
    )


def shown(name: str, engine: Engine) -> Shown:
    """A launch of the library, its demand fitted."""
    scenario = library.load(name)
    people = arriving(resolve(scenario), engine)
    return Shown(scenario=scenario, plan=people.plan(seed=0), surges=people.by_surge)


def of_the_library() -> str:
    """The page as it is now."""
    engine = Compiled()
    return page([shown(name, engine) for name in library.names()])


if __name__ == "__main__":
    PAGE.write_text(of_the_library(), encoding="utf-8")
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
