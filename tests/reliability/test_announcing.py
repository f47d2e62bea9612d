"""What stands between news and readers: flood limits, blocked chats, lost replies, no store."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path as File

import pytest
from aiohttp import ClientSession

from bot.sandbox.telegram import drop_reply, refuse
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
