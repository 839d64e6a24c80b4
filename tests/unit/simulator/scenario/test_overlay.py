import pytest

from simulator.scenario.document.overlay import WrongOverlay, laid_over, parsed, with_settings
from simulator.scenario.scenario import parse
from tests.examples import examples
from tests.launches.files import SMALL, changed


@examples("setting, overlay",
    ("a number", "a.b=3", {"a": {"b": 3}}),
    ("a share", "a.b=0.5", {"a": {"b": 0.5}}),
    ("true", "a.b=true", {"a": {"b": True}}),
    ("a text in quotes", 'a.b="5 s"', {"a": {"b": "5 s"}}),
    ("a text without quotes", "a.b=5 s", {"a": {"b": "5 s"}}),
    ("a rate", "a.b=40/s", {"a": {"b": "40/s"}}),
    ("a table", "a = { b = 1 }", {"a": {"b": 1}}),
    ("a quoted key", 'a."b.c"=x=y', {"a": {"b.c": "x=y"}}),
    ("a smuggled key", "a.b=1\nc = 2", {"a": {"b": "1\nc = 2"}}),
)  # fmt: skip
def test_a_setting_is_a_small_overlay(setting: str, overlay: object) -> None:
    assert parsed(setting) == overlay


@pytest.mark.parametrize(
    "setting", ["a", "=3", "a b=3", "a.=3", "format=2", "variant.x=3", "a=1]=2"]
)
def test_what_is_no_setting_is_refused(setting: str) -> None:
    if setting == "a=1]=2":
        assert parsed(setting) == {"a": "1]=2"}
        return
    with pytest.raises(WrongOverlay):
        parsed(setting)


def test_tables_merge_and_the_base_stays_as_it_was() -> None:
    base = {"a": {"b": 1, "c": 2}, "d": 3}
    assert laid_over(base, {"a": {"b": 7}, "e": 5}) == {"a": {"b": 7, "c": 2}, "d": 3, "e": 5}
    assert base == {"a": {"b": 1, "c": 2}, "d": 3}


def test_an_entry_of_an_array_goes_by_its_name() -> None:
    base = {"station": [{"name": "a", "servers": 1}, {"name": "b", "servers": 2}]}
    assert laid_over(base, {"station": {"b": {"servers": 9}}}) == {
        "station": [{"name": "a", "servers": 1}, {"name": "b", "servers": 9}]
    }
    assert laid_over(base, {"station": [{"name": "c"}]}) == {"station": [{"name": "c"}]}


def test_a_number_of_instances_is_so_many_of_what_is_bought() -> None:
    bought = {"name": "web", "instances": {"count": 2, "price": "1 EUR/h"}}
    base = {"station": [bought, {"name": "mail", "instances": 2}]}
    merged, wrong = with_settings(
        base, ["station.web.instances=5", "station.mail.instances={ count = 3 }"]
    )
    assert (merged, wrong) == (
        {
            "station": [
                {"name": "web", "instances": {"count": 5, "price": "1 EUR/h"}},
                {"name": "mail", "instances": {"count": 3}},
            ]
        },
        [],
    )


def test_a_rate_takes_the_place_of_the_share_and_back() -> None:
    rate = parse(SMALL, "f", settings=["waitlist.release.rate=40/s"]).words.waitlist.release
    assert rate is not None
    assert (rate.rate_per_s, rate.share_of_capacity) == (40.0, None)


def test_another_law_has_no_need_of_the_old_ones_cv() -> None:
    service = (
        parse(SMALL, "f", settings=["station.desk.service.law=fixed"]).words.station[0].service
    )
    assert (service.law, service.mean_ns, service.cv) == ("fixed", 4_000_000_000, None)


@examples("settings, kept",
    ("weibull", ['law="weibull"', "shape=0.7"], {"law", "mean", "shape"}),
    ("never", ['law="never"'], {"law"}),
    ("empirical", ['law="empirical"', 'quantiles=[[0, "1 s"], [1, "2 s"]]'], {"law", "quantiles"}),
    ("the same law", ["cv=2.0"], {"law", "mean", "cv"}),
)  # fmt: skip
def test_another_law_keeps_what_it_needs(settings: list[str], kept: set[str]) -> None:
    patience = {"law": "lognormal", "mean": "30 min", "cv": 0.5}
    for setting in settings:
        patience = laid_over({"patience": patience}, parsed(f"patience.{setting}"))["patience"]
    assert set(patience) == kept


def test_slots_take_the_place_of_a_rate_and_its_burst() -> None:
    text = changed(("share_of_capacity = 0.75", "share_of_capacity = 0.75, burst = 5"))
    slots = 'waitlist.release.slots={ total = 9, session = "1 min" }'
    release = parse(text, "f", settings=[slots]).words.waitlist.release
    assert release is not None
    assert (release.share_of_capacity, release.burst) == (None, 1)
    more = parse(text, "f", settings=[slots, "waitlist.release.slots.total=12"])
    assert more.words.waitlist.release is not None
    assert more.words.waitlist.release.slots is not None
    assert more.words.waitlist.release.slots.total == 12


def test_settings_lie_over_the_variant_and_the_later_one_wins() -> None:
    settings = ["waitlist.policy=fifo", "station.desk.servers=4", "station.desk.servers=5"]
    words = parse(SMALL, "f", variant="no-line", settings=settings).words
    assert (words.waitlist.policy, words.station[0].servers) == ("fifo", 5)
