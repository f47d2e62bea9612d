"""A worker of the model world: the bot's own services, between a store and chats that fail."""

import itertools
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.domain.audit import Entry
from bot.domain.cards import Card
from bot.domain.errors import (
    CardGone,
    ChatClosed,
    DeliveryUnsure,
    NotDelivered,
    ProviderError,
    StorageAway,
)
from bot.domain.invoice import Invoice, Wish
from bot.services.asker import Asker
from bot.services.creation import Creation
from bot.services.following import Following
from bot.services.guard import Guard, Guarded
from bot.services.hint import Hint
from bot.services.invoicing import Invoicing
from bot.services.leases import Leases
from bot.services.ports import Pace
from bot.services.postbacks import Postbacks
from bot.services.reconciler import Reconciler
from bot.services.showing import Showing
from bot.services.walks import Walks
from bot.services.watching import Watching
from bot.storage.cards import CardStore
from bot.storage.invoices import InvoiceStore
from bot.storage.moves import MoveStore
from tests.reliability.model_shop import Calls, Shop
from tests.reliability.model_world import Body, Outside

KEY = b"k" * 32
# Waiting goes by the clock that is set by hand; a slow machine loses no lease for it.
PACE = Pace(gather=timedelta(0), lease_lost=timedelta(minutes=1))

T = TypeVar("T")
_boots = itertools.count(1)


class Store(InvoiceStore):
    """The real one, which is away now and then: before it does what is asked, or after it."""

    def __init__(self, body: Body, boot: str) -> None:
        super().__init__(body.outside.redis, boot=boot)
        self._body = body

    async def _reached(self, kind: str, call: Callable[[], Awaitable[T]]) -> T:
        what = await self._body.struck(kind)
        if what == "away before":
            raise StorageAway("refused")
        answer = await call()
        await self._body.ended(what)
        if what == "away after":
            raise StorageAway("time-out")
        return answer

    async def write_intent(
        self, invoice: Invoice, owner: str, now: datetime, *, digest: str = ""
    ) -> bool:
        call = super().write_intent
        return await self._reached("write", lambda: call(invoice, owner, now, digest=digest))

    async def lease(self, invoice_id: str, owner: str, now: datetime) -> Invoice | None:
        call = super().lease
        return await self._reached("read", lambda: call(invoice_id, owner, now))

    async def take_due(
        self, owner: str, now: datetime, *, before: datetime, most: int
    ) -> list[Invoice]:
        call = super().take_due
        return await self._reached("read", lambda: call(owner, now, before=before, most=most))

    async def give_back(self, invoice_id: str, owner: str, now: datetime) -> bool:
        if self._body.death.done():
            raise StorageAway("nobody is there to ask")
        return await super().give_back(invoice_id, owner, now)

    async def commit(self, old: Invoice, new: Invoice, owner: str, *, place: bool = False) -> bool:
        call = super().commit
        return await self._reached("write", lambda: call(old, new, owner, place=place))

    async def release(self, old: Invoice, new: Invoice, owner: str, due: datetime | None) -> bool:
        call = super().release
        return await self._reached("write", lambda: call(old, new, owner, due))

    async def wish(
        self,
        invoice_id: str,
        wish: Wish,
        now: datetime,
        about: str = "",
        entry: Entry | None = None,
    ) -> bool:
        call = super().wish
        return await self._reached("write", lambda: call(invoice_id, wish, now, about, entry))


class Voice:
    """A worker's way to people."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._chats = body.outside.chats

    async def _message(self, invoice: Invoice, arrive: Callable[[], T]) -> T:
        what = await self._body.struck("message")
        if what == "wait":
            raise NotDelivered("flood", 3)
        if what == "closed":
            self._chats.unheard.add(invoice.id)
            raise ChatClosed("blocked")
        if what == "cut before":
            self._chats.unsure(invoice.id)
            raise DeliveryUnsure("reset")
        arrived = arrive()
        await self._body.ended(what)
        if what == "cut after":
            self._chats.unsure(invoice.id)
            raise DeliveryUnsure("time-out")
        self._chats.open_fate.discard(invoice.id)
        return arrived

    async def send(self, invoice: Invoice) -> Card:
        number = await self._message(invoice, lambda: self._chats.card(invoice))
        return Card(invoice.chat_id, number)

    async def ring(self, invoice: Invoice, *, repeated: bool) -> None:
        await self._message(invoice, lambda: self._chats.hear(invoice, repeated=repeated))

    async def remind(self, invoice: Invoice, card: Card | None) -> None:
        raise NotImplementedError  # nobody in this world has set a reminder

    async def working(self, invoice: Invoice) -> None:
        """A sign of life leaves no trace."""

    async def edit(self, invoice: Invoice, card: Card) -> None:
        what = await self._body.struck("edit")
        if what == "wait":
            raise NotDelivered("flood", 3)
        if what == "closed":
            self._chats.behind.add(card.message_id)
            raise ChatClosed("blocked")
        if what == "cut before":
            raise DeliveryUnsure("reset")
        if what == "gone":
            self._chats.delete(card.message_id, own=card in invoice.cards, of=invoice.id)
        if card.message_id not in self._chats.shown:
            raise CardGone("not found")
        self._chats.edited(card.message_id, invoice)
        await self._body.ended(what)
        if what == "cut after":
            raise DeliveryUnsure("time-out")


class Worker(Body):
    """One life of one process of the bot."""

    def __init__(self, outside: Outside, shop: Shop) -> None:
        super().__init__(outside)
        clock = outside.clock
        self.boot = f"b{next(_boots)}"
        self.store = Store(self, self.boot)
        guard = Guard()
        provider = Guarded(Calls(self, shop), guard)
        voice = Voice(self)
        self.cards = CardStore(outside.redis)
        asker = Asker(provider, self.supervisor, PACE, clock)
        hint = Hint(voice, self.supervisor, PACE)
        moves = MoveStore(outside.redis)
        self.reconciler = Reconciler(
            self.store,
            Creation(provider, guard, Walks(provider, clock), hint, PACE, clock),
            Watching(self.store, provider, asker, PACE, clock),
            Showing(voice, self.cards, PACE, clock),
            Leases(self.store, self.boot, PACE, clock),
            self.supervisor,
            PACE,
            clock,
            moves=moves,
        )
        self.following = Following(
            self.store, moves, self.reconciler, self.supervisor, clock, key=KEY
        )
        self.invoicing = Invoicing(self.reconciler, self.store, key=KEY, bot_id=1, clock=clock)
        self.postbacks = Postbacks(self.store, asker, self.reconciler, self.supervisor, clock)

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """What a person or the provider brings; who meets a store that is away comes again."""

        async def patiently() -> None:
            with suppress(StorageAway, ProviderError):
                await work

        self.supervisor.start(patiently(), "from outside")

    def take_due(self) -> None:
        """One look of the scheduler, and all that comes of it."""

        async def look() -> None:
            while await self.reconciler._take(self.outside.clock()):
                pass

        self.begin(look())
