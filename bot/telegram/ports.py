"""What the Telegram side needs from storage. `app.py` hands it the real stores.

Everything here raises `StorageAway`; see `bot/storage` for what each method does.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.attempts import Aside, Begun
from bot.domain.audit import Entry, Spot, Trail
from bot.domain.cards import Card
from bot.domain.chats import ChatSettings
from bot.domain.drafts import Draft, Stored
from bot.domain.history import Cursor, Page
from bot.domain.invoice import Bucket, Invoice
from bot.domain.known import Known
from bot.domain.people import Place, Role, Seller
from bot.domain.webhook import SecretNote


class Chats(Protocol):
    """Settings of chats and what was asked for lately."""

    async def known(self, place: Place) -> Known: ...
    async def save_settings(self, chat_id: int, settings: ChatSettings, entry: Entry) -> None: ...
    async def recent(self, place: Place) -> list[str]: ...


class Drafts(Protocol):
    """Conversations, written by compare-and-set."""

    async def write(
        self,
        place: Place,
        was: Stored,
        draft: Draft | None,
        *,
        update_id: int,
        message_id: int | None,
        language: str,
    ) -> int: ...
    async def note_message(self, place: Place, revision: int, message_id: int) -> None: ...
    async def read(self, place: Place) -> Stored: ...


class UnderWay(Protocol):
    """Where conversations are under way, the youngest first."""

    async def under_way(self, most: int) -> list[Place]: ...


class Alive(Protocol):
    """When a bot of this installation was last there."""

    async def beat(self) -> None: ...
    async def away(self) -> float | None: ...


class OpenCards(Protocol):
    """Live cards beside the seller's own."""

    async def cards(self, invoice_id: str) -> list[Card]: ...
    async def add_card(self, invoice_id: str, card: Card) -> bool: ...
    async def remove_card(self, invoice_id: str, card: Card) -> None: ...


class History(Protocol):
    """Lists and searches of a chat's or a seller's invoices."""

    async def page(self, owner: int, bucket: Bucket, cursor: Cursor | None = None) -> Page: ...
    async def find(self, owner: int, *, uuid: str = "", order: str = "") -> list[Invoice]: ...
    async def find_amount(self, owner: int, amount: Decimal, currency: str) -> list[Invoice]: ...


class Periods(Protocol):
    """The invoices of a period, oldest first, in pages."""

    def between(
        self, owner: int, start: datetime, end: datetime
    ) -> AsyncIterator[list[Invoice]]: ...


class Closed(Protocol):
    """Chats that the bot may not write to."""

    async def is_closed(self, chat_id: int) -> bool: ...
    async def note_closed(self, chat_id: int) -> None: ...
    async def note_open(self, chat_id: int) -> None: ...


class Moved(Protocol):
    """Groups that became supergroups."""

    async def note(self, old: int, new: int) -> None: ...
    async def current(self, chat_id: int) -> int: ...


class Throttle(Protocol):
    """How often somebody may do something. Raises nothing."""

    async def free(self, what: str, *who: int | str) -> bool:
        """Whether one more may be now. Counts nothing."""

    def count(self, what: str, *who: int | str) -> None:
        """Count one that is free, without waiting for it."""

    async def take(self, what: str, *who: int | str) -> int:
        """Count one. 0: it may be; else the seconds to wait."""


class Sellers(Protocol):
    """Who was admitted."""

    async def sellers(self) -> list[Seller]: ...
    async def save_seller(self, seller: Seller, entry: Entry) -> None: ...
    async def remove_seller(self, user_id: int, entry: Entry) -> None: ...
    async def new_invite(self, *, label: str, role: Role, entry: Entry) -> str: ...
    async def redeem(
        self, code: str, user_id: int, now: datetime, *, update_id: int
    ) -> Seller | None: ...


class Audit(Protocol):
    """Who did what."""

    async def note(self, entry: Entry) -> None: ...
    async def page(self, before: Spot | None = None, *, person: int = 0) -> Trail: ...
    async def about(self, invoice_id: str) -> Trail: ...
    async def find(self, uuid: str) -> str | None: ...


class AttemptNotes(Protocol):
    """Which updates are in hand, and which were set aside."""

    async def begun(self) -> Begun: ...
    async def note(
        self, life: str, begun: Collection[int], ended: Iterable[tuple[int, str]]
    ) -> None: ...
    async def set_aside(self, update_id: int, raw: str, lives: Iterable[str]) -> None: ...
    async def aside(self) -> list[Aside]: ...
    async def feed(self, update_id: int, entry: Entry) -> bool: ...
    async def drop(self, update_id: int, entry: Entry) -> bool: ...


class Parking(Protocol):
    """Updates that outlived their batch, and the right to poll."""

    async def park(self, updates: Mapping[int, str]) -> None: ...
    async def unpark(self, update_id: int) -> None: ...
    async def parked(self) -> dict[int, str]: ...
    async def hold_poller(self, owner: str, seconds: float) -> bool: ...
    async def let_go_poller(self, owner: str) -> None: ...


class SecretNotes(Protocol):
    """Which secret Telegram was given, as an HMAC."""

    async def read(self) -> SecretNote: ...
    async def write(self, secret: str, *, former_until: datetime) -> SecretNote: ...


class Turns(Protocol):
    """One turn a chat, held as a lease. `take` gives 1 for yes, 0 for another's, -1 for handled."""

    async def take(self, chat: str, update_id: int, owner: str, now: datetime) -> int: ...
    async def take_knowing(
        self, chat: str, update_id: int, owner: str, now: datetime, place: Place
    ) -> tuple[int, Known | None]:
        """With what is known of a place in the chat when it is taken; None when it is not, or when
        what is there cannot be read."""

    async def end(self, chat: str, update_id: int, owner: str) -> None: ...
    async def forget(self, chat: str, update_id: int) -> None: ...
    async def renew(self, chat: str, owner: str, now: datetime) -> bool: ...
    async def give_back(self, chat: str, owner: str, now: datetime) -> bool: ...
