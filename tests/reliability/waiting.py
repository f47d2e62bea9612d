"""Waiting for what has no event of its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.storage import keys
from bot.storage.connection import connect
from bot.storage.records import load


async def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until `holds`, at most that long."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


async def idle(redis_url: str, seconds: float = 10) -> None:
    """Wait until nothing is left to be done about any invoice.

    Late twins are looked for during a day, and an open invoice is asked about until it ends; that
    is no work that is left.
    """
    deadline = time.monotonic() + seconds
    async with connect(redis_url) as redis:
        while open_ := await _open(redis):
            assert time.monotonic() < deadline, f"still to be done: {open_}"
            await asyncio.sleep(0.02)


async def _open(redis: Redis) -> list[str]:
    try:
        return [name async for name in _due(redis)]
    except RedisError as error:  # a cluster that has just been whole may be down for a moment more
        return [str(error)]


async def _due(redis: Redis) -> AsyncIterator[str]:
    for shard in keys.SHARDS:
        for invoice in await cast("Any", redis.zrange(keys.due(shard), 0, -1)):
            stored = await cast("Any", redis.hgetall(keys.record(invoice)))
            record = load(invoice, stored)
            announced = record.announced is record.face and not record.stale
            if "lu" in stored or record.hint or not announced:
                yield invoice
