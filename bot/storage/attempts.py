"""Which updates are in hand, in which life of the process, and which were set aside.

`{intake}:begun` has `<update>:<life>` by the ms at which handling began. What a dead process left
there was being handled when it died; in the place of an update 0 and -1 say something of the whole
life, see `domain/attempts`. Everything lies in one slot and may be written twice.
"""

import time
from collections.abc import Collection, Iterable
from typing import Any, cast

from redis.asyncio import Redis

from bot.domain.attempts import Aside, Begun
from bot.domain.audit import Entry
from bot.storage import keys, scripts_audit
from bot.storage.audit import dumped
from bot.storage.connection import translated
from bot.storage.records import to_ms


class AttemptStore:
    """All methods raise `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._feed = redis.register_script(scripts_audit.FEED)
        self._drop = redis.register_script(scripts_audit.DROP)

    @translated
    async def begun(self) -> Begun:
        """All that began and did not end, in whatever life."""
        oldest = (time.time() - keys.BEGUN) * 1000
        stored = await cast("Any", self._redis.zrange(keys.ATTEMPTS, oldest, "+inf", byscore=True))
        lives: dict[int, set[str]] = {}
        for member in stored:
            number, _, life = member.partition(":")
            lives.setdefault(int(number), set()).add(life)
        return {number: frozenset(of) for number, of in lives.items()}

    @translated
    async def note(
        self, life: str, begun: Collection[int], ended: Iterable[tuple[int, str]]
    ) -> None:
        """Note what began in this `life`; strike off what ended, with the life it had begun in."""
        now = time.time() * 1000
        over = [_member(number, of) for number, of in ended]
        async with self._redis.pipeline(transaction=False) as pipe:
            if begun:
                pipe.zadd(keys.ATTEMPTS, {_member(number, life): now for number in begun})
                pipe.zremrangebyscore(keys.ATTEMPTS, "-inf", now - keys.BEGUN * 1000)
                pipe.expire(keys.ATTEMPTS, keys.BEGUN)
            if over:
                pipe.zrem(keys.ATTEMPTS, *over)
            await pipe.execute()

    @translated
    async def set_aside(self, update_id: int, raw: str, lives: Iterable[str]) -> None:
        """Keep an update for the admins; nobody handles it meanwhile."""
        number, over = str(update_id), [_member(update_id, life) for life in lives]
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(keys.ASIDE, number, raw)
            pipe.hdel(keys.PARKED, number)
            if over:
                pipe.zrem(keys.ATTEMPTS, *over)
            await pipe.execute()

    @translated
    async def aside(self) -> list[Aside]:
        """All that wait for an admin, oldest first."""
        stored = await cast("Any", self._redis.hgetall(keys.ASIDE))
        return [Aside(number, stored[str(number)]) for number in sorted(map(int, stored))]

    @translated
    async def feed(self, update_id: int, entry: Entry) -> bool:
        """Park it again, to be handled once more. False when it is not there."""
        wanted = [keys.ASIDE, keys.PARKED, keys.INTAKE_AUDIT]
        return bool(await self._feed(keys=wanted, args=_args(update_id, entry)))

    @translated
    async def drop(self, update_id: int, entry: Entry) -> bool:
        """Forget it. False when it was not there."""
        wanted = [keys.ASIDE, keys.INTAKE_AUDIT]
        return bool(await self._drop(keys=wanted, args=_args(update_id, entry)))


def _member(update_id: int, life: str) -> str:
    return f"{update_id}:{life}"


def _args(update_id: int, entry: Entry) -> list[str | int]:
    return [update_id, dumped(entry), to_ms(entry.at)]
