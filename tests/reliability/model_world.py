"""Two workers of the bot in one process, on a real Valkey, a clock that is set by hand, the local
provider's ledger and a chat that hears them. Strikes say what goes wrong, and where, next time."""

import asyncio
import itertools
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from redis.asyncio import Redis

from bot.domain.invoice import Face, Invoice
from bot.services.supervisor import Supervisor
from tests.services.bench import Watch

CRASH, LATER_CRASH = "crash before", "crash after"
ENDLESS = 8  # seconds: work that takes so long goes round in a circle
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

    def delete(self, number: int, *, own: bool, of: str) -> None:
        """Somebody deletes it; its seller then gets another one with the next news."""
        if self.shown.pop(number, None) is not None and own:
            self.cards[of] -= 1

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
        await asyncio.sleep(0)  # as every call over a network does
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
        async with asyncio.timeout(ENDLESS):
            while tasks := set(self.supervisor._tasks):
                await asyncio.wait({*tasks, self.death}, return_when=asyncio.FIRST_COMPLETED)
                if self.death.done():
                    break
