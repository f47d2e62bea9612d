"""A conversation ends quietly after an hour, and starts its hour anew with each step."""

from redis.asyncio import Redis

from bot.domain.people import Place
from bot.storage import keys
from tests.flows.driving import alert, data_of, say, settled, shown
from tests.flows.wording import NOT_YOURS, UNKNOWN
from tests.world import World


def key(world: World) -> str:
    return keys.draft(Place(world.seller.id, world.seller.id))


async def forget(world: World) -> None:
    """What Redis does when the hour is over."""
    redis: Redis = world.app.redis
    assert await redis.pexpire(key(world), 1)
    while await redis.exists(key(world)):
        pass


async def test_each_step_starts_the_hour_anew(world: World) -> None:
    await say(world.seller, "/invoice")
    redis: Redis = world.app.redis
    await redis.expire(key(world), 5)
    await say(world.seller, "5 EUR")
    assert 3590 < await redis.ttl(key(world)) <= 3600


async def test_after_an_hour_a_button_says_so(world: World) -> None:
    summary = await say(world.seller, "50 EUR")
    await forget(world)
    assert await alert(world.seller, data_of(summary, "Create"), summary.id) == NOT_YOURS
    await settled(world)
    assert world.created == []


async def test_after_an_hour_a_typed_word_is_no_answer(world: World) -> None:
    await say(world.seller, "/invoice")
    await forget(world)
    assert (await say(world.seller, "btc")).text == UNKNOWN


async def test_it_ends_quietly(world: World) -> None:
    asked = await say(world.seller, "/invoice")
    events = len(world.telegram.events)
    await forget(world)
    await settled(world)
    assert len(world.telegram.events) == events
    assert shown(world.seller)[-1] == asked
