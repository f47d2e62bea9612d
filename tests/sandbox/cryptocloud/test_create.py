"""Creating invoices at the local provider: shapes, checks and refusals as documented."""

import json
from decimal import Decimal
from pathlib import Path as File

import aiohttp
import pytest

from bot.sandbox.cryptocloud import AuthError, LocalCryptoCloud
from tests.sandbox.cryptocloud.conftest import NOON, Ask

CREATE = "/invoice/create"
DOCUMENTED = json.loads(
    (File(__file__).parents[2] / "cryptocloud/answers/created_with_coin.json").read_bytes()
)


async def test_answer_has_the_documented_fields_and_types(ask: Ask) -> None:
    reply = await ask(CREATE, add_fields={"cryptocurrency": "ETH"})

    assert reply.status == 200
    assert reply.document["status"] == "success"
    assert reply.result.keys() == DOCUMENTED["result"].keys()
    for field, example in DOCUMENTED["result"].items():
        assert isinstance(reply.result[field], type(example)), field


async def test_numbers_are_floats_and_dates_are_naive_utc(ask: Ask) -> None:
    result = (await ask(CREATE, amount=100, currency="USD")).result

    assert (result["amount_usd"], result["amount_in_fiat"]) == (100.0, 100.0)
    assert result["created"] == "2026-01-27 12:00:00.000005"
    assert result["expiry_date"] == "2026-01-28 12:00:00.000005"


async def test_without_a_coin_there_is_a_placeholder_and_no_address(ask: Ask) -> None:
    result = (await ask(CREATE)).result

    assert result["address"] == ""
    assert isinstance(result["currency"], dict)
    assert result["currency"]["fullcode"] == "USDT_TRC20"


async def test_link_is_on_this_server(cloud: LocalCryptoCloud, ask: Ask) -> None:
    result = (await ask(CREATE)).result

    assert str(result["link"]).startswith(cloud.url.removesuffix("/v2") + "/pay/")
    assert str(result["uuid"]).removeprefix("INV-") in str(result["link"])


async def test_the_same_order_again_is_a_second_invoice(cloud: LocalCryptoCloud, ask: Ask) -> None:
    first = await ask(CREATE, order_id="A-17")
    second = await ask(CREATE, order_id="A-17")

    assert first.result["uuid"] != second.result["uuid"]
    assert [one.order.order_id for one in cloud.invoices] == ["A-17", "A-17"]


async def test_request_is_recorded_as_it_came(
    cloud: LocalCryptoCloud, web: aiohttp.ClientSession
) -> None:
    raw = b'{"shop_id": "test-shop",  "amount": 1000.50, "currency": "EUR"}'
    headers = {"Authorization": f"Token {cloud.api_key}"}
    async with web.post(cloud.url + CREATE, data=raw, headers=headers) as response:
        assert response.status == 200

    (call,) = cloud.calls
    assert call.raw == raw
    assert call.field("amount") == Decimal("1000.50")
    assert call.headers["Authorization"] == f"Token {cloud.api_key}"
    assert (call.path, call.at, call.status) == (CREATE, NOON, 200)
    assert call.committed


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"shop_id": "another"}, "shop_id"),
        ({"amount": None}, "amount"),
        ({"amount": "50"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"order_id": 17}, "order_id"),
        ({"email": "nobody"}, "email"),
        ({"add_fields": []}, "add_fields"),
        ({"add_fields": {"time_to_pay": 24}}, "time_to_pay"),
        ({"add_fields": {"time_to_pay": {"hours": "24"}}}, "time_to_pay"),
        ({"add_fields": {"time_to_pay": {"hours": 0, "minutes": 0}}}, "time_to_pay"),
        ({"add_fields": {"time_to_pay": {"hours": 10**30}}}, "time_to_pay"),
        ({"add_fields": {"time_to_pay": {"days": 1}}}, "time_to_pay"),
        ({"add_fields": {"cryptocurrency": "USDT"}}, "cryptocurrency"),
        ({"add_fields": {"cryptocurrency": ["BTC"]}}, "cryptocurrency"),
        ({"add_fields": {"available_currencies": "BTC"}}, "available_currencies"),
        ({"add_fields": {"available_currencies": ["BTC", "DOGE"]}}, "available_currencies"),
    ],
)
async def test_what_is_wrong_is_named(
    cloud: LocalCryptoCloud, ask: Ask, body: dict[str, object], field: str
) -> None:
    reply = await ask(CREATE, **body)

    assert reply.status == 400
    assert reply.document["status"] == "error"
    assert reply.result.keys() == {field}
    assert cloud.invoices == []
    assert not cloud.calls[0].committed


async def test_a_missing_amount_is_told_in_the_documented_words(ask: Ask) -> None:
    assert (await ask(CREATE, amount=None)).result == {"amount": "amount not passed."}


async def test_an_unknown_currency_is_refused_without_the_envelope(ask: Ask) -> None:
    reply = await ask(CREATE, currency="XXX")

    assert reply.status == 400
    assert str(reply.document["currency"]).startswith("Invalid account currency specified.")


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(
    ("form", "body"),
    [
        (
            AuthError.ENVELOPE,
            {"status": "error", "result": {"authorization": "Unauthorized request."}},
        ),
        (AuthError.DETAIL, {"detail": "Signature verification failed"}),
    ],
)
async def test_a_wrong_key_in_both_forms(
    cloud: LocalCryptoCloud, form: AuthError, body: object, status: int
) -> None:
    cloud.habits.auth_error, cloud.habits.auth_status = form, status
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Token test-api-key-wrong"}) as web,
        web.post(cloud.url + CREATE, json={}) as response,
    ):
        assert (response.status, await response.json()) == (status, body)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_object(
    cloud: LocalCryptoCloud, web: aiohttp.ClientSession, raw: bytes
) -> None:
    headers = {"Authorization": f"Token {cloud.api_key}"}
    async with web.post(cloud.url + CREATE, data=raw, headers=headers) as response:
        assert response.status == 400


async def test_an_unknown_path(ask: Ask) -> None:
    assert (await ask("/invoice/unknown")).status == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
async def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        await LocalCryptoCloud().start(host)
