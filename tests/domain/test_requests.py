"""The one-line grammar, through its front door."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.coins import ASSETS
from bot.domain.problems import Problem, Rejected
from bot.domain.requests import Request, looks_like_request, read_request

FIFTY = Request(amounts=(Decimal(50),), currencies=("EUR",))
USDT_USDC = tuple(coin.code for asset in ("USDT", "USDC") for coin in ASSETS[asset])
DOLLARS = ("USD", "AUD", "CAD", "HKD", "SGD")


def read(line: str, default: str | None = "USD") -> Request:
    request = read_request(line, default_currency=default)
    assert isinstance(request, Request), request
    return request


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("50 EUR", FIFTY),
        ("50eur", FIFTY),
        ("EUR 50", FIFTY),
        ("eur50", FIFTY),
        ("€50", FIFTY),
        ("€ 50", FIFTY),
        ("50€", FIFTY),
        ("50 евро", FIFTY),
        ("50.00 EUR", FIFTY),
        ("€50 EUR", FIFTY),
        ("\n50 EUR\n", FIFTY),
        ("50 EUR usdt trc20", replace(FIFTY, coins=("USDT_TRC20",))),
        ("50 EUR BTC,ETH", replace(FIFTY, coins=("BTC", "ETH"))),
        ("50 EUR TON", replace(FIFTY, coins=("TON",))),
        ("50 EUR usdt", replace(FIFTY, asset="USDT")),
        ("50 EUR usdt 24h trc20", replace(FIFTY, coins=("USDT_TRC20",), lifetime=timedelta(1))),
        ("50 EUR 24h", replace(FIFTY, lifetime=timedelta(hours=24))),
        ("50 EUR 90m", replace(FIFTY, lifetime=timedelta(minutes=90))),
        ("50 EUR 2d", replace(FIFTY, lifetime=timedelta(days=2))),
        ("50 EUR 1h30m", replace(FIFTY, lifetime=timedelta(minutes=90))),
        ("50 EUR 24ч", replace(FIFTY, lifetime=timedelta(hours=24))),
        ("50 EUR #A-17", replace(FIFTY, order="A-17")),
        ("50 EUR buyer@mail.com", replace(FIFTY, email="buyer@mail.com")),
        ("50 EUR 2 T-shirts", replace(FIFTY, description="2 T-shirts")),
        ("50 EUR, lunch", replace(FIFTY, description="lunch")),
        ("50 EUR lunch 24h #A-17 btc", replace(FIFTY, description="lunch 24h #A-17 btc")),
        ("50 EUR lunch — with wine", replace(FIFTY, description="lunch — with wine")),
        ("50 EUR — btc #5 24h", replace(FIFTY, description="btc #5 24h")),
        ("50 EUR—btc", replace(FIFTY, description="btc")),
        ("50 EUR - btc", replace(FIFTY, description="btc")),
        ("50 EUR -- btc", replace(FIFTY, description="btc")),
        ("50 EUR\nbtc\r\nand\tmore", replace(FIFTY, description="btc and more")),
        ("50 EUR \u202elunch\u200b\x00", replace(FIFTY, description="lunch")),
        ("50 EUR  two  spaces 👨‍👩‍👧", replace(FIFTY, description="two  spaces 👨‍👩‍👧")),
        ("50 EUR @maria", replace(FIFTY, description="@maria")),
        ("50 EUR 12:30 table", replace(FIFTY, description="12:30 table")),
        ("$50 CAD", replace(FIFTY, currencies=("CAD",))),
        ("50 доллар США", replace(FIFTY, currencies=("USD",))),
        ("50 lunch", replace(FIFTY, currencies=("USD",), description="lunch")),
        ("50 24h", replace(FIFTY, currencies=("USD",), lifetime=timedelta(hours=24))),
        ("50 #7 lunch", replace(FIFTY, currencies=("USD",), order="7", description="lunch")),
        (
            "50 EUR b@mail.com #A/1 2d btc 2 x lunch",
            Request(
                amounts=(Decimal(50),),
                currencies=("EUR",),
                coins=("BTC",),
                lifetime=timedelta(days=2),
                order="A/1",
                email="b@mail.com",
                description="2 x lunch",
            ),
        ),
    ],
)
def test_read_in_one_way(line: str, expected: Request) -> None:
    request = read(line)
    assert request == expected
    assert request.is_certain == (request.asset is None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1 000,50 ₽", Request((Decimal("1000.50"),), ("RUB",))),
        ("50 000 EUR", Request((Decimal(50000),), ("EUR",))),
        ("1,000 JPY", Request((Decimal(1000),), ("JPY",))),
        ("1'000 EUR", Request((Decimal(1000),), ("EUR",))),
        ("$50", replace(FIFTY, currencies=("USD",))),
        ("50 dollars", replace(FIFTY, currencies=("USD",))),
        ("50 pesos", replace(FIFTY, currencies=("PHP",))),
        ("50 try the cake", replace(FIFTY, currencies=("TRY",), description="the cake")),
        ("50 EUR ton of bricks", replace(FIFTY, coins=("TON",), description="of bricks")),
        ("50 EUR sol panel", replace(FIFTY, coins=("SOL",), description="panel")),
        ("50 EUR op — fee", replace(FIFTY, coins=("OP_OPT",), description="fee")),
        ("50 EUR arb fee", replace(FIFTY, coins=("ARB_ARB",), description="fee")),
        ("50 EUR trump mug", replace(FIFTY, coins=("TRUMP_SOL",), description="mug")),
        ("50 EUR usdt ton bricks", replace(FIFTY, coins=("USDT_TON",), description="bricks")),
        ("50 EUR usdt eth", replace(FIFTY, coins=("USDT_ERC20",))),
        ("50 EUR 3d model", replace(FIFTY, lifetime=timedelta(3), description="model")),
        ("50 EUR 20 USD", replace(FIFTY, description="20 USD")),
        ("50 EUR 20", replace(FIFTY, description="20")),
        ("50 EUR 2 BTC", replace(FIFTY, description="2 BTC")),
        ("50 EUR try our cake", replace(FIFTY, description="try our cake")),
        ("50 EUR 5m cable", replace(FIFTY, lifetime=timedelta(minutes=5), description="cable")),
        ("50 EUR #1 #2", replace(FIFTY, order="1", description="#2")),
        ("50 EUR 2d 2h massage", replace(FIFTY, lifetime=timedelta(2), description="2h massage")),
        ("50, lunch", replace(FIFTY, currencies=("USD",), description="lunch")),
        ("EUR 50 euro trip", replace(FIFTY, description="euro trip")),
        ("50 2x mug", replace(FIFTY, currencies=("USD",), description="2x mug")),
        ("50\n₩ lunch", replace(FIFTY, currencies=("USD",), description="₩ lunch")),
        ("50 EUR tether 9h usd coin", replace(FIFTY, coins=USDT_USDC, lifetime=timedelta(hours=9))),
        ("50 2 T-shirts", replace(FIFTY, currencies=("USD",), description="2 T-shirts")),
        ("50 ЕUR lunch", replace(FIFTY, currencies=("USD",), description="ЕUR lunch")),
        ("50\nEUR", replace(FIFTY, currencies=("USD",), description="EUR")),
        ("50 chf", replace(FIFTY, currencies=("USD",), description="chf")),
    ],
)
def test_read_as_a_summary_first(line: str, expected: Request) -> None:
    assert read(line) == replace(expected, review=True)


@pytest.mark.parametrize(
    ("line", "default", "amounts", "currencies"),
    [
        ("1,000 EUR", "USD", ("1000", "1"), ("EUR",)),
        ("1.000 EUR lunch", "USD", ("1000", "1"), ("EUR",)),
        ("1,000", "EUR", ("1000", "1"), ("EUR",)),
        ("1,000", "JPY", ("1000",), ("JPY",)),
        ("1,000", None, ("1000", "1"), ()),
        ("$50", "CAD", ("50",), DOLLARS),
        ("$50", None, ("50",), DOLLARS),
        ("¥50", "JPY", ("50",), ("JPY", "CNY")),
        ("¥50.50", "JPY", ("50.50",), ("CNY",)),
        ("¥1,000", "USD", ("1000", "1"), ("JPY", "CNY")),
        ("500 руб", "USD", ("500",), ("RUB", "BYN")),
        ("500 руб", "BYN", ("500",), ("RUB", "BYN")),
        ("500 руб", "RUB", ("500",), ("RUB",)),
        ("50", None, ("50",), ()),
        ("EUR", "USD", (), ("EUR",)),
        ("", "USD", (), ("USD",)),
        ("", None, (), ()),
        ("lunch 50 EUR", "USD", (), ("USD",)),
        ("usdt trc20", "USD", (), ("USD",)),
    ],
)
def test_what_is_missing_or_open_is_asked(
    line: str, default: str | None, amounts: tuple[str, ...], currencies: tuple[str, ...]
) -> None:
    request = read(line, default)
    assert request.amounts == tuple(map(Decimal, amounts))
    assert request.currencies == currencies
    assert not request.is_certain


@pytest.mark.parametrize("letter", ["a", "я", "👍"])
def test_a_description_is_kept_whole_or_refused(letter: str) -> None:
    fits = 240 // len(letter.encode())
    assert read("50 EUR — " + letter * fits).description == letter * fits
    answer = read_request("50 EUR — " + letter * (fits + 1), default_currency=None)
    assert isinstance(answer, Rejected)
    assert answer.problem is Problem.DESCRIPTION_TOO_LONG


def test_half_a_surrogate_pair_can_be_stored() -> None:
    assert read("50 EUR \ud83d lunch").description.encode() == "\ufffd lunch".encode()


@pytest.mark.parametrize(
    "line", ["50", "50eur", "€50", "EUR 50", "1,000", "-5 EUR", "10k", "10 BTC", "CHF 50", "٥٠ EUR"]
)
def test_bare_text_that_begins_with_an_amount_is_a_request(line: str) -> None:
    assert looks_like_request(line)


@pytest.mark.parametrize(
    "line", ["", "hello", "EUR", "usdt", "thanks for 50 EUR", "— 50", "\n", "A4"]
)
def test_other_bare_text_is_none(line: str) -> None:
    assert not looks_like_request(line)


def test_bare_text_is_read_as_a_summary_first() -> None:
    assert read_request("50eur", default_currency="USD", bare=True) == replace(FIFTY, review=True)
