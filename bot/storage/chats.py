"""Chats, and what a handler needs to know before it starts, in one round trip."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.domain.audit import Entry
from bot.domain.chats import ChatSettings, Issuers
from bot.domain.known import Asked, Known
from bot.domain.people import Place
from bot.storage import drafts, keys, scripts_audit
from bot.storage.audit import dumped
from bot.storage.connection import translated
from bot.storage.records import to_ms
from bot.storage.sellers import load_seller

RECENT_KEPT: Final = 4


class ChatStore:
    """Settings and what was asked for lately. All methods raise `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._note = redis.register_script(scripts_audit.NOTE)

    @translated
    async def known(self, place: Place) -> Known:
        """Everything about who speaks where, in one round trip."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hget(keys.SELLERS, str(place.user_id))
            pipe.hgetall(keys.chat(place.chat_id))
            pipe.hgetall(keys.draft(place))
            pipe.exists(keys.closed(place.chat_id))
            pipe.hgetall(keys.asked(place))
            seller, settings, stored, closed, asked = await pipe.execute()
        return Known(
            load_seller(place.user_id, seller) if seller else None,
            _load_settings(settings),
            drafts.load(stored),
            bool(closed),
            Asked(asked["digest"], asked["id"]) if asked else None,
        )

    @translated
    async def save_settings(self, chat_id: int, settings: ChatSettings, entry: Entry) -> None:
        """Replace the settings of a chat, then tell the audit trail, which lies elsewhere. Who is
        interrupted between must do both again: writing the same twice is harmless."""
        known = _dump_settings(settings)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(keys.chat(chat_id))
            if known:
                pipe.hset(keys.chat(chat_id), mapping=known)
            await pipe.execute()
        await self._note(keys=[keys.CHATS_AUDIT], args=[dumped(entry), to_ms(entry.at)])

    @translated
    async def note_asked(
        self, place: Place, *, digest: str, invoice: str, recent: str, now: datetime
    ) -> None:
        """Remember a request, to recognise it when it is typed again, and its amount."""
        asked, amounts = keys.asked(place), keys.recent(place)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hset(asked, mapping={"digest": digest, "id": invoice})
            pipe.expire(asked, keys.ASKED)
            pipe.zadd(amounts, {recent: now.timestamp()})
            pipe.zremrangebyrank(amounts, 0, -RECENT_KEPT - 1)
            pipe.expire(amounts, keys.RECENT)
            await pipe.execute()

    @translated
    async def recent(self, place: Place) -> list[str]:
        """Amounts asked for lately, newest first, as "50 EUR"."""
        found: list[str] = await cast(
            "Any", self._redis.zrevrange(keys.recent(place), 0, RECENT_KEPT - 1)
        )
        return found


def _dump_settings(settings: ChatSettings) -> dict[str, str]:
    known = {
        "currency": settings.currency,
        "coins": ",".join(settings.coins),
        "lifetime": settings.lifetime and str(int(settings.lifetime.total_seconds())),
        "language": settings.language,
        "reminder": settings.reminder and str(int(settings.reminder.total_seconds())),
        "issuers": "" if settings.issuers is Issuers.SELLERS else settings.issuers,
        "alerts": settings.alerts,
    }
    return {name: value for name, value in known.items() if value}


def _load_settings(stored: Mapping[str, str]) -> ChatSettings:
    lifetime, reminder = stored.get("lifetime"), stored.get("reminder")
    return ChatSettings(
        currency=stored.get("currency"),
        coins=tuple(filter(None, stored.get("coins", "").split(","))),
        lifetime=timedelta(seconds=int(lifetime)) if lifetime else None,
        language=stored.get("language"),
        reminder=timedelta(seconds=int(reminder)) if reminder else None,
        issuers=Issuers(stored.get("issuers", Issuers.SELLERS)),
        alerts=stored.get("alerts", ""),
    )
