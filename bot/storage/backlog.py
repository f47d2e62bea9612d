"""What waits to be done, counted where that costs the same with a million records."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.storage import keys
from bot.storage.connection import translated
from bot.storage.records import to_ms

AT_ONCE: Final = 0  # the score of what somebody wished for, see `scripts.HINT`


@dataclass(frozen=True, slots=True)
class Backlog:
    """`scheduled` counts invoices that will be looked at some time, `due` those of them that are
    to be looked at now. `oldest` is for how long the first of these has been due. `parked` counts
    updates that outlived their batch."""

    scheduled: int
    due: int
    oldest: timedelta
    parked: int


class BacklogStore:
    """Reads it. For whoever watches the bot, every few seconds."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
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
