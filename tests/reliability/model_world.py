"""Two workers of the bot in one process, on a real Valkey, a clock that is set by hand, the local
provider's ledger and a chat that hears them. Strikes say what goes wrong, and where, next time."""

import asyncio
import itertools
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from redis.asyncio import Redis

from bot.domain.errors import (
    NotSent,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)
from bot.domain.invoice import Face, Invoice
from bot.domain.provider import NewInvoice, ProviderInvoice, Walk
from bot.sandbox.cryptocloud.ledger import FeePayer, Ledger, NotOpenError, Order
from bot.sandbox.cryptocloud.ledger import Invoice as Theirs
from bot.sandbox.cryptocloud.rates import COINS
from bot.services.supervisor import Supervisor
from tests.services.bench import Watch

CRASH, LATER_CRASH = "crash before", "crash after"
GROWS = (Face.PARTIAL, Face.LATE)  # news that rings again when more money comes

# What can be planned for the next call of a kind.
STRIKES: dict[str, Sequence[str]] = {
    "create": (CRASH, LATER_CRASH, "cut before", "cut after", "late", "not sent", "busy", "no"),
    "info": (CRASH, "cut before", "old", "busy", "unauthorized"),
    "walk": (CRASH, "cut before", "incomplete"),
    "cancel": (CRASH, LATER_CRASH, "cut before", "cut after", "unauthorized"),
    "message": (CRASH, LATER_CRASH, "wait", "cut before", "cut after", "closed"),
    "edit": (CRASH, LATER_CRASH, "wait", "cut before", "cut after", "closed", "gone"),
    "write": (CRASH, LATER_CRASH, "away before", "away after"),
    "read": (CRASH, LATER_CRASH, "away before", "away after"),
}
_BEFORE: dict[str, Exception] = {
    "cut before": Unsure("reset"),
    "not sent": NotSent("refused"),
    "busy": ProviderBusy(20),
    "no": ProviderRefused({"amount": "Too small."}),
    "unauthorized": ProviderUnauthorized({"key": "Unknown."}),
}


class Shop:
    """The provider. Its list shows what was created only after `lag`."""

    def __init__(self, clock: Watch) -> None:
        self.ledger = Ledger(clock, FeePayer.MERCHANT, FeePayer.MERCHANT)
        self.clock = clock
        self.lag = timedelta(0)
        self.down: ProviderError | None = None
        self.on_their_way: list[Order] = []  # creates that arrive after their time-out
        self.late: set[str] = set()  # uuids of those that did
        self.first_told: dict[str, ProviderInvoice] = {}
        self.misled: set[str] = set()  # uuids of which an old answer was given

    def arrive(self, order: Order) -> None:
        self.late.add(self.ledger.add(order).uuid)

    def told(self, theirs: Theirs) -> ProviderInvoice:
        left = theirs.due - theirs.received
        now = ProviderInvoice(
            uuid=theirs.uuid,
            status=theirs.status.value,
            link=f"https://pay.example/{theirs.id}",
            order_id=theirs.order.order_id,
            created=theirs.created,
            expires=theirs.expires,
            address=theirs.address or None,
            coin=theirs.coin.fullcode if theirs.coin else None,
            amount_to_pay=theirs.due if theirs.coin else None,
            amount_paid=theirs.received,
            to_surcharge=left if theirs.status.value == "partial" else None,
            received=theirs.received,
        )
        self.first_told.setdefault(now.uuid, now)
        return now


