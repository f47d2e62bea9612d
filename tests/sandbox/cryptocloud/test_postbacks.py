"""Payment notifications of the local provider: when they go, what they say, what may go wrong."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.cryptocloud import Invoice, LocalCryptoCloud, PostbackForm
from bot.sandbox.cryptocloud.ledger import Order
from bot.sandbox.cryptocloud.rates import COINS
from tests.sandbox.cryptocloud.conftest import NOON


@dataclass
class Shop:
    """Where postbacks go; it answers with `status`, and with `location` when it has one."""

    url: str = ""
    got: list[tuple[str, str, bytes]] = field(default_factory=list)
    status: int = 200
    location: str = ""

    async def serve(self, request: web.Request) -> web.Response:
        self.got.append((request.method, request.content_type, await request.read()))
        headers = {"Location": self.location} if self.location else {}
        return web.json_response({"message": "Received"}, status=self.status, headers=headers)


@pytest.fixture
async def shop(cloud: LocalCryptoCloud) -> AsyncIterator[Shop]:
    shop = Shop()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", shop.serve)
    async with TestServer(app) as server:
        shop.url = str(server.make_url("/cryptocloud/postback"))
        cloud.postbacks.url = shop.url
        yield shop


@pytest.fixture
def invoice(cloud: LocalCryptoCloud) -> Invoice:
    coin = COINS["USDT_TRC20"]
    return cloud.ledger.add(Order(Decimal(50), "EUR", timedelta(hours=1), "A-17~abc", coin=coin))


async def delivered(cloud: LocalCryptoCloud, count: int = 1) -> None:
    sent = cloud.postbacks.sent

    def done() -> bool:
        return len([one for one in sent if one.status is not None or one.error]) == count

    if not done():
        await cloud.until(done)


async def test_a_confirmed_invoice_is_told_of(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice
) -> None:
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud)
    ((method, content_type, raw),) = shop.got
    assert (method, content_type) == ("POST", "application/json")
    body: dict[str, Any] = json.loads(raw, parse_float=Decimal)
    assert body["status"] == "success"
    assert body["invoice_id"] == invoice.id  # without the prefix
    assert body["order_id"] == "A-17~abc"
    assert body["currency"] == "USDT_TRC20"
    assert body["amount_crypto"] == invoice.received
    assert body["invoice_info"]["status"] == "paid"
    assert cloud.postbacks.sent[0].status == 200


async def test_it_is_signed_for_five_minutes(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice
) -> None:
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud)
    token = json.loads(shop.got[0][2])["token"]
    claims = jwt.decode(token, cloud.secret_key, ["HS256"], options={"verify_exp": False})
    assert claims == {"id": invoice.id, "exp": int(NOON.timestamp()) + 300}


async def test_a_project_may_want_forms(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice
) -> None:
    cloud.habits.postback_form = PostbackForm.FORM
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud)
    ((_, content_type, raw),) = shop.got
    assert content_type == "application/x-www-form-urlencoded"
    assert f"invoice_id={invoice.id}".encode() in raw
    assert b"invoice_info=%7B%27" in raw  # {' — a form's object that is no JSON


@pytest.mark.parametrize("share", ["1", "1.5"])
async def test_paid_and_overpaid_are_told_once(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice, share: str
) -> None:
    cloud.ledger.pay(invoice.uuid, Decimal(share))
    cloud.ledger.receive(invoice.uuid, Decimal(1))  # changes nothing any more
    await delivered(cloud)
    assert len(cloud.postbacks.sent) == 1


async def test_partial_cancelled_and_late_are_not_told(cloud: LocalCryptoCloud, shop: Shop) -> None:
    coin = COINS["BTC"]
    one, two = (
        cloud.ledger.add(Order(Decimal(5), "USD", timedelta(hours=1), coin=coin)) for _ in range(2)
    )
    cloud.ledger.pay(one.uuid, Decimal("0.5"))
    cloud.ledger.cancel(two.uuid)
    cloud.ledger.pay(two.uuid)
    assert not cloud.postbacks.sent


@pytest.mark.parametrize("copies", [0, 2])
async def test_it_may_get_lost_or_come_twice(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice, copies: int
) -> None:
    cloud.habits.postback_copies = copies
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud, copies)
    assert len(shop.got) == copies


async def test_a_refusal_is_recorded_and_not_repeated(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice
) -> None:
    shop.status = 503
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud)
    assert [one.status for one in cloud.postbacks.sent] == [503]


async def test_nobody_listening_is_recorded(cloud: LocalCryptoCloud, invoice: Invoice) -> None:
    cloud.postbacks.url = "http://127.0.0.1:9/none"
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud)
    (postback,) = cloud.postbacks.sent
    assert postback.status is None
    assert "ClientConnector" in postback.error


async def test_a_redirect_is_followed_without_the_body(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice
) -> None:
    shop.status, shop.location = 301, "/elsewhere"
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud)
    assert [(method, bool(raw)) for method, _, raw in shop.got] == [("POST", True), ("GET", False)]


async def test_a_redirect_to_the_outside_is_not(
    cloud: LocalCryptoCloud, shop: Shop, invoice: Invoice
) -> None:
    shop.status, shop.location = 301, "http://shop.example/"
    cloud.ledger.pay(invoice.uuid)
    await delivered(cloud)
    assert "not on loopback" in cloud.postbacks.sent[0].error


async def test_without_an_address_nothing_is_sent(
    cloud: LocalCryptoCloud, invoice: Invoice
) -> None:
    cloud.ledger.pay(invoice.uuid)
    assert not cloud.postbacks.sent


@pytest.mark.parametrize("url", ["https://shop.example/", "http://192.0.2.1/", "nonsense"])
def test_an_address_outside_is_refused(cloud: LocalCryptoCloud, url: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        cloud.postbacks.url = url
