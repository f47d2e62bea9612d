"""What goes out and what comes back when all is well."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cryptocloud import CryptoCloud
from bot.domain.provider import NewInvoice
from bot.sandbox.cryptocloud import LocalCryptoCloud
from tests.cryptocloud.raw import SHOP, answering, page


async def test_fifty_euros_is_one_call_as_the_provider_documents_it(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    invoice = await client.create(fifty)

    (call,) = cloud.calls
    assert call.path == "/invoice/create"
    assert call.headers["Authorization"] == f"Token {cloud.api_key}"
    assert call.headers["Content-Type"] == "application/json"
    assert json.loads(call.raw) == {
        "amount": 50,
        "shop_id": cloud.shop_id,
        "currency": "EUR",
        "order_id": "A-17~0123456789abcdefghij",
    }
    assert invoice.uuid == cloud.invoices[0].uuid
    assert invoice.link == f"{cloud.url.removesuffix('/v2')}/pay/{cloud.invoices[0].id}"
    assert invoice.status == "created"


async def test_one_coin_is_chosen_for_the_payer(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    invoice = await client.create(replace(fifty, coins=("USDT_TRC20",)))

    assert cloud.calls[0].field("add_fields") == {"cryptocurrency": "USDT_TRC20"}
    assert invoice.coin == "USDT_TRC20"
    assert invoice.address == cloud.invoices[0].address


async def test_several_coins_are_left_to_the_payer(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    invoice = await client.create(replace(fifty, coins=("BTC", "ETH")))

    assert cloud.calls[0].field("add_fields") == {"available_currencies": ["BTC", "ETH"]}
    assert (invoice.coin, invoice.address, invoice.amount) == (None, None, None)


@pytest.mark.parametrize(
    ("lifetime", "hours", "minutes"),
    [
        (timedelta(hours=24), 24, 0),
        (timedelta(minutes=90), 1, 30),
        (timedelta(days=3, minutes=5, seconds=59), 72, 5),
        (timedelta(seconds=1), 0, 1),
    ],
)
async def test_lifetime_is_hours_and_minutes(
    cloud: LocalCryptoCloud,
    client: CryptoCloud,
    fifty: NewInvoice,
    lifetime: timedelta,
    hours: int,
    minutes: int,
) -> None:
    invoice = await client.create(replace(fifty, lifetime=lifetime))

    sent = cloud.calls[0].field("add_fields")
    assert sent == {"time_to_pay": {"hours": hours, "minutes": minutes}}
    assert invoice.created is not None
    assert invoice.expires == invoice.created + timedelta(hours=hours, minutes=minutes)


async def test_email_is_passed_on(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    await client.create(replace(fifty, email="buyer@example.com"))

    assert cloud.calls[0].field("email") == "buyer@example.com"


@pytest.mark.parametrize(
    ("amount", "digits"),
    [
        ("50", "50"),
        ("1000.50", "1000.50"),
        ("5E+1", "50"),
        ("0.1", "0.1"),
        ("123456789012.345", "123456789012.345"),
        ("1E-7", "0.0000001"),
    ],
)
async def test_amount_arrives_digit_for_digit(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, amount: str, digits: str
) -> None:
    await client.create(replace(fifty, amount=Decimal(amount)))

    (call,) = cloud.calls
    assert _digits(call.raw) == digits
    assert cloud.invoices[0].order.amount == Decimal(amount)


@given(
    st.integers(1, 10**15 - 1).flatmap(
        lambda units: st.integers(0, 8).map(lambda places: Decimal(units).scaleb(-places))
    )
)
async def test_any_amount_arrives_digit_for_digit(amount: Decimal) -> None:
    sent = []

    def provider(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200, content=page("created_with_coin"))

    transport = httpx.MockTransport(provider)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/v2") as http:
        await CryptoCloud(http, SHOP).create(NewInvoice(amount, "EUR", "1"))

    digits = _digits(sent[0])
    assert "e" not in digits.lower()
    assert Decimal(digits).as_tuple() == amount.as_tuple()


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
async def test_what_is_no_amount_is_not_sent(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice, amount: str
) -> None:
    with pytest.raises(ValueError, match="cannot be asked for"):
        await client.create(replace(fifty, amount=Decimal(amount)))

    assert cloud.calls == []


async def test_the_documented_answer_with_a_coin(fifty: NewInvoice) -> None:
    async with answering(page("created_with_coin")) as client:
        invoice = await client.create(fifty)

    assert invoice.uuid == "INV-89UX09KA"
    assert invoice.link == "https://pay.cryptocloud.plus/89UX09KA"
    assert invoice.address == "0xb07427fc721C23674c48233ffE93D3846ee58B63"
    assert invoice.coin == "ETH"
    assert invoice.created == datetime(2026, 1, 27, 9, 3, 58, 958000, tzinfo=UTC)
    assert invoice.expires == datetime(2026, 1, 28, 9, 3, 57, 493000, tzinfo=UTC)
    assert invoice.amount == Decimal("0.034187")
    assert invoice.fee == Decimal("1.499999996212864e-06")
    assert invoice.service_fee == Decimal("0.00065")
    assert str(invoice.amount_in_fiat) == "100.0"
    assert invoice.fiat_currency == "USD"
    assert invoice.project == "Test"
    assert invoice.test_mode is False


async def test_without_a_coin_the_placeholder_means_nothing(fifty: NewInvoice) -> None:
    async with answering(page("created_without_coin")) as client:
        invoice = await client.create(fifty)

    assert (invoice.coin, invoice.address) == (None, None)
    assert (invoice.amount, invoice.fee, invoice.service_fee) == (None, None, None)
    assert invoice.link == "https://pay.cryptocloud.plus/89UX09KB"
    assert invoice.created == datetime(2026, 1, 27, 9, 3, 58, tzinfo=UTC)
    assert invoice.test_mode is True


async def test_a_coin_may_be_settled_while_its_address_is_not_there_yet(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    cloud.habits.address_lag = timedelta(minutes=1)

    invoice = await client.create(replace(fifty, coins=("BTC",)))

    assert (invoice.coin, invoice.address) == (None, None)


class _Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


def _digits(raw: bytes) -> str:
    amount = json.loads(raw, parse_int=_Number, parse_float=_Number)["amount"]
    assert isinstance(amount, _Number), "the amount is not a JSON number"
    return str(amount)
