"""The live cards of an invoice beside the seller's own: buyers', and views opened later."""

from typing import Any, Final, cast

from redis.asyncio import Redis

from bot.domain.cards import Card, Sight
from bot.storage import keys, scripts
from bot.storage.connection import translated

MOST_CARDS: Final = 20


class CardStore:
    """All methods raise `StorageAway`, and all may be repeated."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._add = redis.register_script(scripts.CARD)

    @translated
    async def add_card(self, invoice_id: str, card: Card) -> bool:
        """Keep a card up to date from now on. False when there are `MOST_CARDS` already."""
        what = f"{card.sight}{card.language}"
        args: list[str | int] = [_place(card), what, keys.CARDS, MOST_CARDS]
        return bool(await self._add(keys=[keys.cards(invoice_id)], args=args))

    @translated
    async def remove_card(self, invoice_id: str, card: Card) -> None:
        """It is not there any more."""
        await cast("Any", self._redis.hdel(keys.cards(invoice_id), _place(card)))

    @translated
    async def cards(self, invoice_id: str) -> list[Card]:
        """All of them."""
        stored = await cast("Any", self._redis.hgetall(keys.cards(invoice_id)))
        return [_load(place, what) for place, what in stored.items()]


def _place(card: Card) -> str:
    return f"{card.chat_id}:{card.message_id}"


def _load(place: str, what: str) -> Card:
    chat, message = place.split(":")
    return Card(int(chat), int(message), language=what[1:], sight=Sight(what[:1]))
