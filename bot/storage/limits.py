"""How often somebody may do something, counted over all replicas."""

import asyncio
import logging
import math
import time
from typing import Any, Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.storage.keys import LIMITS

log = logging.getLogger(__name__)

PATIENCE: Final = 0.3  # seconds of a slow store; a limit is no reason to keep people waiting

# Far above what a seller does by hand. They keep a runaway script from flooding the provider.
RATES: Final[dict[str, RateLimitItem]] = {
    "create": RateLimitItemPerMinute(60),  # requests for invoices, of one seller
    "create_here": RateLimitItemPerMinute(120),  # of all sellers in one group
    "look": RateLimitItemPerMinute(6),  # at the provider, for one person
    "picture": RateLimitItemPerMinute(6),
    "open": RateLimitItemPerMinute(20, 10),  # buyers' links: right ones and guesses alike
    "stranger": RateLimitItemPerMinute(10),  # answers to one who has no right here
    "stranger_here": RateLimitItemPerMinute(10),  # to all of these in one group
    "file": RateLimitItemPerMinute(4),
    "postback": RateLimitItemPerMinute(30),  # those that were none, of one address
}


class _OurStorage(RedisStorage):
    """What `limits` knows of Redis, over our own connections, be they to one server or to many."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        super().__init__("redis://", implementation="redispy", key_prefix=LIMITS)

    def configure_bridge(self) -> None:
        """In place of connections that it would make itself."""
        bridge: Any = self.bridge
        bridge.storage = self._redis
        bridge.connection_getter = lambda _readonly: self._redis


class Limits:
    """Moving windows. A store that is slow or away limits nothing."""

    def __init__(self, redis: Redis) -> None:
        self._limiter = MovingWindowRateLimiter(_OurStorage(redis))

    async def free(self, what: str, *who: int | str) -> bool:
        """Whether one more `what` of `RATES` may be now. It is not counted."""
        rate, whose = RATES[what], (what, *map(str, who))
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._limiter.test(rate, *whose)
        except (RedisError, OSError, TimeoutError):
            return True  # `take` says so

    async def take(self, what: str, *who: int | str) -> int:
        """Count one `what` of `RATES`. 0: it may be; else the seconds to wait for the next."""
        rate, whose = RATES[what], (what, *map(str, who))
        try:
            async with asyncio.timeout(PATIENCE):
                if await self._limiter.hit(rate, *whose):
                    return 0
                free = (await self._limiter.get_window_stats(rate, *whose)).reset_time
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("limit of %s not counted: %s", what, type(error).__name__)
            return 0
        return max(1, math.ceil(free - time.time()))
