"""What waits to be done, counted where that costs the same with a million records."""

from datetime import datetime, timedelta
from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.domain.condition import Backlog
from bot.domain.invoice import Status
from bot.storage import keys, scripts
from bot.storage.connection import translated
from bot.storage.records import FIELDS, to_ms

AT_ONCE: Final = 0  # the score of what somebody wished for, see `scripts.HINT`
SOON: Final = timedelta(seconds=35)  # a creation of unknown ending is looked for at least so often
MOST: Final = 1000  # records of a shard that are read to find those


class BacklogStore:
    """Reads it. For whoever watches the bot, every few seconds."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._unsure = redis.register_script(scripts.UNSURE)
        self._wished: dict[str, tuple[str, datetime]] = {}

    @translated
    async def read(self, now: datetime) -> Backlog:
        """One pipeline, no key of which is walked through. Raises `StorageAway`."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in keys.SHARDS:
                due = keys.due(shard)
                pipe.zcard(due)
                pipe.zcount(due, "-inf", to_ms(now))
                pipe.zrangebyscore(due, "-inf", AT_ONCE, start=0, num=1)
                first = (f"({AT_ONCE}", to_ms(now))
                pipe.zrangebyscore(due, *first, start=0, num=1, withscores=True)
            pipe.hlen(keys.PARKED)
            *answers, parked = await cast("Any", pipe.execute())
        scheduled = due_now = 0
        since = [now]
        for shard, at in zip(keys.SHARDS, range(0, len(answers), 4), strict=True):
            counted, ready, wished, first_due = answers[at : at + 4]
            scheduled += counted
            due_now += ready
            since.append(self._wished_since(shard, wished, now))
            since += [now - timedelta(milliseconds=to_ms(now) - score) for _, score in first_due]
        return Backlog(scheduled, due_now, now - min(since), parked)

    @translated
    async def unsure(self, now: datetime) -> int:
        """How many creations have an ending that nobody knows, of those that are looked for next.
        It reads records: for a person's question only. Raises `StorageAway`."""
        names = [FIELDS["status"].name, Status.CREATING, FIELDS["attempt_ended"].name]
        async with self._redis.pipeline(transaction=False) as pipe:
            for shard in keys.SHARDS:
                args: list[str | int] = [keys.record_prefix(shard), to_ms(now + SOON), MOST, *names]
                await self._unsure(keys=[keys.due(shard)], args=args, client=pipe)
            return sum(await pipe.execute())

    def _wished_since(self, shard: str, wished: list[str], now: datetime) -> datetime:
        """What is due at once does not say since when; so one that is met again and again counts
        from when it was first met."""
        if not wished:
            self._wished.pop(shard, None)
            return now
        known = self._wished.get(shard)
        if known is None or known[0] != wished[0]:
            known = self._wished[shard] = wished[0], now
        return known[1]
