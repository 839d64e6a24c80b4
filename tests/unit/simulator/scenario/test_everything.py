"""The launch with most of the words: it is right, cited, and completed by editors."""

import json
import tomllib

import jsonschema
import pytest

from simulator.plan.meaning.system import system_of
from simulator.scenario.scenario import parse
from simulator.scenario.schema import schema_text
from simulator.system.line import Policy, Slots
from simulator.system.stations import Autoscaler, StationKind
from tests.launches.files import EVERYTHING


def test_it_says_where_every_figure_comes_from() -> None:
    scenario = parse(EVERYTHING, "everything.toml", library=True)
    assert {key for figure in scenario.figures for key in figure.sources} == set(scenario.sources)
    assert parse(scenario.dump(), "run.toml").words == scenario.words


@pytest.mark.parametrize("variant", [None, "more-mail", "fewer-slots"])
def test_it_is_resolved(variant: str | None) -> None:
    system = system_of(parse(EVERYTHING, "everything.toml", variant=variant))
    assert isinstance(system.waitlist.release, Slots)
    assert system.waitlist.policy is Policy.PRIORITY
    web, _, mail, _ = system.stations
    assert isinstance(web.autoscaler, Autoscaler)
    assert mail.kind is StationKind.QUOTA
    assert (len(system.journeys), len(system.steps)) == (1, 5)


def test_it_fits_the_schema() -> None:
    document = json.dumps(tomllib.loads(EVERYTHING), default=lambda value: value.isoformat())
    jsonschema.validate(json.loads(document), json.loads(schema_text()))
