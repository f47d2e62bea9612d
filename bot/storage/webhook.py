"""Which secret Telegram was given, as an HMAC."""

from datetime import datetime
from typing import Any, cast

from redis.asyncio import Redis

from bot.domain.webhook import SecretNote
from bot.storage import keys
from bot.storage import scripts_intake as scripts
from bot.storage.connection import translated
from bot.storage.records import from_ms, to_ms


class WebhookStore:
    """All methods raise `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._note = redis.register_script(scripts.WEBHOOK_NOTE)

    @translated
    async def read(self) -> SecretNote:
        """What was noted; empty at first."""
        stored = await cast("Any", self._redis.hgetall(keys.WEBHOOK))
        return SecretNote(
            stored.get("secret", ""),
            stored.get("former", ""),
            from_ms(stored["until"]) if "until" in stored else None,
        )

    @translated
    async def write(self, secret: str, *, former_until: datetime) -> SecretNote:
        """Note it; the one before, if it was another, counts until then. Returns the whole note."""
        await self._note(keys=[keys.WEBHOOK], args=[secret, to_ms(former_until)])
        return await self.read()
