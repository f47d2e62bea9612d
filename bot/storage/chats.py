"""Chats, and what a handler needs to know before it starts, in one round trip."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.commands.core import AsyncScript

from bot.domain.audit import Entry
from bot.domain.chats import ChatSettings, Issuers
from bot.domain.invoice import Invoice
from bot.domain.known import Asked, Known
from bot.domain.money import plain_amount
from bot.domain.people import Place
from bot.storage import drafts, keys, scripts_audit, scripts_chats
from bot.storage.audit import dumped
from bot.storage.connection import translated
from bot.storage.records import paired, to_ms
from bot.storage.sellers import load_seller
from bot.storage.together import together

RECENT_KEPT: Final = 4


class ChatStore:
    """Settings and what was asked for lately. All methods raise `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._note = redis.register_script(scripts_audit.NOTE)
        self.known_script = redis.register_script(scripts_chats.KNOWN)

    @translated
    async def known(self, place: Place) -> Known:
        """Everything about who speaks where, in one round trip."""
        answers = await together(
            self._redis, [self.known_script], lambda pipe: self.ask(pipe, place)
        )
        return self.told(place, answers)

    def ask(self, pipe: Pipeline, place: Place) -> None:
        """The two commands whose answers `told` reads, for whoever sends more in one round trip."""
        chat = place.chat_id
        here = (keys.chat(chat), keys.draft(place), keys.closed(chat), keys.asked(place))
        pipe.hget(keys.SELLERS, str(place.user_id))
        pipe.evalsha(self.known_script.sha, len(here), *here)

    @staticmethod
    def told(place: Place, answers: Sequence[Any]) -> Known:
        """What they say."""
        seller, told = answers
        settings, stored, closed, asked = told
        last = paired(asked)
        return Known(
            load_seller(place.user_id, seller) if seller else None,
            _load_settings(paired(settings)),
            drafts.load(paired(stored)),
            bool(closed),
            Asked(last["digest"], last["id"]) if last else None,
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
    async def recent(self, place: Place) -> list[str]:
        """Amounts asked for lately, newest first, as "50 EUR"."""
        found: list[str] = await cast(
            "Any", self._redis.zrevrange(keys.recent(place), 0, RECENT_KEPT - 1)
        )
        return found


def add_asked(pipe: Pipeline, note: AsyncScript, invoice: Invoice, digest: str) -> None:
    """The command that remembers a request, to recognise it when it is typed again, and its amount,
    for whoever writes the intent in the same round trip."""
    place = Place(invoice.chat_id, invoice.seller_id)
    both = keys.asked(place), keys.recent(place)
    recent = f"{plain_amount(invoice.amount)} {invoice.currency}"
    kept = keys.ASKED, keys.RECENT, RECENT_KEPT, invoice.asked_at.timestamp(), recent
    pipe.evalsha(note.sha, 2, *both, *kept, "digest", digest, "id", invoice.id)


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
