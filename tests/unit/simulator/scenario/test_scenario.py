from collections.abc import Mapping

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.document.provenance import Basis
from simulator.scenario.scenario import parse, read_stations
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import SMALL, changed, stations_in


def said(text: str, **words: object) -> list[str]:
    """Key and problem of every mistake, as one line each."""
    with pytest.raises(ScenarioError) as error:
        parse(text, "my.toml", **words)  # type: ignore[arg-type]
    return [f"{m.key}: {m.problem}" for m in error.value.mistakes]


def test_a_file_becomes_numbers() -> None:
    words = parse(SMALL, "my.toml").words
    people, surge, station = words.people[0], words.surge[0], words.station[0]
    assert words.launch.horizon_ns == 600 * NS_PER_S
    assert words.launch.opening.isoformat() == "2026-03-01T12:00:00+01:00"
    assert people.client_timeout_ns == 5 * NS_PER_S
    assert (people.retries.attempts, people.retries.jitter) == (3, "full")
    assert (people.patience.law, people.patience.mean_ns) == ("exponential", 1_800 * NS_PER_S)
    assert surge.shape == "milestones"
    assert [(p.at_ns, p.count) for p in surge.points] == [(300 * 10**9, 60), (600 * 10**9, 100)]
    assert station.round_trip_ns == 0
    assert words.objectives.journeys["signup"].p95_ns == 20 * NS_PER_S


@examples("old, new, mistake",
    ("unknown key", "client_timeout", "client_timeot", "people.early.client_timeot: unknown key"),
    ("wrong unit", 'cap = "10 s"', 'cap = "10/s"', 'people.early.retries.cap: "10/s" is a rate, but a duration is needed'),
    ("patience without unit", 'patience = "30 min"', "patience = 30", "people.early.patience: is 30"),
    ("law without cv", 'patience = "30 min"', 'patience = { law = "lognormal", mean = "1 h" }',
     'people.early.patience: the law "lognormal" lacks its cv'),
    ("falling", '["10 min", 100]', '["10 min", 50]', "surge.milestones.points: the count falls from 60 to 50 at point 2"),
    ("back in time", '["10 min", 100]', '["4 min", 100]', "surge.milestones.points: point 2, at 4 min, does not come after 5 min"),
    ("half a milestone", '["10 min", 100]', '["10 min"]', "surge.milestones.points[2]: is not a pair"),
    ("unknown people", 'people = "early"', 'people = "earyl"', 'surge.milestones.people: there is no group of people "earyl"'),
    ("unknown station", 'at = "desk"', 'at = "disk"', 'journey.signup.step.create.at: there is no station "disk"'),
    ("share above one", "errors = 0.01", "errors = 1.5", "objectives.signup.errors: is 1.5"),
    ("share below zero", "share_of_capacity = 0.75", "share_of_capacity = -0.1", "waitlist.release.share_of_capacity: is -0.1"),
    ("two releases", "share_of_capacity = 0.75", 'share_of_capacity = 0.75, rate = "3/s"',
     "waitlist.release: has rate and share_of_capacity"),
    ("no release", "release = { share_of_capacity = 0.75 }", "",
     "waitlist.release: is missing, so nobody in the line would ever be let in"),
    ("unknown journey", "[objectives.line]", "[objectives.lien]", 'objectives.lien: there is no journey "lien"'),
    ("unknown source", "servers = 2", 'source = "nobody"\nservers = 2', 'station.desk.source: there is no source "nobody"'),
    ("unknown field", "servers = 2", 'assumed = ["workers"]\nservers = 2', 'station.desk.assumed: there is no "workers" in this table'),
    ("shares", 'patience = "30 min"', "journeys = { signup = 0.5 }", "people.early.journeys: the shares add up to 0.5"),
    ("no change", "[objectives.signup]", '[[change]]\nat = "1 s"\nset = "fewer"\n[objectives.signup]',
     'change[1].set: "fewer" is not a change'),
    ("unknown lever", "[objectives.signup]",
     '[[change]]\nat = "1 s"\nset = { "station.dsk.servers" = 1 }\n[objectives.signup]',
     'change[1].set: "station.dsk.servers" cannot be changed while the launch runs'),
    ("fraction", "servers = 2", "servers = 2.5", "station.desk.servers: is 2.5"),
    ("newer format", "format = 1", "format = 2", "format: is 2"),
    ("single brackets", "[[people]]", "[people]", "people: is one table"),
    ("unknown shape", 'shape = "milestones"', 'shape = "milestone"', 'surge.milestone: unknown shape "milestone"'),
    ("no offset", "12:00:00+01:00", "12:00:00", "launch.opening: is 2026-03-01 12:00:00, without its offset"),
    ("wrong offset", "12:00:00+01:00", "12:00:00-05:00", "launch.opening: its offset is not that of Europe/Paris on that day"),
    ("no year of ours", "opening = 2026-", "opening = 0001-", "launch.opening: is in the year 1"),
    ("unknown zone", "Europe/Paris", "Europe/Pairs", 'launch.time_zone: there is no time zone "Europe/Pairs"'),
    ("window too long", 'for = "2 min"', 'for = "20 min"', "replay.for: the rehearsal ends after the launch's horizon"),
    ("factor without reason", 'drain = "10 s"', 'drain = "10 s"\ndemand_factor = 5', "replay: a demand_factor of 5 needs its reason"),
    ("in a variant", 'waitlist.policy = "open"', 'waitlist.polcy = "open"', "variant.no-line.waitlist.polcy: unknown key"),
)  # fmt: skip
def test_a_mistake_is_told_with_its_key(old: str, new: str, mistake: str) -> None:
    assert mistake in said(changed((old, new)))


