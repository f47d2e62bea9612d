"""What must hold of every invoice: at each moment, when all is quiet, and in the end."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.domain.invoice import Bucket, Face, Invoice, Stale, Status, id_in_order
from bot.services.schedule import can_change
from bot.storage import keys
from bot.storage.cards import CardStore
from bot.storage.index import BUCKETS, IndexStore
from bot.storage.records import load
from tests.reliability.model_shop import Shop
from tests.reliability.model_world import GROWS, Outside, look

NEWS: Final = {Face.PARTIAL, Face.PAID, Face.OVERPAID, Face.SHORT, Face.LATE, Face.EXPIRED}

_ENDS: Final = {Status.EXPIRED, Status.CANCELLED, Status.SHORT}
_PAID: Final = {Status.PAID, Status.OVERPAID}
# What may follow, in however many steps: told apart from the bot's own table, which it checks.
_AFTER: Final[dict[Status, set[Status]]] = {
    Status.CREATING: set(Status),
    Status.CREATED: set(Status) - {Status.CREATING, Status.REFUSED},
    Status.PARTIAL: _PAID | {Status.SHORT, Status.LATE},
    Status.PAID: {Status.OVERPAID},
    **{end: {Status.LATE} for end in _ENDS},
}


@dataclass(frozen=True)
class Seen:
    """A record as it lies in the store, with its lease and its place in the schedule."""

    invoice: Invoice
    leased: bool
    due: float | None

    @property
    def quiet(self) -> bool:
        """Nothing is left to be done but to look again."""
        one = self.invoice
        told = one.announced is one.face and one.told == one.paid and one.stale is Stale.NONE
        placed = one.bucket is one.indexed
        return one.status is not Status.CREATING and told and placed and not one.hint

    @property
    def finished(self) -> bool:
        """Nobody has to come back to it."""
        return self.quiet and not can_change(self.invoice) and self.invoice.twins_until is None


class Faults(logging.Handler):
    """What the bot noted as a fault of its own, with a traceback."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.found.append(f"{record.getMessage()}: {record.exc_info[1]!r}")


class Checks:
    """Remembers what it saw, so that nothing goes back."""

    def __init__(self, outside: Outside, shop: Shop) -> None:
        self._shop = shop
        self._outside = outside
        self._before: dict[str, Invoice] = {}
        self._index = IndexStore(outside.redis)
        self._cards = CardStore(outside.redis)

    async def seen(self, ids: Iterable[str]) -> list[Seen]:
        """The records that are there."""
        wanted = list(ids)
        async with self._outside.redis.pipeline(transaction=False) as pipe:
            for one in wanted:
                pipe.hgetall(keys.record(one))
                pipe.zscore(keys.due(keys.shard(one)), one)
            answers = await pipe.execute()
        found = zip(wanted, answers[::2], answers[1::2], strict=True)
        return [Seen(load(one, held), "lu" in held, due) for one, held, due in found if held]

    def always(self, seen: Iterable[Seen]) -> None:
        """Whatever has just happened."""
        self._one_each()
        for record in seen:
            now = record.invoice
            was = self._before.get(now.id, now)
            after = _AFTER.get(was.status, set())
            assert now.status is was.status or now.status in after, f"{was.status}, {now.status}"
            assert _sum(now.paid) >= _sum(was.paid), "money was forgotten"
            assert not was.uuid or now.uuid == was.uuid
            assert record.due is not None or (record.quiet and not record.leased), "it is lost"
            self._before[now.id] = now

    def _one_each(self) -> None:
        """What arrived after its time-out is a late twin; nothing else is made twice."""
        shop = self._shop
        made = [one for one in shop.ledger.all() if one.uuid not in shop.late]
        for order, number in Counter(one.order.order_id for one in made).items():
            assert number == 1, f"{number} invoices for {order}"

    async def quiet(self, seen: Iterable[Seen]) -> None:
        """Nothing is under way, and the provider is well."""
        for record in seen:
            one = record.invoice
            assert not record.leased
            assert not record.finished or record.due is None, f"{one.status} is still scheduled"
            self._told(one)
            await self._shown(one)
            await self._listed(one)

    def _told(self, one: Invoice) -> None:
        chats = self._outside.chats
        if one.face not in NEWS or one.id in chats.unheard or chats.fates[one.id]:
            return
        told = chats.told[one.id]
        assert one.face in [face for face, _ in told], f"{one.face} was never told"
        if one.face in GROWS:
            assert (one.face, one.paid) in told, f"{one.paid} was never told"

    async def _shown(self, one: Invoice) -> None:
        chats = self._outside.chats
        assert one.cards or one.id in chats.unheard or chats.fates[one.id], "it has no card"
        for card in (*one.cards, *await self._cards.cards(one.id)):
            if card.message_id in chats.behind:
                continue
            shown = chats.shown.get(card.message_id)
            assert shown in (None, look(one)), f"the card says {shown}, not {look(one)}"

    async def _listed(self, one: Invoice) -> None:
        for owner in (one.chat_id, one.seller_id):
            for bucket in BUCKETS:
                listed = keys.listed(owner, bucket)
                there = await self._outside.redis.zscore(listed, one.id) is not None
                assert there is (bucket is one.bucket), f"{one.bucket}, in {bucket}: {there}"
            uuid = one.uuid.removeprefix("INV-") or "NONE"
            found = [
                *await self._index.find(owner, uuid=uuid),
                *await self._index.find(owner, order=one.order or "none"),
                *await self._index.find_amount(owner, one.amount, one.currency),
            ]
            times = [invoice.id for invoice in found].count(one.id)
            wanted = 0 if one.bucket is Bucket.NONE else 3 if one.order else 2
            assert times == wanted, f"found {times} times"

    def looked(self, seen: Iterable[Seen], expected: dict[str, Decimal]) -> None:
        """All that is scheduled was looked at since: the record knows what the provider does."""
        shop = self._shop
        records = {record.invoice.uuid: record for record in seen if record.invoice.uuid}
        for uuid, record in records.items():
            theirs = shop.ledger.get(uuid)
            one = record.invoice
            # After an old answer only what is looked at by itself is sure to be asked about again.
            if (can_change(one) and record.due is not None) or uuid not in shop.misled:
                assert _sum(one.paid) >= expected.get(uuid, 0), f"money is not known: {one}"
            assert _sum(one.paid) <= theirs.received, "money that nobody sent"
        kept = {record.invoice.id: record.invoice.uuid for record in seen}
        for theirs in shop.ledger.all():
            if kept.get(id_in_order(theirs.order.order_id)) != theirs.uuid:
                assert theirs.status.value == "canceled", f"{theirs.uuid} lives beside the record's"

    def rests(self, seen: Iterable[Seen]) -> None:
        """Who asks for the rest of another is named there."""
        records = {record.invoice.id: record.invoice for record in seen}
        for one in records.values():
            if one.rest_of is not None and one.uuid:
                assert records[one.rest_of.id].rest == one.uuid


def _sum(money: Decimal | None) -> Decimal:
    return money or Decimal(0)
