"""What a store holds, wherever in it."""

from typing import Any, cast

from bot.storage.connection import connect, servers


async def records(redis_url: str) -> dict[str, dict[str, str]]:
    """Every invoice, by its key."""
    redis = connect(redis_url)
    try:
        found: dict[str, dict[str, str]] = {}
        for server in (await servers(redis)).values():
            if (await server.info("replication"))["role"] == "master":
                async for key in server.scan_iter("inv:*", count=1000):
                    found[key] = await cast("Any", redis.hgetall(key))
        return found
    finally:
        await redis.aclose()
