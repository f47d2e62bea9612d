"""The amount grammar, case by case."""

from decimal import Decimal

import pytest

from bot.domain.amounts import groups_digits, read_amount
from bot.domain.problems import Problem


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("50", "EUR", "50"),
        ("50.5", "EUR", "50.5"),
        ("50,50", "EUR", "50.50"),
        ("0.01", "EUR", "0.01"),
        ("0,5", "EUR", "0.5"),
        ("1000", "JPY", "1000"),
        ("1,000", "JPY", "1000"),
        ("1.000", "VND", "1000"),
        ("1,234", "EUR", "1234"),  # 1.234 has more decimals than the euro: one reading is left
        ("50.005", "EUR", "50005"),  # the same; it is read as a summary before it is made
        ("1,000.50", "EUR", "1000.50"),
        ("1.000,50", "EUR", "1000.50"),
        ("1 000,50", "EUR", "1000.50"),
        ("1\u00a0000,50", "RUB", "1000.50"),
        ("1\u2009000", "RUB", "1000"),
        ("1\u202f000\u00a0000.5", "RUB", "1000000.5"),
        ("1'000.50", "EUR", "1000.50"),
        ("1’000’000", "EUR", "1000000"),
        ("1.000.000", "EUR", "1000000"),
        ("1,00,000", "INR", "100000"),
        ("12,34,567.50", "INR", "1234567.50"),
        ("999999999999999", "EUR", "999999999999999"),
        ("9,999,999,999,999.99", "EUR", "9999999999999.99"),
        (" 50\u00a0", "EUR", "50"),
    ],
)
def test_one_reading(text: str, currency: str, amount: str) -> None:
    assert read_amount(text, currency) == (Decimal(amount),)


@pytest.mark.parametrize(
    ("text", "currency", "readings"),
    [
        ("1,000", "EUR", ("1000", "1")),
        ("1.000", "EUR", ("1000", "1")),
        ("1,500", "EUR", ("1500", "1.5")),
        ("12.340", "KZT", ("12340", "12.34")),
        ("999,000", None, ("999000", "999")),
    ],
)
def test_two_readings_the_grouped_one_first(
    text: str, currency: str | None, readings: tuple[str, str]
) -> None:
    assert read_amount(text, currency) == tuple(map(Decimal, readings))


@pytest.mark.parametrize(
    ("text", "currency", "problem"),
    [
        ("", "EUR", Problem.NO_AMOUNT),
        (" \u202f", "EUR", Problem.NO_AMOUNT),
        ("0", "EUR", Problem.ZERO),
        ("0.00", "EUR", Problem.ZERO),
        ("000", "EUR", Problem.ZERO),
        ("-5", "EUR", Problem.NEGATIVE),
        ("−5", "EUR", Problem.NEGATIVE),
        ("+5", "EUR", Problem.NOT_A_NUMBER),
        ("1e3", "EUR", Problem.NOT_A_NUMBER),
        ("10k", "EUR", Problem.NOT_A_NUMBER),
        ("NaN", "EUR", Problem.NOT_A_NUMBER),
        ("Infinity", "EUR", Problem.NOT_A_NUMBER),
        ("0x10", "EUR", Problem.NOT_A_NUMBER),
        ("1_000", "EUR", Problem.NOT_A_NUMBER),
        ("٥٠", "EUR", Problem.NOT_A_NUMBER),
        ("５０", "EUR", Problem.NOT_A_NUMBER),
        ("5０", "EUR", Problem.NOT_A_NUMBER),
        ("50²", "EUR", Problem.NOT_A_NUMBER),
        ("½", "EUR", Problem.NOT_A_NUMBER),
        (".5", "EUR", Problem.NOT_A_NUMBER),
        ("5.", "EUR", Problem.NOT_A_NUMBER),
        ("050", "EUR", Problem.NOT_A_NUMBER),
        ("00.5", "EUR", Problem.NOT_A_NUMBER),
        ("0,500", "EUR", Problem.TOO_MANY_DECIMALS),
        ("1.5,0", "EUR", Problem.NOT_A_NUMBER),
        ("1,0,0", "EUR", Problem.NOT_A_NUMBER),
        ("1,,000", "EUR", Problem.NOT_A_NUMBER),
        ("1  000", "EUR", Problem.NOT_A_NUMBER),
        ("1000,000,000", "EUR", Problem.NOT_A_NUMBER),
        ("1,0000", "EUR", Problem.TOO_MANY_DECIMALS),
        ("1 00", "EUR", Problem.NOT_A_NUMBER),
        ("1 000 50", "EUR", Problem.NOT_A_NUMBER),
        ("1'000'50", "EUR", Problem.NOT_A_NUMBER),
        ("1'50", "EUR", Problem.NOT_A_NUMBER),
        ("1.000'50", "EUR", Problem.NOT_A_NUMBER),
        ("1,000 000.5", "EUR", Problem.NOT_A_NUMBER),
        ("1,00,000", "EUR", Problem.NOT_A_NUMBER),
        ("1 00 000", "INR", Problem.NOT_A_NUMBER),
        ("1\u3000000", "EUR", Problem.NOT_A_NUMBER),
        ("5000.005", "EUR", Problem.TOO_MANY_DECIMALS),
        ("50.0000", "EUR", Problem.TOO_MANY_DECIMALS),
        ("50.5", "JPY", Problem.TOO_MANY_DECIMALS),
        ("50.00", "JPY", Problem.TOO_MANY_DECIMALS),
        ("1,000.5", "VND", Problem.TOO_MANY_DECIMALS),
        ("1,000.500", "EUR", Problem.TOO_MANY_DECIMALS),
        ("1000000000000000", "EUR", Problem.TOO_MANY_DIGITS),
        ("99999999999999.99", "EUR", Problem.TOO_MANY_DIGITS),
        ("9" * 4000, "EUR", Problem.TOO_MANY_DIGITS),
        ("9" * 4000 + "x", "EUR", Problem.NOT_A_NUMBER),
    ],
)
def test_no_reading(text: str, currency: str, problem: Problem) -> None:
    assert read_amount(text, currency) is problem


@pytest.mark.parametrize("text", ["1,000", "1.000", "1 000", "1'000.5", "1,000.50", "1.234"])
def test_a_group_separator_is_seen(text: str) -> None:
    assert groups_digits(text)


@pytest.mark.parametrize("text", ["1000", "1000.5", "50,50", "0.01"])
def test_a_decimal_separator_is_no_group_separator(text: str) -> None:
    assert not groups_digits(text)