def test_all_mistakes_are_told_at_once_and_none_twice() -> None:
    text = changed(
        ("servers = 2", "servers = -1"),
        ('at = "desk"', 'at = "disk"'),
        ("errors = 0.01", "erors = 1"),
    )
    assert said(text) == [
        "station.desk.servers: is -1",
        "objectives.signup.erors: unknown key",
        'journey.signup.step.create.at: there is no station "disk"',
    ]


def test_the_closest_word_is_the_remedy() -> None:
    with pytest.raises(ScenarioError) as error:
        parse(changed(("poll_every", "pol_every")), "my.toml")
    assert str(error.value) == (
        'my.toml: waitlist.pol_every: unknown key (did you mean "poll_every"?)'
    )


def test_what_is_not_toml_is_told_with_line_and_column() -> None:
    assert said("format = 1\nx = 40 ms\n") == [
        "line 2, column 8: not TOML: Expected newline or end of document after a statement"
    ]


@examples("text, problem",
    ("lists", "a = " + "[" * 5_000 + "]" * 5_000, "it is nested too deeply"),
    ("keys", ".".join("a" * 5_000) + " = 1", "it is nested too deeply"),
    ("digits", "a = " + "9" * 5_000, "a number has thousands of digits"),
    ("hex", "a = 0x" + "f" * 5_000, "a whole number does not fit in 64 bits"),
    ("for a terminal", r'a = "\u001b[2J"', r"a string has the control character '\x1b'"),
    ("in a key", r'"\u009b" = 1', r"a string has the control character '\x9b'"),
    ("that turns the writing", r'a = "\u202emr"', r"a string has the control character '\u202e'"),
)  # fmt: skip
def test_what_would_break_or_fool_a_reader_is_not_read(text: str, problem: str) -> None:
    assert said(text) == [f": cannot be used: {problem}"]


def test_a_setting_that_nests_too_deep_is_told() -> None:
    with pytest.raises(ScenarioError, match=r"--set: .*: is not a key"):
        parse(SMALL, "my.toml", settings=[".".join("a" * 5_000) + "=1"])


def test_sources_that_are_no_table_are_told_beside_a_system() -> None:
    station = stations_in(SMALL)
    text = changed((station, ""), ("format = 1", 'format = 1\nsystem = "s.toml"\nsources = 3'))
    with pytest.raises(ScenarioError, match="sources: is 3"):
        parse(text, "my.toml", read=lambda _: station)


def test_an_unknown_variant_lists_the_known() -> None:
    with pytest.raises(ScenarioError, match=r'no variant "noline" \(did you mean "no-line"\?\)'):
        parse(SMALL, "my.toml", variant="noline")


def test_a_wrong_setting_is_told_as_such() -> None:
    with pytest.raises(ScenarioError) as error:
        parse(SMALL, "my.toml", settings=["station.dsk.servers=3", "waitlist.polcy=open", "x"])
    assert [str(m).split(" (")[0] for m in error.value.mistakes] == [
        '--set: station.dsk: there is no station "dsk"',
        "--set: x: has no =",
        "--set: waitlist.polcy: unknown key",
    ]


