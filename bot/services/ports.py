"""What the services need from the outside. `app.py` hands them the real things."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain.audit import Entry
from bot.domain.cards import Card
from bot.domain.invoice import Invoice, Wish
from bot.domain.moved import Move
from bot.domain.people import Place
from bot.domain.provider import NewInvoice, ProviderInvoice, Walk

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait for what. Only tests choose other values than these; `look`, between two
    looks at a young open invoice, is the admin's POLL_INTERVAL. `late` is how long after its end an
    invoice is watched for money that comes late."""

    patience: timedelta = timedelta(seconds=1)
    tick: timedelta = timedelta(seconds=0.25)
    renew: timedelta = timedelta(seconds=1)
    lease_lost: timedelta = timedelta(seconds=3)
    first_look: timedelta = timedelta(seconds=2)
    longest_look: timedelta = timedelta(seconds=30)
    first_walk: timedelta = timedelta(seconds=60)
    second_walk: timedelta = timedelta(seconds=30)
    retry: timedelta = timedelta(seconds=5)
    unreachable: timedelta = timedelta(minutes=2)
    stale: timedelta = timedelta(minutes=10)
    twins: timedelta = timedelta(hours=24)
    twin_look: timedelta = timedelta(minutes=5)
    look: timedelta = timedelta(seconds=15)
    gather: timedelta = timedelta(seconds=0.5)
    longest_rest: timedelta = timedelta(minutes=5)
    late: timedelta = timedelta(hours=48)


class Leased(Protocol):
    """What leases are on. Everything raises `StorageAway`."""

    async def renew(self, name: str, owner: str, now: datetime, /) -> bool: ...
    async def give_back(self, name: str, owner: str, now: datetime, /) -> bool: ...


class InvoiceRecords(Leased, Protocol):
    """The records, see `bot/storage/invoices`. Everything raises `StorageAway`."""

    async def write_intent(
        self, invoice: Invoice, owner: str, now: datetime, *, digest: str = ""
    ) -> bool: ...
    async def lease(self, invoice_id: str, owner: str, now: datetime) -> Invoice | None: ...
    async def take_due(
        self, owner: str, now: datetime, *, before: datetime, most: int
    ) -> list[Invoice]: ...
    async def commit(
        self, old: Invoice, new: Invoice, owner: str, *, place: bool = False
    ) -> bool: ...
    async def release(
        self, old: Invoice, new: Invoice, owner: str, due: datetime | None
    ) -> bool: ...
    async def wish(
        self,
        invoice_id: str,
        wish: Wish,
        now: datetime,
        about: str = "",
        entry: Entry | None = None,
    ) -> bool: ...
    async def get(self, invoice_id: str) -> Invoice | None: ...


class LiveCards(Protocol):
    """Cards beside the seller's own, see `bot/storage/cards`. Everything raises `StorageAway`."""

    async def cards(self, invoice_id: str) -> list[Card]: ...
    async def remove_card(self, invoice_id: str, card: Card) -> None: ...


class Moves(Protocol):
    """Groups that became supergroups, see `bot/storage/moves`. Everything raises `StorageAway`."""

    noted: asyncio.Event

    async def current(self, chat_id: int) -> int: ...
    async def pending(self) -> list[Move]: ...
    async def settings(self, old: int, new: int) -> None: ...
    async def person(self, old: int, new: int, user_id: int) -> None: ...
    async def ids(self, old: int, *, skip: int, most: int) -> list[str]: ...
    async def leave(self, old: int, ids: Iterable[str]) -> None: ...
    async def done(self, old: int) -> None: ...


class OpenDrafts(Protocol):
    """Conversations under way, see `bot/storage/drafts`. Raises `StorageAway`."""

    async def move(self, old: int, new: int) -> list[Place]: ...


class Provider(Protocol):
    """The payment provider, see `bot/cryptocloud`. Everything raises `ProviderError`."""

    async def create(self, new: NewInvoice) -> ProviderInvoice: ...
    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]: ...
    async def walk(self, start: date, end: date) -> Walk: ...
    async def cancel(self, uuid: str) -> None: ...


class Announcer(Protocol):
    """The one who speaks to people about an invoice. Everything raises `MessageError`."""

    async def send(self, invoice: Invoice) -> Card:
        """Show a new card where the invoice was asked for."""

    async def edit(self, invoice: Invoice, card: Card) -> None:
        """Bring a card up to date; one that is, is left alone."""

    async def working(self, invoice: Invoice) -> None:
        """Tell that the invoice is being made, without leaving a trace in the chat."""

    async def ring(self, invoice: Invoice, *, repeated: bool) -> None:
        """Send a message of its own about what the card says now."""

    async def remind(self, invoice: Invoice, card: Card | None) -> None:
        """Remind the seller, or the reader of a live `card`, that the time to pay ends soon."""
