"""Chats that the bot may not write to: who blocked it, who deleted the account, who removed it."""

from typing import Any, cast

from redis.asyncio import Redis

from bot.storage import keys
from bot.storage.connection import translated


class ClosedChats:
    """All methods raise `StorageAway`, and all may be repeated."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @translated
    async def is_closed(self, chat_id: int) -> bool:
        """Whether it was noted, and nobody has written there since."""
        return bool(await cast("Any", self._redis.exists(keys.closed(chat_id))))

    @translated
    async def note_closed(self, chat_id: int) -> None:
        """Telegram refuses what the bot writes there. After `keys.CLOSED` it may be tried again."""
        await cast("Any", self._redis.set(keys.closed(chat_id), "1", ex=keys.CLOSED))

    @translated
    async def note_open(self, chat_id: int) -> None:
        """Somebody wrote there, or let the bot in again."""
        await cast("Any", self._redis.delete(keys.closed(chat_id)))
