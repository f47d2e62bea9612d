"""Lines that are refused, each with what was typed."""

import pytest

from bot.domain.problems import Problem, Rejected
from bot.domain.requests import Request, read_request


@pytest.mark.parametrize(
    ("line", "problem", "typed"),
    [
        ("0 EUR", Problem.ZERO, "0"),
        ("-5 EUR", Problem.NEGATIVE, "-5 EUR"),
        ("€-5", Problem.NEGATIVE, "-5"),
        ("-€5", Problem.NEGATIVE, "-€5"),
        ("+5 EUR", Problem.NOT_A_NUMBER, "+5 EUR"),
        ("1e3 EUR", Problem.NOT_A_NUMBER, "1e3"),
        ("10k EUR", Problem.NOT_A_NUMBER, "10k"),
        ("10 000k EUR", Problem.NOT_A_NUMBER, "10 000k"),
        ("NaN EUR", Problem.NOT_A_NUMBER, "NaN"),
        ("EUR NaN", Problem.NOT_A_NUMBER, "NaN"),
        ("50² EUR", Problem.NOT_A_NUMBER, "50²"),
        ("50\u200b EUR", Problem.NOT_A_NUMBER, "50"),
        ("٥٠ EUR", Problem.NOT_A_NUMBER, "٥٠"),
        ("５０ EUR", Problem.NOT_A_NUMBER, "５０"),
        ("€½", Problem.NOT_A_NUMBER, "€½"),
        ("$.50", Problem.NOT_A_NUMBER, "$.50"),
        ("050 EUR", Problem.NOT_A_NUMBER, "050"),
        ("1.5,0 EUR", Problem.NOT_A_NUMBER, "1.5,0"),
        ("50 60 EUR", Problem.NOT_A_NUMBER, "50 60"),
        ("1 000 50 EUR", Problem.NOT_A_NUMBER, "1 000 50"),
        ("EUR 50 60", Problem.NOT_A_NUMBER, "50 60"),
        ("50%", Problem.NOT_A_NUMBER, "50%"),
        ("24h", Problem.NOT_A_NUMBER, "24h"),
        ("50.0050 EUR", Problem.TOO_MANY_DECIMALS, "50.0050"),
        ("50.5 JPY", Problem.TOO_MANY_DECIMALS, "50.5"),
        ("1234567890123456 EUR", Problem.TOO_MANY_DIGITS, "1234567890123456"),
        ("50 EUR USD", Problem.TWO_CURRENCIES, "50 EUR USD"),
        ("€50 USD", Problem.TWO_CURRENCIES, "€50 USD"),
        ("50 CHF lunch", Problem.UNKNOWN_CURRENCY, "CHF"),
        ("50 kr", Problem.UNKNOWN_CURRENCY, "kr"),
        ("50 Swiss francs", Problem.UNKNOWN_CURRENCY, "Swiss francs"),
        ("50 eu₽ lunch", Problem.UNKNOWN_CURRENCY, "eu₽"),
        ("CHF 50", Problem.UNKNOWN_CURRENCY, "CHF"),
        ("10 BTC", Problem.AMOUNT_IN_COIN, "10 BTC"),
        ("50 usdt trc20", Problem.AMOUNT_IN_COIN, "50 usdt trc20"),
        ("50 btc trc20", Problem.AMOUNT_IN_COIN, "50 btc trc20"),
        ("BTC 10", Problem.AMOUNT_IN_COIN, "BTC 10"),
        ("50 EUR btc trc20", Problem.NO_SUCH_COIN, "btc trc20"),
        ("50 EUR 0m", Problem.BAD_LIFETIME, "0m"),
        ("50 EUR 31d", Problem.BAD_LIFETIME, "31d"),
        ("50 EUR #", Problem.BAD_ORDER, "#"),
        ("50 EUR #a,b", Problem.BAD_ORDER, "#a,b"),
        ("50 EUR #" + "a" * 33, Problem.BAD_ORDER, "#" + "a" * 33),
        ("50 EUR #заказ", Problem.BAD_ORDER, "#заказ"),
        ("50 EUR a@b", Problem.BAD_EMAIL, "a@b"),
        ("50 EUR a@b..com", Problem.BAD_EMAIL, "a@b..com"),
        ("50 EUR a@-b.com", Problem.BAD_EMAIL, "a@-b.com"),
        ("50 EUR .a@b.com", Problem.BAD_EMAIL, ".a@b.com"),
        ("50 EUR a@b.c0", Problem.BAD_EMAIL, "a@b.c0"),
    ],
)
def test_refused_with_what_was_typed(line: str, problem: Problem, typed: str) -> None:
    answer = read_request(line, default_currency="USD")
    assert isinstance(answer, Rejected), answer
    assert (answer.problem, answer.typed) == (problem, typed)


@pytest.mark.parametrize(
    "email",
    [
        "a" * 65 + "@b.com",
        "a@" + "b.c" * 84 + ".com",
        "a@" + "b" * 64 + ".com",
        "a@b@c.com",
        "я@b.com",
    ],
)
def test_no_mail_server_takes_these(email: str) -> None:
    answer = read_request(f"50 EUR {email}", default_currency="USD")
    assert isinstance(answer, Rejected)
    assert answer.problem is Problem.BAD_EMAIL


def test_the_longest_address_is_taken() -> None:
    email = "a" * 64 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 57 + ".com"
    assert len(email) == 254
    answer = read_request(f"50 EUR {email}", default_currency=None)
    assert isinstance(answer, Request)
    assert answer.email == email
    assert isinstance(read_request(f"50 EUR {email}m", default_currency=None), Rejected)


def test_a_refused_amount_tells_its_currency() -> None:
    answer = read_request("50.5 jpy", default_currency="USD")
    assert answer == Rejected(Problem.TOO_MANY_DECIMALS, "50.5", "JPY")


def test_what_was_typed_is_bounded_and_harmless() -> None:
    answer = read_request("5" + "\u202ex" * 3000, default_currency="USD")
    assert isinstance(answer, Rejected)
    assert answer.typed == "5" + "x" * 62 + "…"