def test_in_the_library_a_figure_without_a_claim_is_a_mistake() -> None:
    mistakes = said(SMALL, library=True)
    assert "station.desk.service.mean: nothing says where 4 s comes from" in mistakes
    assert "people.early.retries.attempts: nothing says where 3 comes from" in mistakes


def test_a_users_figure_without_a_claim_counts_as_assumed() -> None:
    scenario = parse(SMALL, "my.toml")
    assert scenario.assumed == scenario.figures
    assert {"launch.horizon", "surge.milestones.points[1]", "replay.for"} <= {
        figure.key for figure in scenario.figures
    }


CLAIMED = changed(
    ("servers = 2", 'measured = "run-7"\nassumed = ["service.cv"]\nservers = 2'),
    ('counts = "arrivals"', 'counts = "arrivals"\nsource = ["paper", "blog"]'),
) + '\n[sources.paper]\ntitle = "A paper"\n[sources.blog]\ntitle = "A blog"\n'  # fmt: skip


def bases(text: str, settings: tuple[str, ...] = ()) -> Mapping[str, tuple[Basis, tuple[str, ...]]]:
    scenario = parse(text, "my.toml", settings=settings)
    return {figure.key: (figure.basis, figure.sources) for figure in scenario.figures}


def test_each_figure_says_what_it_stands_on() -> None:
    found = bases(CLAIMED)
    assert found["station.desk.servers"] == (Basis.MEASURED, ("run-7",))
    assert found["station.desk.service.mean"] == (Basis.MEASURED, ("run-7",))
    assert found["station.desk.service.cv"] == (Basis.ASSUMED, ())
    assert found["surge.milestones.points[1]"] == (Basis.SOURCED, ("paper", "blog"))


def test_a_figure_that_was_set_is_no_longer_measured() -> None:
    found = bases(CLAIMED, ("station.desk.servers=3",))
    assert found["station.desk.servers"] == (Basis.ASSUMED, ())
    assert found["station.desk.waiting_room"] == (Basis.MEASURED, ("run-7",))


STATION = stations_in(SMALL)
WITHOUT_STATION = 'system = "staging.toml"\n' + SMALL.replace(STATION, "")


def test_the_stations_may_stand_in_a_file_of_their_own() -> None:
    scenario = parse(WITHOUT_STATION, "my.toml", read={"staging.toml": STATION}.__getitem__)
    assert scenario.words.station == parse(SMALL, "my.toml").words.station
    assert read_stations(STATION, "staging.toml") == scenario.words.station
    assert parse(scenario.dump(), "run.toml").words == scenario.words


def test_a_variant_may_meet_another_system() -> None:
    text = WITHOUT_STATION + '[variant.prod]\nsystem = "prod.toml"\n'
    files = {"staging.toml": STATION, "prod.toml": STATION.replace("servers = 2", "servers = 9")}
    scenario = parse(text, "my.toml", variant="prod", read=files.__getitem__)
    assert (scenario.words.system, scenario.words.station[0].servers) == ("prod.toml", 9)
    assert scenario.base.words.station[0].servers == 2
    again = parse(scenario.dump(), "run.toml")
    assert (again.words.system, again.words.station) == ("prod.toml", scenario.words.station)
    assert again.dump() == scenario.dump()


def test_mistakes_in_the_stations_file_name_that_file() -> None:
    wrong = STATION.replace("servers", "serves")
    with pytest.raises(ScenarioError) as error:
        parse(WITHOUT_STATION, "my.toml", read=lambda name: wrong)
    assert {mistake.file for mistake in error.value.mistakes} == {"staging.toml"}


def test_a_stations_file_that_is_missing_is_a_mistake() -> None:
    def read(name: str) -> str:
        raise FileNotFoundError(2, "No such file or directory", name)

    assert said(WITHOUT_STATION, read=read) == [
        'system: "staging.toml" cannot be read: No such file or directory'
    ]


def test_a_dump_is_read_again_as_the_same_launch() -> None:
    settings = ('people.early.client_timeout="7 s"', "waitlist.release.rate=2/s")
    scenario = parse(SMALL, "my.toml", variant="no-line", settings=settings)
    again = parse(scenario.dump(), "run.toml")
    assert again.words == scenario.words
    assert (again.variant, again.settings) == ("no-line", settings)
    assert again.base.words == scenario.base.words == parse(SMALL, "my.toml").words
    assert again.dump() == scenario.dump()
