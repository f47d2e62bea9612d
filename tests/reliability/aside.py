"""Has an admin look after updates that were set aside."""

from typing import Any, cast

from redis.asyncio import Redis

from bot.storage import keys
from tests.world import World


async def feed_aside(world: World, redis: Redis) -> int:
    """Have every update tried again over which the bot died three times; how many.

    With a kill every second or two some are innocent.
    """
    fed = 0
    while waiting := await cast("Any", redis.hkeys(keys.ASIDE)):
        sent = await world.admin.send("/health")
        page = await world.admin.read(waiting[0], after=sent, timeout=15)
        tapped = await world.admin.tap(f"Try {waiting[0]} again", message=page.id)
        await world.admin.answered(tapped, timeout=15)
        fed += 1
    return fed
