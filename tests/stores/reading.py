"""What a store holds, wherever in it."""

from typing import Any, cast

from redis.asyncio import Redis

from bot.storage.connection import connect, servers


async def names(redis: Redis, pattern: str) -> set[str]:
    """The keys that fit."""
    found: set[str] = set()
    for server in (await servers(redis)).values():
        if (await server.info("replication"))["role"] == "master":
            found.update([key async for key in server.scan_iter(pattern, count=1000)])
    return found


async def records(redis_url: str) -> dict[str, dict[str, str]]:
    """Every invoice, by its key."""
    async with connect(redis_url) as redis:
        found = await names(redis, "inv:*")
        return {name: await cast("Any", redis.hgetall(name)) for name in found}
