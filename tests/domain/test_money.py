"""Money: what can be one, and how it is written."""

from decimal import Decimal

import pytest

from bot.domain.money import (
    Money,
    format_amount,
    format_coin_amount,
    format_money,
    plain_amount,
)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0", "EUR"),
        ("-1", "EUR"),
        ("NaN", "EUR"),
        ("sNaN", "EUR"),
        ("Infinity", "EUR"),
        ("0.005", "EUR"),
        ("0.5", "JPY"),
        ("1e15", "EUR"),
        ("1e999999999", "EUR"),  # is not written out to be counted
        ("12345678901234.56", "EUR"),
        ("5", "CHF"),
        ("5", "eur"),
    ],
)
def test_what_cannot_be_invoiced_is_no_money(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.01", "EUR"), ("50.000", "EUR"), ("1e3", "JPY"), ("999999999999999", "VND")],
)
def test_what_can(amount: str, currency: str) -> None:
    assert Money(Decimal(amount), currency).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        ("50", "EUR", "en", "50.00\u00a0EUR"),
        ("50", "EUR", "ru", "50,00\u00a0EUR"),
        ("1000.5", "USD", "en", "1,000.50\u00a0USD"),
        ("1000.5", "USD", "ru", "1\u00a0000,50\u00a0USD"),
        ("1000", "JPY", "en", "1,000\u00a0JPY"),
        ("1E+6", "VND", "ru", "1\u00a0000\u00a0000\u00a0VND"),
        ("9999999999999.99", "EUR", "en", "9,999,999,999,999.99\u00a0EUR"),
    ],
)
def test_shown_with_its_code(amount: str, currency: str, locale: str, shown: str) -> None:
    money = Money(Decimal(amount), currency)
    assert format_money(money, locale) == shown
    assert format_amount(money.amount, currency, locale) == shown.partition("\u00a0" + currency)[0]


@pytest.mark.parametrize(
    ("amount", "plain"),
    [
        ("50", "50"),
        ("50.00", "50"),
        ("1000.50", "1000.5"),
        ("1E+3", "1000"),
        ("1.2E-8", "0.000000012"),
        ("100", "100"),
        ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"),
    ],
)
def test_plain_digits_lose_nothing(amount: str, plain: str) -> None:
    assert plain_amount(Decimal(amount)) == plain
    assert Decimal(plain_amount(Decimal(amount))) == Decimal(amount)


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_only_finite_amounts_are_written(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        plain_amount(Decimal(amount))


def test_coin_amounts_keep_every_digit() -> None:
    assert format_coin_amount(Decimal("1.499999996212864E-06"), "en") == "0.000001499999996212864"
    assert format_coin_amount(Decimal("12345.034187"), "ru") == "12345,034187"