class Chats:
    """What people see, and whether each message was right to be sent."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.shown: dict[int, tuple[Any, ...]] = {}
        self.behind: set[int] = set()  # messages in closed chats
        self.heard: dict[str, list[tuple[Face, Decimal | None]]] = defaultdict(list)
        self.told: dict[str, list[tuple[Face, Decimal | None]]] = defaultdict(list)  # cards, too
        self.cards: Counter[str] = Counter()  # that were sent, less those that are gone
        self.open_fate: set[str] = set()  # invoices with a message whose fate nobody knows
        self.fates: Counter[str] = Counter()  # how often that was so
        self.unheard: set[str] = set()  # the chat was closed to news of these

    def unsure(self, invoice_id: str) -> None:
        self.open_fate.add(invoice_id)
        self.fates[invoice_id] += 1

    def show(self, invoice: Invoice) -> int:
        """A message that shows an invoice."""
        number = next(self._numbers)
        self.shown[number] = look(invoice)
        return number

    def card(self, invoice: Invoice) -> int:
        """The seller's own arrives."""
        self.cards[invoice.id] += 1
        assert self.cards[invoice.id] <= 1 + self.fates[invoice.id], "a second card"
        self._note(invoice)
        return self.show(invoice)

    def edited(self, number: int, invoice: Invoice) -> None:
        self.shown[number] = look(invoice)
        self.behind.discard(number)

    def _note(self, invoice: Invoice) -> None:
        self.told[invoice.id].append((invoice.face, invoice.paid))
        self.unheard.discard(invoice.id)

    def hear(self, invoice: Invoice, *, repeated: bool) -> None:
        """A message of its own arrives."""
        news = (invoice.face, invoice.paid if invoice.face in GROWS else None)
        again = news in self.heard[invoice.id]
        assert repeated or not again, f"{news} is told again, and not marked as repeated"
        assert not repeated or invoice.id in self.open_fate, f"{news} repeats nothing"
        self.heard[invoice.id].append(news)
        self._note(invoice)
        twice = len(self.heard[invoice.id]) - len(set(self.heard[invoice.id]))
        assert twice <= self.fates[invoice.id], f"{news} is told too often"


def look(invoice: Invoice) -> tuple[Any, ...]:
    """What a card shows."""
    return (
        invoice.face,
        invoice.paid,
        invoice.remaining,
        invoice.coin,
        invoice.address,
        invoice.amount_to_pay,
        invoice.expires,
        invoice.rest,
    )


@dataclass
class Outside:
    """What all workers share."""

    redis: Redis
    clock: Watch
    shop: Shop
    chats: Chats
    planned: dict[str, deque[str]]


class Body:
    """What a worker lives in. When it dies, everything in it stands still for ever."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.supervisor = Supervisor()
        self.death: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def die(self) -> None:
        if not self.death.done():
            self.death.set_result(None)
        await asyncio.get_running_loop().create_future()

    async def struck(self, kind: str) -> str:
        """What was planned for this call, which may be the last one."""
        if self.death.done():
            await self.die()
        planned = self.outside.planned[kind]
        what = planned.popleft() if planned else ""
        if what == CRASH:
            await self.die()
        return what

    async def ended(self, what: str) -> None:
        if what == LATER_CRASH:
            await self.die()

    async def settle(self) -> None:
        """Until nothing runs, or it is dead."""
        while tasks := set(self.supervisor._tasks):
            await asyncio.wait({*tasks, self.death}, return_when=asyncio.FIRST_COMPLETED)
            if self.death.done():
                break


class Calls:
    """A worker's way to the provider."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._shop = body.outside.shop

    async def _called(self, kind: str) -> str:
        what = await self._body.struck(kind)
        if self._shop.down is not None:
            raise self._shop.down
        if what in _BEFORE:
            raise _BEFORE[what]
        return what

    async def create(self, new: NewInvoice) -> ProviderInvoice:
        what = await self._called("create")
        coin = COINS[new.coins[0]] if len(new.coins) == 1 else None
        lasts = new.lifetime or timedelta(hours=24)
        order = Order(new.amount, new.currency, lasts, new.order_id, new.email, coin, new.coins)
        if what == "late":
            self._shop.on_their_way.append(order)
            raise Unsure("time-out")
        made = self._shop.ledger.add(order)
        await self._body.ended(what)
        if what == "cut after":
            raise Unsure("time-out")
        return self._shop.told(made)

    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]:
        what = await self._called("info")
        if what == "old":
            self._shop.misled.update(uuids)
            return [self._shop.first_told[uuid] for uuid in uuids if uuid in self._shop.first_told]
        found = [self._shop.ledger.find(uuid) for uuid in uuids]
        return [self._shop.told(theirs) for theirs in found if theirs is not None]

    async def walk(self, start: date, end: date) -> Walk:
        what = await self._called("walk")
        if what == "incomplete":
            return Walk(start, end, (), complete=False)
        listed = self._shop.ledger.listed(start, end, self._shop.lag)
        return Walk(start, end, tuple(map(self._shop.told, listed)), complete=True)

    async def cancel(self, uuid: str) -> None:
        what = await self._called("cancel")
        try:
            self._shop.ledger.cancel(uuid)
        except NotOpenError:
            raise ProviderRefused({"uuid": "Not open."}) from None
        await self._body.ended(what)
        if what == "cut after":
            raise Unsure("time-out")
