"""The bot where Telegram delivers updates instead of being asked for them."""

from collections.abc import AsyncIterator

import pytest

from tests.flows.driving import create, say, settled, tap
from tests.flows.wording import is_card
from tests.world import World


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, webhook=True) as running:
        yield running


async def test_one_line(world: World) -> None:
    assert is_card(await say(world.seller, "/invoice 50 EUR"))
    await settled(world)
    assert len(world.created) == 1
    assert world.telegram.called("getUpdates") == []


async def test_a_conversation(world: World) -> None:
    await say(world.seller, "/invoice")
    await say(world.seller, "120")
    await tap(world.seller, "EUR")
    await tap(world.seller, "Buyer chooses")
    await create(world.seller)
    await settled(world)
    assert len(world.created) == 1
