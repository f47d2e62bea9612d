"""The bot was away for longer than Telegram keeps taps: summaries are shown again, once."""

import time
from typing import Any, cast

from bot.storage import keys
from bot.storage.connection import connect
from tests.flows.driving import create, say, settled, shown
from tests.flows.wording import is_summary
from tests.reliability.waiting import until
from tests.world import World


async def absent(world: World, redis_url: str, seconds: float) -> None:
    """The bot is away for so long, and Telegram drops what was tapped meanwhile."""
    await world.stop_bot()
    await world.seller.tap("Create")
    world.telegram.world.updates.drop()
    async with connect(redis_url) as client:
        assert await client.exists(keys.ALIVE)
        await client.set(keys.ALIVE, int(time.time() - seconds))
    await world.start_bot()


async def test_a_summary_tapped_in_vain_is_shown_again_and_works(
    world: World, redis_url: str
) -> None:
    first = await say(world.seller, "5 EUR btc")
    assert is_summary(first)
    await world.seller.send("/help")
    await settled(world)
    await absent(world, redis_url, 1000)
    summary = await world.seller.read("I was away")
    assert is_summary(summary)
    assert summary.id > first.id
    # The former one goes.
    await until(lambda: [one.id for one in shown(world.seller) if is_summary(one)] == [summary.id])
    card = await create(world.seller)
    assert card.id == summary.id
    await settled(world)
    assert len(world.created) == 1


async def test_after_a_short_absence_nothing_is_said(world: World, redis_url: str) -> None:
    summary = await say(world.seller, "5 EUR btc")
    await absent(world, redis_url, 60)
    await say(world.seller, "/help")
    await settled(world)
    assert [one.id for one in shown(world.seller) if is_summary(one)] == [summary.id]


async def test_only_summaries_are_shown_and_only_to_those_who_may(
    world: World, redis_url: str
) -> None:
    await say(world.seller, "5 EUR btc")
    other = world.telegram.person(5005, "Other")
    await world.admit(other, "Book shop")
    question = await say(other, "/invoice")
    async with connect(redis_url) as client:
        await cast("Any", client.hdel(keys.SELLERS, str(world.seller.id)))
    before = len(shown(world.seller))
    await absent(world, redis_url, 1000)
    await say(other, "5 EUR")
    await settled(world)
    assert len(shown(world.seller)) == before
    assert not [one for one in shown(other) if "I was away" in one.text]
    assert question.id in [one.id for one in shown(other)]
