import pytest

from simulator.text.money import Money, Price, parse_money, parse_price
from simulator.text.quantities import WrongQuantity
from tests.examples import examples


@examples("text, per_hour",
    ("an hour", "0.40 EUR/h", 0.4),
    ("no blanks", "0.40EUR/h", 0.4),
    ("blanks around the stroke", "0.40 EUR / h", 0.4),
    ("a day", "12 EUR/day", 0.5),
    # A twelfth of 365.25 days of 24 hours: 730.5 hours.
    ("a month", "7_305 EUR/month", 10.0),
    ("for free", "0 EUR/h", 0.0),
)  # fmt: skip
def test_a_price_is_what_an_hour_costs(text: str, per_hour: float) -> None:
    assert parse_price(text) == Price(per_hour=per_hour, currency="EUR")


@examples("value, problem",
    ("a sign", "0.40 €/h", '"0.40 €/h" is not a price'),
    ("before the amount", "EUR 0.40/h", '"EUR 0.40/h" is not a price'),
    ("small letters", "0.40 eur/h", '"0.40 eur/h" is not a price'),
    ("no time", "0.40 EUR", '"0.40 EUR" says no time for which it is paid'),
    ("a year", "0.40 EUR/year", '"0.40 EUR/year" has the unknown unit "/year"'),
    ("a number", 0.4, "0.4 has no currency"),
    ("a flag", True, "is not an amount of money"),
    ("digits", "9" * 5_000 + " EUR/h", f'"{"9" * 40}" has a number that cannot be read'),
    ("too much", "1_000_000_001 EUR/h", '"1_000_000_001 EUR/h" is more than a thousand million'),
)  # fmt: skip
def test_a_wrong_price_says_what_would_be_right(value: object, problem: str) -> None:
    with pytest.raises(WrongQuantity) as wrong:
        parse_price(value)
    assert wrong.value.problem == problem
    assert wrong.value.remedy


def test_money_is_an_amount_of_a_currency() -> None:
    assert parse_money(" 3.50 USD ") == Money(amount=3.5, currency="USD")
    for wrong in ("3", "3 EUR/h", "three EUR", None):
        with pytest.raises(WrongQuantity, match="amount of money"):
            parse_money(wrong)
