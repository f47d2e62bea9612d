"""Updates that outlived their batch, and who may ask Telegram for the next one."""

import time
from collections.abc import Mapping
from typing import Any, cast

from redis.asyncio import Redis

from bot.storage import keys, scripts
from bot.storage.connection import translated


class IntakeStore:
    """Parked updates as raw JSON by update id. All methods raise `StorageAway`."""

    def __init__(self, redis: Redis, *, alone: bool = False) -> None:
        """`alone` (the embedded store: one process): nobody else can be polling."""
        self._redis = redis
        self._alone = alone
        self._hold = redis.register_script(scripts.HOLD)
        self._let_go = redis.register_script(scripts.LET_GO)

    @translated
    async def park(self, updates: Mapping[int, str]) -> None:
        """Keep updates over a restart."""
        mapping: dict[str | bytes, Any] = {str(number): raw for number, raw in updates.items()}
        await cast("Any", self._redis.hset(keys.PARKED, mapping=mapping))

    @translated
    async def unpark(self, update_id: int) -> None:
        """It was handled."""
        await cast("Any", self._redis.hdel(keys.PARKED, str(update_id)))

    @translated
    async def parked(self) -> dict[int, str]:
        """All that are kept, oldest first."""
        stored = await cast("Any", self._redis.hgetall(keys.PARKED))
        return dict(sorted((int(number), raw) for number, raw in stored.items()))

    @translated
    async def hold_poller(self, owner: str, seconds: float) -> bool:
        """Be the one that polls for the next `seconds`; False when another is."""
        if self._alone:
            return True
        return bool(await self._hold(keys=[keys.POLLER], args=[owner, int(seconds * 1000)]))

    @translated
    async def beat(self) -> None:
        """Note that a bot is here now."""
        await cast("Any", self._redis.set(keys.ALIVE, int(time.time()), ex=keys.ALIVE_KEPT))

    @translated
    async def away(self) -> float | None:
        """Seconds since a bot was last here; None when that is not known."""
        seen = await cast("Any", self._redis.get(keys.ALIVE))
        return None if seen is None else time.time() - int(seen)

    @translated
    async def let_go_poller(self, owner: str) -> None:
        """Let another one poll at once."""
        await self._let_go(keys=[keys.POLLER], args=[owner])
