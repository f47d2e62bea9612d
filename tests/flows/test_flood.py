"""Telegram says that it is too much: who asked waits, nobody else, and nothing is lost."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.telegram import refuse
from bot.telegram import outbound
from tests.flows.afterlife import issued, news, says
from tests.flows.driving import settled
from tests.flows.wording import is_card
from tests.world import QUICK, STRANGER_ID, World

PACE = replace(QUICK, look=timedelta(seconds=0.2))


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=PACE) as running:
        yield running


async def test_one_busy_chat_holds_up_no_other(world: World) -> None:
    other = world.telegram.person(STRANGER_ID, "Stranger")
    await world.admit(other, "Book shop")
    await settled(world)
    world.telegram.rates = True
    for number in range(1, 9):  # 5 go at once, then 1 a second
        await world.seller.send(f"/invoice {number} EUR")
    begun = time.monotonic()
    await other.read(is_card, after=await other.send("/invoice 99 EUR"))
    assert time.monotonic() - begun < 2
    await settled(world)
    assert len(world.cards(world.seller)) == 8
    assert len(world.created) == 9
    assert len([call for call in world.telegram.calls if call.status == 429]) <= 8


async def test_news_that_met_a_flood_limit_comes_once_it_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "BACKGROUND_WAIT", 0.3)  # then the schedule waits
    card, uuid = await issued(world)
    flood = refuse(429, "Too Many Requests: retry after 1", retry_after=1)
    world.telegram.fail("sendMessage", flood)
    world.telegram.fail("editMessageText", flood)
    world.cloud.ledger.pay(uuid)
    await says(world, card, "· paid")
    await world.seller.read("was paid.")
    await settled(world)
    assert len(news(world, card)) == 1
