"""Postbacks over real HTTP. The bot looks so seldom here that only they explain what it knows."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession

from bot.sandbox.cryptocloud import Fault, Path, PostbackForm
from tests.flows.afterlife import issued, news, says, text_of
from tests.stores.reading import records
from tests.world import QUICK, World

SELDOM = replace(QUICK, look=timedelta(minutes=10))


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=SELDOM, postbacks=True) as running:
        yield running


@pytest.mark.parametrize("form", PostbackForm)
@pytest.mark.parametrize("copies", [1, 3])
async def test_a_payment_is_known_at_once(world: World, form: PostbackForm, copies: int) -> None:
    world.cloud.habits.postback_form = form
    world.cloud.habits.postback_copies = copies
    card, uuid = await issued(world, "/invoice 50 EUR usdt trc20 #A-17")
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid\n")
    await world.seller.read("was paid.")
    await asyncio.sleep(0.3)
    assert [one.status for one in world.cloud.postbacks.sent] == [200] * copies
    assert len(news(world, card)) == 1


def signed(world: World, uuid: str, **changed: Any) -> dict[str, Any]:
    """A postback as the provider would send it, or nearly."""
    bare = uuid.removeprefix("INV-")
    invoice = world.cloud.ledger.find(uuid)
    claims = {"id": bare, "exp": int(time.time()) + 300}
    return {
        "status": "success",
        "invoice_id": bare,
        "order_id": invoice.order.order_id if invoice is not None else None,
        "token": jwt.encode(claims, world.cloud.secret_key, "HS256"),
        "invoice_info": {"status": "paid"},
    } | changed


async def post(world: World, body: object, **options: Any) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        ClientSession() as http,
        http.post(world.postback_url, data=data, **options) as answer,
    ):
        said = await answer.json()
        if answer.status == 200:
            assert said == {"message": "Postback received"}
        if answer.status == 503:
            assert int(answer.headers.get("Retry-After", "1")) > 0
        return answer.status


async def test_a_forged_one_changes_nothing(world: World, redis_url: str) -> None:
    card, uuid = await issued(world)
    await asyncio.sleep(0.2)
    before, asked = await records(redis_url), len(world.cloud.called(Path.INFO))
    text = text_of(world, card)
    claims = {"id": uuid.removeprefix("INV-"), "exp": int(time.time()) + 300}
    forged = [
        jwt.encode(claims, "another key, as long as it should be", "HS256"),
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, world.cloud.secret_key + "0" * 64, "HS512"),
        jwt.encode(claims | {"exp": 1}, world.cloud.secret_key, "HS256"),
        jwt.encode(claims | {"id": "OTHER123"}, world.cloud.secret_key, "HS256"),
    ]
    for token in forged:
        assert await post(world, signed(world, uuid, token=token)) == 401
    assert await post(world, signed(world, uuid) | {"invoice_id": "OTHER123"}) == 401
    assert await post(world, b"{}") == 400
    await asyncio.sleep(0.3)
    assert await records(redis_url) == before
    assert len(world.cloud.called(Path.INFO)) == asked
    assert text_of(world, card) == text


async def test_what_the_body_says_of_money_is_not_believed(world: World) -> None:
    card, uuid = await issued(world)
    claims = {"invoice_info": {"status": "overpaid", "received": 9999}, "amount_crypto": 9999}
    assert await post(world, signed(world, uuid, **claims)) == 200
    await asyncio.sleep(0.5)
    assert "waiting for payment" in text_of(world, card)
    assert news(world, card) == []


async def test_a_replay_changes_nothing(world: World) -> None:
    card, uuid = await issued(world)
    body = signed(world, uuid)
    world.cloud.postbacks.url = None
    world.cloud.ledger.pay(uuid)
    for _ in range(3):
        assert await post(world, body) == 200
        await says(world, card, "· paid\n")
    await asyncio.sleep(0.3)
    assert len(news(world, card)) == 1


@pytest.mark.parametrize("order_id", [None, "", "junk", "a" * 20, "a" * 5000])
async def test_a_misleading_order_number_is_looked_up(world: World, order_id: str | None) -> None:
    card, uuid = await issued(world)
    body = signed(world, uuid, order_id=order_id)
    world.cloud.postbacks.url = None
    world.cloud.ledger.pay(uuid)
    assert await post(world, body) == 200
    await says(world, card, "· paid\n")


async def test_another_invoices_order_number_does_not_move_that_one(
    world: World, redis_url: str
) -> None:
    card, uuid = await issued(world)
    other, other_uuid = await issued(world)
    await asyncio.sleep(0.2)
    order = world.cloud.ledger.get(other_uuid).order.order_id
    before = {key: value for key, value in (await records(redis_url)).items() if str(order) in key}
    world.cloud.postbacks.url = None
    world.cloud.ledger.pay(uuid)
    assert await post(world, signed(world, uuid, order_id=order)) == 200
    await says(world, card, "· paid\n")
    after = {key: value for key, value in (await records(redis_url)).items() if str(order) in key}
    assert after == before
    assert "waiting" in text_of(world, other)


async def test_an_invoice_of_another_system_is_taken_and_left(world: World) -> None:
    assert await post(world, signed(world, "INV-OTHER123", order_id="their-own-7")) == 200


async def test_the_provider_fails_after_the_postback(world: World) -> None:
    card, uuid = await issued(world)
    world.cloud.faults.next(Path.INFO, Fault.status(503), times=3)
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid\n")
    assert [one.status for one in world.cloud.postbacks.sent] == [200]


async def test_before_the_create_is_answered(world: World) -> None:
    """The payer is faster than the answer that carries the id."""
    world.cloud.faults.next(Path.CREATE, Fault.slow(1.0))
    sent = await world.seller.send("/invoice 50 EUR usdt trc20")
    for _ in range(200):
        if world.cloud.ledger.all():
            break
        await asyncio.sleep(0.01)
    [invoice] = world.cloud.ledger.all()
    world.cloud.ledger.pay(invoice.uuid)
    card = await world.seller.read("paid", after=sent)
    await says(world, card, "· paid\n")
    assert len(world.created) == 1


async def test_limits_of_the_site(world: World) -> None:
    assert await post(world, b"x" * (64 * 1024 + 1)) == 413
    base = world.postback_url.removesuffix("/cryptocloud/postback")
    async with ClientSession() as http:
        for method, path, status in [
            ("GET", "/cryptocloud/postback", 405),
            ("PUT", "/cryptocloud/postback", 405),
            ("POST", "/cryptocloud/postback/", 404),
            ("GET", "/", 404),
            ("GET", "/healthz", 404),  # that is on OPS_PORT
        ]:
            async with http.request(method, base + path) as answer:
                assert answer.status == status


async def test_without_a_secret_key_they_are_refused(redis_url: str) -> None:
    async with World(redis_url, cryptocloud_secret_key=None) as world:
        _, uuid = await issued(world)
        assert await post(world, signed(world, uuid)) == 503


async def test_no_token_reaches_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    _, uuid = await issued(world)
    caplog.set_level("DEBUG")
    good = signed(world, uuid)
    forged = good | {"token": jwt.encode({"id": "x"}, "0" * 40, "HS256")}
    await post(world, good)
    await post(world, forged)
    assert good["token"] not in caplog.text
    assert forged["token"] not in caplog.text
    assert world.cloud.secret_key not in caplog.text
