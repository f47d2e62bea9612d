"""What stands between news and readers: flood limits, blocked chats, lost replies, no store."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path as File
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox.telegram import drop_reply, refuse
from bot.telegram.outbound import ATTEMPTS
from tests.flows.afterlife import issued, news, says
from tests.flows.test_postbacks import signed
from tests.reliability.store import store
from tests.reliability.waiting import idle, until
from tests.world import QUICK, World

SELDOM = replace(QUICK, look=timedelta(minutes=10))


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=SELDOM, postbacks=True) as running:
        yield running


def is_shown(params: dict[str, Any]) -> bool:
    return "waiting for payment" in str(params.get("text"))


def told(text: object) -> bool:
    return "was paid." in str(text)


async def test_a_flood_limit_delays_and_loses_nothing(world: World) -> None:
    card, uuid = await issued(world)
    flood = refuse(429, "Too Many Requests: retry after 1", retry_after=1)
    world.telegram.fail("sendMessage", flood, times=2)
    world.telegram.fail("editMessageText", flood, times=2)
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid\n")
    await world.seller.read("was paid.")
    await asyncio.sleep(0.5)
    assert len(news(world, card)) == 1


async def test_a_long_flood_limit_is_waited_for_by_the_schedule(world: World) -> None:
    card, uuid = await issued(world)
    world.telegram.fail("sendMessage", refuse(429, "Too Many Requests", retry_after=31))
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid\n")
    await asyncio.sleep(0.5)
    assert news(world, card) == []  # noted in the record, not lost: the schedule has it
    due = [entry async for entry in world.app.redis.scan_iter("due:*")]
    assert due


async def test_a_message_whose_reply_is_lost_is_repeated_once_and_says_so(world: World) -> None:
    card, uuid = await issued(world)
    world.telegram.fail("sendMessage", drop_reply(), times=1)
    world.cloud.ledger.pay(uuid)
    await world.seller.read("Repeated after an interruption")
    await asyncio.sleep(0.5)
    assert [told(text) for text in news(world, card)] == [True, True]


async def test_a_seller_who_blocked_the_bot_is_not_tried_for_ever(
    world: World, redis_url: str
) -> None:
    _, uuid = await issued(world)
    world.seller.block()
    world.cloud.ledger.pay(uuid)
    await until(lambda: [one.status for one in world.cloud.postbacks.sent] == [200])
    await idle(redis_url)
    tries = len(world.telegram.calls)
    await asyncio.sleep(1)
    spoken = {call.method for call in world.telegram.calls[tries:]}
    assert spoken <= {"getUpdates"}
    world.seller.unblock()
    # Nothing is lost: the record knows, and shows it.
    shown = await world.seller.read(uuid, after=await world.seller.send(f"/status {uuid}"))
    assert "· paid" in shown.text
    found_closed = [one.method for one in world.telegram.refusals if "blocked" in one.description]
    assert len(found_closed) <= 2, "the edit of the card and the message, each once"


async def test_a_card_is_repeated_only_once_telegram_answers_again(world: World) -> None:
    """Both of its sendings fell into an outage of some seconds, and nobody was ever shown it."""
    away = refuse(502, "Bad Gateway")
    world.telegram.fail("sendMessage", away, times=1)
    world.telegram.fail("sendChatAction", away, times=100)
    await world.seller.send("/invoice 50 EUR usdt trc20")
    await until(lambda: len(world.telegram.called("sendChatAction")) > 2 * ATTEMPTS, 10)
    assert sum(is_shown(call.params) for call in world.telegram.called("sendMessage")) == 1
    world.telegram.heal()
    await world.seller.read("waiting for payment")
    assert len(world.created) == 1


async def test_what_was_never_shown_is_asked_about_when_it_is_typed_again(world: World) -> None:
    world.telegram.fail("sendMessage", refuse(502, "Bad Gateway"), times=2, when=is_shown)
    await world.seller.send("/invoice 50 EUR usdt trc20")
    await until(lambda: sum(is_shown(c.params) for c in world.telegram.called("sendMessage")) == 2)
    await asyncio.sleep(0.3)
    again = await world.seller.send("/invoice 50 EUR usdt trc20")
    await world.seller.read("You asked for exactly this", after=again)
    assert len(world.created) == 1


async def test_a_card_that_telegram_refuses_does_not_hide_the_payment(world: World) -> None:
    """Until it could be shown, nobody looked whether it was paid, nor listened to postbacks."""
    group = world.telegram.group(-1009, "Shop", [world.seller])
    world.telegram.fail(
        "sendMessage",
        refuse(400, "Bad Request: CHAT_RESTRICTED"),
        times=500,
        when=lambda params: params["chat_id"] == group.id,
    )
    await world.seller.send("/invoice 50 EUR usdt trc20", chat=group)
    await until(lambda: len(world.cloud.ledger.all()) == 1)
    (invoice,) = world.cloud.ledger.all()
    world.cloud.ledger.pay(invoice.uuid)
    await until(lambda: [one.status for one in world.cloud.postbacks.sent] == [200])
    shown = await world.seller.read(
        invoice.uuid, after=await world.seller.send(f"/status {invoice.uuid}")
    )
    await says(world, shown, "· paid")
    assert len(world.telegram.called("sendMessage")) < 10
    world.telegram.calls.clear()  # the refusals were the point


async def test_a_postback_while_storage_is_away_comes_again(tmp_path: File) -> None:
    async with store(tmp_path) as lost, World(lost.url, pace=SELDOM) as world:
        card, uuid = await issued(world)
        body = json.dumps(signed(world, uuid))
        world.cloud.ledger.pay(uuid)

        async def sent() -> tuple[int, str | None]:
            async with ClientSession() as http, http.post(world.postback_url, data=body) as answer:
                return answer.status, answer.headers.get("Retry-After")

        await lost.kill()
        status, after = await sent()
        assert status == 503
        assert int(after or 0) > 0
        await lost.start()
        assert (await sent())[0] == 200
        await says(world, card, "· paid\n")
        await world.seller.read("was paid.")
