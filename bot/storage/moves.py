"""Groups that became supergroups: their new ids, and what still lies under the old ones.

That a group moved is noted for ever. Its keys then follow one by one, each written under the new id
before it goes from the old one, so that a move which was cut off can begin again.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Any, cast

from redis.asyncio import Redis

from bot.domain.chats import is_basic_group
from bot.domain.moved import Move
from bot.domain.people import Place
from bot.storage import keys
from bot.storage.chats import RECENT_KEPT
from bot.storage.connection import translated
from bot.storage.index import BUCKETS
from bot.storage.records import from_ms


class MoveStore:
    """All methods raise `StorageAway`, and all may be repeated. `noted` wakes who moves things."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._known: dict[int, int] = {}  # no group moves twice, so what is known stays true
        self.noted = asyncio.Event()

    @translated
    async def note(self, old: int, new: int) -> None:
        """The group `old` is the supergroup `new` from now on."""
        if self._known.get(old) == new:
            return
        # First, so that whoever knows that it moved may trust that its keys will follow.
        since = int(time.time() * 1000)
        await cast("Any", self._redis.hset(keys.MOVING, str(old), f"{new}@{since}"))
        await cast("Any", self._redis.set(keys.moved(old), new))
        self._known[old] = new
        self.noted.set()

    @translated
    async def current(self, chat_id: int) -> int:
        """The id under which a chat is known now."""
        if not is_basic_group(chat_id):
            return chat_id
        if chat_id not in self._known:
            new = await cast("Any", self._redis.get(keys.moved(chat_id)))
            if new is None:
                return chat_id
            self._known[chat_id] = int(new)
        return self._known[chat_id]

    @translated
    async def pending(self) -> list[Move]:
        """The moves that are not over yet."""
        stored = await cast("Any", self._redis.hgetall(keys.MOVING))
        parted = ((old, value.split("@")) for old, value in stored.items())
        return [Move(int(old), int(new), from_ms(since)) for old, (new, since) in parted]

    @translated
    async def settings(self, old: int, new: int) -> None:
        """The settings of the chat; what was set in the new one already stays."""
        stored = await cast("Any", self._redis.hgetall(keys.chat(old)))
        if stored and not await cast("Any", self._redis.exists(keys.chat(new))):
            await cast("Any", self._redis.hset(keys.chat(new), mapping=stored))
        await cast("Any", self._redis.delete(keys.chat(old)))

    @translated
    async def person(self, old: int, new: int, user_id: int) -> None:
        """What somebody asked for lately in the chat."""
        was, is_ = Place(old, user_id), Place(new, user_id)
        amounts = await cast("Any", self._redis.zrange(keys.recent(was), 0, -1, withscores=True))
        if amounts:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.zadd(keys.recent(is_), dict(amounts))
                pipe.zremrangebyrank(keys.recent(is_), 0, -RECENT_KEPT - 1)
                pipe.expire(keys.recent(is_), keys.RECENT)
                await pipe.execute()
            await cast("Any", self._redis.delete(keys.recent(was)))
        asked = await cast("Any", self._redis.hgetall(keys.asked(was)))
        if asked:
            if not await cast("Any", self._redis.exists(keys.asked(is_))):
                async with self._redis.pipeline(transaction=False) as pipe:
                    pipe.hset(keys.asked(is_), mapping=asked)
                    pipe.expire(keys.asked(is_), keys.ASKED)
                    await pipe.execute()
            await cast("Any", self._redis.delete(keys.asked(was)))

    @translated
    async def ids(self, old: int, *, skip: int, most: int) -> list[str]:
        """Ids of invoices that are still in the lists of the old chat."""
        for bucket in BUCKETS:
            listed = keys.listed(old, bucket)
            found: list[str] = await cast("Any", self._redis.zrange(listed, skip, skip + most - 1))
            if found:
                return found
            skip = max(0, skip - int(await cast("Any", self._redis.zcard(listed))))
        return []

    @translated
    async def leave(self, old: int, ids: Iterable[str]) -> None:
        """These are in the lists of the new chat."""
        gone = list(ids)
        if not gone:
            return
        async with self._redis.pipeline(transaction=False) as pipe:
            for bucket in BUCKETS:
                pipe.zrem(keys.listed(old, bucket), *gone)
            await pipe.execute()

    @translated
    async def done(self, old: int) -> None:
        """Everything has followed."""
        await cast("Any", self._redis.delete(keys.found(old)))
        await cast("Any", self._redis.hdel(keys.MOVING, str(old)))
